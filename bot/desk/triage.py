"""Triage: the queue, and deciding about tickets in it."""

import asyncio
import re
from datetime import datetime, timezone
from typing import Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import guard
from bot.desk.guard import AtWork, Console, Refused, console
from bot.desk.inbox import inbox
from bot.desk.queue_view import Choice, queue_view
from bot.desk.ticket_view import ticket_view
from bot.reports.links import Link
from bot.reports.notes import OUTCOMES
from bot.runtime.desk_session import Opened
from bot.runtime.desk_talk import TalkError
from bot.runtime.linking import links_of
from bot.runtime.upkeep import bring_up

router = APIRouter()
_CHOICE, _HAPPENED = "choice", "happened"
_ID = re.compile("[0-9a-f]{32}")
_ACTIONS = {"accepted": "accept", "rejected": "reject", "done": "close"}
"""How the audit log calls a decision, by the state that a ticket comes into."""


@router.get("/")
async def queue(request: Request) -> Response:
    """The queue, as the member last chose to see it."""
    work = await guard.at_work(request)
    await asyncio.to_thread(_begin, work)
    return await _queue(request, work, "queue.html", noted=True)


@router.post("/queue")
async def choose(request: Request) -> Response:
    """Choose what the queue shows. The choice stays in the session, so the address says nothing of it."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    work.session.put(_CHOICE, Choice.from_form(fields).plain())
    return await _queue_again(request, work)


@router.get("/tickets/{identifier}")
async def ticket(request: Request, identifier: str) -> Response:
    """One ticket."""
    work = await guard.at_work(request)
    parts = console(request)
    opened, links = await asyncio.to_thread(_show, parts, work, identifier)
    view = ticket_view(opened, links, parts.pages.words(request), parts.indicators)
    values = {**work.values(), "ticket": view, "outcomes": OUTCOMES}
    return parts.pages.answer(request, "ticket.html", values, 200, _take_happened(work))


@router.post("/tickets/{identifier}/state")
async def decide(request: Request, identifier: str) -> Response:
    """Accept a ticket, reject it, or close it with an outcome."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    state, outcome = fields.get("state", ""), fields.get("outcome")
    if state not in _ACTIONS or (outcome in OUTCOMES) != (state == "done"):
        raise Refused(400, "malformed")
    moved = await asyncio.to_thread(_move, console(request), work, identifier, state, outcome)
    work.session.put(_HAPPENED, [f"moved_{state}" if moved else "moved_by_another"])
    if fields.get("from") == "queue":
        return await _queue_again(request, work)
    return guard.go(request, f"/tickets/{identifier}")


def _open(parts: Console, work: AtWork, identifier: str) -> Opened:
    """Return a ticket of the member's own desk.

    Raises:
        Refused: the desk has no such ticket, or nothing of it is left.
    """
    record = parts.doors.tickets.get(identifier) if _ID.fullmatch(identifier) else None
    if record is None or record.desk != work.desk.desk or record.sealed_body is None:
        raise Refused(404, "no_ticket")
    return work.desk.open(record)


def _begin(work: AtWork) -> None:
    """Note that the queue is looked at, and bring its tickets up to date."""
    work.desk.note("list")
    bring_up(work.desk)


def _show(parts: Console, work: AtWork, identifier: str) -> tuple[Opened, tuple[Link, ...]]:
    opened = _open(parts, work, identifier)
    work.desk.note("show", identifier)
    return opened, links_of(work.desk, opened.record, opened.content) if opened.content else ()


def _move(parts: Console, work: AtWork, identifier: str, state: str, outcome: Optional[str]) -> bool:
    """Decide, and tell the reporter so; False where someone else was faster, or the ticket was taken back."""
    record = _open(parts, work, identifier).record
    work.desk.note(_ACTIONS[state], record.id)
    try:
        work.desk.talk.decide(record, state, outcome)
    except TalkError:
        return False
    bring_up(work.desk)
    return True


async def _queue_again(request: Request, work: AtWork) -> Response:
    """Answer htmx with the part that changed, and a browser without it with the whole page."""
    if request.headers.get("hx-request") == "true":
        return await _queue(request, work, "_part.html")
    return guard.go(request, "/")


async def _queue(request: Request, work: AtWork, template: str, *, noted: bool = False) -> Response:
    parts = console(request)
    words = parts.pages.words(request)
    choice = Choice(**work.session.get(_CHOICE)) if work.session.holds(_CHOICE) else Choice()
    found = await asyncio.to_thread(inbox, work.session, work.desk, parts.doors.tickets, noted=noted)
    now = datetime.now(timezone.utc)
    view = queue_view(found, choice, words, now, parts.site.retention.alert_unread_after_days)
    return parts.pages.answer(request, template, {**work.values(), "queue": view}, 200, _take_happened(work))


def _take_happened(work: AtWork) -> list[str]:
    """Return what just happened, once."""
    happened: list[str] = work.session.get(_HAPPENED) if work.session.holds(_HAPPENED) else []
    work.session.drop(_HAPPENED)
    return happened
