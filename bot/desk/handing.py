"""Across desks: handing a ticket on, asking who else follows its leads, and taking a copy of it out."""

import asyncio
from datetime import datetime, timezone

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import around, at_ticket, chosen, guard, handing_view
from bot.desk.guard import AtWork, Console, Refused, console
from bot.desk.words import Words
from bot.runtime import exporting
from bot.runtime.desk_session import DeskError
from bot.runtime.handing_on import Refusal, elsewhere, hand_on

router = APIRouter()
_FORMS = ("htcds", "whole")


@router.post("/tickets/{identifier}/transfer")
async def transfer(request: Request, identifier: str) -> Response:
    """Hand a ticket on to another desk of the site."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    parts, reason = console(request), fields.get("reason", "").strip()
    if fields.get("to", "") not in {desk.id for desk in parts.site.desks}:
        raise Refused(400, "malformed")
    if not reason or fields.get("sure") != "1":
        return at_ticket.back(request, work, identifier, "transfer_unsure")
    refused = await asyncio.to_thread(_hand_on, parts, work, identifier, fields["to"], reason)
    if refused:
        return at_ticket.back(request, work, identifier, refused)
    chosen.say(work.session, "handed_on")
    return guard.go(request, "/")


@router.post("/tickets/{identifier}/others")
async def others(request: Request, identifier: str) -> Response:
    """Ask which other desks follow the leads of an accepted ticket."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    happened = await asyncio.to_thread(_ask, console(request), work, identifier, fields.get("reason", ""))
    return at_ticket.back(request, work, identifier, happened)


@router.post("/tickets/{identifier}/export")
async def export(request: Request, identifier: str) -> Response:
    """Give a ticket out as a file; nothing of it is written on this machine."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    form = fields.get("form", "")
    if form not in _FORMS:
        raise Refused(400, "malformed")
    content = await asyncio.to_thread(_export, console(request), work, identifier, form)
    name = f"ticket-{identifier[:8]}-{form}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)


def _hand_on(parts: Console, work: AtWork, identifier: str, to: str, reason: str) -> str:
    """Hand a ticket on; return the id of the text that says why not, or nothing."""
    record, _ = at_ticket.readable(parts, work, identifier)
    try:
        hand_on(work.desk, record.id, to, reason)
    except Refusal as refusal:
        return f"not_handed_{refusal.code}"
    except DeskError:
        return "not_handed_changed"
    return ""


def _ask(parts: Console, work: AtWork, identifier: str, reason: str) -> str:
    """Ask other desks, and keep the answer in the session; return the id of the text that says how that went."""
    record, _ = at_ticket.readable(parts, work, identifier)
    try:
        found = elsewhere(work.desk, record.id, reason)
    except Refusal as refusal:
        return f"not_asked_{refusal.code}"
    except DeskError:
        return "not_handed_changed"
    when = Words.moment(datetime.now(timezone.utc))
    work.session.put(around.ELSEWHERE, {"ticket": record.id, "when": when, "hits": handing_view.plain(found)})
    return "asked_others" if found else "asked_others_none"


def _export(parts: Console, work: AtWork, identifier: str, form: str) -> str:
    record, content = at_ticket.readable(parts, work, identifier)
    work.desk.note("export", record.id)
    exported = (
        exporting.htcds(record, content) if form == "htcds" else exporting.whole(work.desk, work.desk.open(record))
    )
    return exported + "\n"
