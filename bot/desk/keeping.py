"""How long a ticket is kept: a hold on it, the end of a hold, and that it is kept elsewhere now."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import at_ticket, guard
from bot.desk.guard import AtWork, Console, Refused, console
from bot.runtime import keeping as terms
from bot.runtime.desk_session import DeskError, DeskSession
from bot.store.records import HOLD_REASONS

router = APIRouter()


@router.post("/tickets/{identifier}/hold")
async def hold(request: Request, identifier: str) -> Response:
    """Keep a ticket beyond its term."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    until, reason = _day(fields.get("until", "")), fields.get("reason", "")
    if reason not in HOLD_REASONS:
        raise Refused(400, "malformed")
    if until is None:
        return at_ticket.back(request, work, identifier, "hold_when")
    return await _done(request, work, identifier, lambda desk, id: terms.hold(desk, id, until, reason), "hold")


@router.post("/tickets/{identifier}/release")
async def release(request: Request, identifier: str) -> Response:
    """End a hold."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)
    return await _done(request, work, identifier, terms.release, "release")


@router.post("/tickets/{identifier}/exported")
async def exported(request: Request, identifier: str) -> Response:
    """Note that an accepted ticket is kept elsewhere now."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    if fields.get("sure") != "1":
        return at_ticket.back(request, work, identifier, "exported_unsure")
    return await _done(request, work, identifier, terms.confirm_export, "exported")


async def _done(
    request: Request, work: AtWork, identifier: str, act: Callable[[DeskSession, str], object], what: str
) -> Response:
    done = await asyncio.to_thread(_try, console(request), work, identifier, act)
    return at_ticket.back(request, work, identifier, f"done_{what}" if done else f"not_done_{what}")


def _try(parts: Console, work: AtWork, identifier: str, act: Callable[[DeskSession, str], object]) -> bool:
    """Return whether it was done: not where the store, which has the last word, says that it cannot be."""
    record, _ = at_ticket.readable(parts, work, identifier)
    try:
        act(work.desk, record.id)
    except DeskError:
        return False
    return True


def _day(text: str) -> Optional[date]:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
