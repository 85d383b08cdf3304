"""Triage: the queue, and deciding about tickets in it."""

import asyncio
from datetime import datetime, timezone

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import around, at_ticket, chosen, deciding, guard, saved_views, working
from bot.desk.deciding import ACTIONS
from bot.desk.guard import AtWork, Console, Refused, console
from bot.desk.inbox import Inbox
from bot.desk.index import Index, begun
from bot.desk.index import state as index_state
from bot.desk.queue_view import Beside, Choice, QueueView, queue_view
from bot.desk.refresh import refreshed
from bot.desk.sheet_index import sheet_index
from bot.desk.ticket_view import ticket_view
from bot.desk.translate.shown import translated
from bot.reports.links import Link
from bot.reports.notes import OUTCOMES
from bot.runtime.desk_session import Opened
from bot.runtime.linking import links_of
from bot.runtime.upkeep import bring_up
from bot.store.standings import withdrawn

router = APIRouter()
_BEHIND_AT_ONCE = 500
"""Tickets that one request makes findable for links at the most."""


@router.get("/")
async def queue(request: Request) -> Response:
    """The queue, as the member last chose to see it."""
    work = await guard.at_work(request)
    behind = await asyncio.to_thread(_begin, work)
    return await _queue(request, work, "queue.html", noted=True, behind=behind)


@router.post("/queue")
async def choose(request: Request) -> Response:
    """Choose what the queue shows. The choice stays in the session, so the address says nothing of it."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    chosen.choose(work.session, Choice.from_form(fields))
    return await _queue_again(request, work)


@router.post("/reading")
async def read_on(request: Request) -> Response:
    """Go on opening tickets, where that takes more than one request."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)
    behind = await asyncio.to_thread(bring_up, work.desk, most=_BEHIND_AT_ONCE)
    index = await asyncio.to_thread(refreshed, work.session, work.desk, noted=False)
    if behind < _BEHIND_AT_ONCE and not index.waiting:
        return guard.go(request, "/")
    if guard.by_htmx(request):
        return _reading(request, work, index, "_reading.html")
    return guard.go(request, "/")


@router.get("/tickets/{identifier}")
async def ticket(request: Request, identifier: str) -> Response:
    """One ticket."""
    work = await guard.at_work(request)
    parts = console(request)
    words = parts.pages.words(request)
    opened, links = await asyncio.to_thread(_show, parts, work, identifier)
    view = ticket_view(opened, links, words, parts.indicators)
    beside = await asyncio.to_thread(around.values, parts, work, opened, words)
    sheet = await asyncio.to_thread(working.shown, work, identifier, words)
    machine = translated(work.session, identifier, words.language, parts.translator)
    values = {**work.values(), "ticket": view, "outcomes": OUTCOMES, "sheet": sheet, "translated": machine, **beside}
    return parts.pages.answer(request, "ticket.html", values, 200, chosen.said(work.session))


@router.post("/tickets/{identifier}/state")
async def decide(request: Request, identifier: str) -> Response:
    """Accept a ticket, reject it, or close it with an outcome."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    state, outcome = fields.get("state", ""), fields.get("outcome")
    if state not in ACTIONS or (outcome in OUTCOMES) != (state == "done"):
        raise Refused(400, "malformed")
    moved = await asyncio.to_thread(deciding.decide, console(request), work, identifier, state, outcome)
    chosen.say(work.session, f"moved_{state}" if moved else "moved_by_another")
    if fields.get("from") == "queue":
        return await _queue_again(request, work)
    return guard.go(request, f"/tickets/{identifier}")


def _begin(work: AtWork) -> int:
    """Note that the queue is looked at, and bring its tickets up to date, as many as one request may.

    Once a session has all of them, those that come in later wait for the next decision: looking stays fast.
    """
    work.desk.note("list")
    if begun(work.session) and not index_state(work.session).waiting:
        return 0
    return bring_up(work.desk, most=_BEHIND_AT_ONCE)


def _show(parts: Console, work: AtWork, identifier: str) -> tuple[Opened, tuple[Link, ...]]:
    opened = at_ticket.open_ticket(parts, work, identifier)
    work.desk.note("show", identifier)
    return opened, _links(work, opened) if opened.content else ()


def _links(work: AtWork, opened: Opened) -> tuple[Link, ...]:
    """Return a ticket's links, from the session's index if that has all tickets, else from the database's."""
    assert opened.content is not None
    known = None
    # Whoever comes straight to a ticket does not wait for the whole queue to be read.
    if begun(work.session) and not index_state(work.session).waiting:
        index = refreshed(work.session, work.desk, noted=False)
        known = None if index.waiting else Inbox(index).links(opened.record.id, work.desk.leads.of(opened.content))
    return links_of(work.desk, opened.record, opened.content) if known is None else known


async def _queue_again(request: Request, work: AtWork) -> Response:
    """Answer htmx with the part that changed, and a browser without it with the whole page."""
    if guard.by_htmx(request):
        return await _queue(request, work, "_part.html")
    return guard.go(request, "/")


async def _queue(request: Request, work: AtWork, template: str, *, noted: bool = False, behind: int = 0) -> Response:
    index = await asyncio.to_thread(refreshed, work.session, work.desk, noted=noted)
    if index.waiting or behind >= _BEHIND_AT_ONCE:
        return _reading(request, work, index, "reading.html")
    view = await asyncio.to_thread(_view, request, work, index)
    views = await asyncio.to_thread(saved_views.listed, work)
    values = {**work.values(), "queue": view, "outcomes": OUTCOMES, "views": views, "counted": False}
    return console(request).pages.answer(request, template, values, 200, chosen.said(work.session))


def _view(request: Request, work: AtWork, index: Index) -> QueueView:
    parts, desk = console(request), work.desk
    taken_back = withdrawn(desk.database, desk.desk)
    now = datetime.now(timezone.utc)
    beside = Beside(sheet_index(work.session, desk), taken_back, now, parts.site.retention)
    return queue_view(Inbox(index), beside, chosen.choice(work.session), parts.pages.words(request))


def _reading(request: Request, work: AtWork, index: Index, template: str) -> Response:
    """Show how far the tickets are read; that page asks to go on."""
    done = len(index.table)
    values = {**work.values(), "done": done, "all": done + index.waiting}
    return console(request).pages.answer(request, template, values)
