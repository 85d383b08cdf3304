"""Doing one thing to many tickets: first shown, then done a few at a time, so that it can be watched and stopped.

The keys of a desk are open only while a request holds the cookie. So nothing goes on in the background: each
request does as much as fits into a moment, and the page asks for more until nothing is left.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import at_ticket, bulk_view, chosen, deciding, guard, working
from bot.desk.bulk_view import DONE, Bulk
from bot.desk.guard import AtWork, Console, Refused, console
from bot.desk.inbox import Inbox
from bot.desk.queue_view import chosen as shown_by
from bot.desk.refresh import refreshed
from bot.desk.sheet_index import SheetIndex, sheet_index
from bot.reports import worksheet
from bot.reports.worksheet import WorkError
from bot.store.errors import StoreUnavailable

router = APIRouter()
_BULK = "bulk"
_MOMENT_SECONDS = 0.7
_MOST_FIELDS = 60
"""A page of tickets, and what is asked about them."""


@router.post("/bulk")
async def ask(request: Request) -> Response:
    """Show what would be done to the chosen tickets, and what their reporters would read."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session, most_fields=_MOST_FIELDS)
    picked = await asyncio.to_thread(_with_copies, work, bulk_view.picked(fields))
    bulk = bulk_view.from_form(secrets.token_hex(8), fields, picked)
    if bulk is None:
        raise Refused(400, "malformed")
    parts = console(request)
    sorted_out = await asyncio.to_thread(_sort_out, parts, work, bulk)
    work.session.put(_BULK, sorted_out.plain())
    return _page(request, work, sorted_out, "bulk_sure.html")


@router.post("/bulk/go")
async def go_on(request: Request) -> Response:
    """Do the next few, and show how far it has come."""
    work = await guard.at_work(request)
    bulk = await _kept(request, work)
    if bulk is None:
        return guard.go(request, "/")
    after = await asyncio.to_thread(_some, console(request), work, bulk)
    return _page(request, work, after, "_bulk.html" if guard.by_htmx(request) else "bulk.html")


@router.post("/bulk/undo")
async def undo(request: Request) -> Response:
    """Take a tag off again where it was just put."""
    work = await guard.at_work(request)
    bulk = await _kept(request, work)
    if bulk is None or bulk.action != "tag" or bulk.waiting:
        return guard.go(request, "/")
    left = await asyncio.to_thread(_untag, work, bulk)
    undone = replace(bulk, results=left, undone=True)
    work.session.put(_BULK, undone.plain())
    return _page(request, work, undone, "bulk.html")


def _with_copies(work: AtWork, picked: Sequence[str]) -> Sequence[str]:
    """Return the chosen tickets, and of a folded line all that stand in it as the queue shows it."""
    choice, index = chosen.choice(work.session), refreshed(work.session, work.desk, noted=False)
    if choice.lane or index.waiting or not picked:
        return picked
    inbox = Inbox(index)
    lanes = np.logical_or.reduce([inbox.lane(ticket) for ticket in picked])
    copies = inbox.ids(lanes & shown_by(inbox, sheet_index(work.session, work.desk), choice))
    return tuple(dict.fromkeys((*picked, *copies)))


async def _kept(request: Request, work: AtWork) -> Optional[Bulk]:
    """Return what the member is doing, if the form is of this one."""
    fields = await guard.sent(request, work.session)
    bulk = Bulk.from_plain(work.session.get(_BULK)) if work.session.holds(_BULK) else None
    return bulk if bulk is not None and bulk.id == fields.get("bulk") else None


def _page(request: Request, work: AtWork, bulk: Bulk, template: str) -> Response:
    parts = console(request)
    words = parts.pages.words(request)
    told = parts.told.decision(bulk.action, bulk.outcome, words.language) if bulk.action != "tag" else ""
    failed = tuple((ticket, result) for ticket, result in bulk.results if result != DONE)
    values = {**work.values(), "bulk": bulk, "told": told, "failed": failed}
    return parts.pages.answer(request, template, values)


def _sort_out(parts: Console, work: AtWork, bulk: Bulk) -> Bulk:
    """Return it with those dealt with that it cannot be done to: each says why before anybody agrees."""
    sheets = sheet_index(work.session, work.desk)
    for ticket in bulk.waiting:
        result = _hindrance(parts, work, sheets, bulk, ticket)
        if result is not None:
            bulk = bulk.after(ticket, result)
    return bulk


def _hindrance(parts: Console, work: AtWork, sheets: SheetIndex, bulk: Bulk, ticket: str) -> Optional[str]:
    try:
        record = at_ticket.record_of(parts, work, ticket)
    except Refused as refused:
        return refused.text
    kept = sheets.of(ticket)
    if bulk.action == "tag":
        return "bulk_tagged_before" if bulk.tag in kept.tags else None
    if kept.member not in ("", work.desk.member.id):
        return "bulk_taken"
    return None if deciding.steps(record.state, bulk.action, bulk.outcome) else "bulk_wrong_state"


def _some(parts: Console, work: AtWork, bulk: Bulk) -> Bulk:
    """Do as many as fit into a moment. What was done is noted after each, so that nothing is done twice."""
    until = time.monotonic() + _MOMENT_SECONDS
    if bulk.action == "tag" and bulk.waiting:
        working.list_tag(work, bulk.tag)
    while bulk.waiting and time.monotonic() < until:
        ticket = bulk.waiting[0]
        bulk = bulk.after(ticket, _one(parts, work, bulk, ticket))
        work.session.put(_BULK, bulk.plain())
    return bulk


def _one(parts: Console, work: AtWork, bulk: Bulk, ticket: str) -> str:
    """Do it to one ticket; return the id of the text that says what became of it."""
    try:
        if bulk.action == "tag":
            at_ticket.record_of(parts, work, ticket)
            return DONE if _tag(work, bulk.tag, ticket) else "bulk_tagged_before"
        return DONE if deciding.decide(parts, work, ticket, bulk.action, bulk.outcome) else "moved_by_another"
    except Refused as refused:
        return refused.text
    except WorkError as error:
        return f"work_{error.reason}"
    except StoreUnavailable:
        return "bulk_not_stored"


def _tag(work: AtWork, tag: str, ticket: str) -> bool:
    return working.apply(work, ticket, "tag", lambda sheet: worksheet.with_tag(sheet, tag))


def _untag(work: AtWork, bulk: Bulk) -> tuple[tuple[str, str], ...]:
    """Take the tag off where it was put; return what could not be undone."""
    left = []
    for ticket in bulk.succeeded:
        try:
            working.apply(work, ticket, "untag", lambda sheet: worksheet.without_tag(sheet, bulk.tag))
        except WorkError as error:
            left.append((ticket, f"work_{error.reason}"))
    return tuple(left)
