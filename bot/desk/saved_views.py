"""Saved views: a name for a filter and a search, of one member or of the whole desk, sealed with the desk's sheet."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import chosen, guard
from bot.desk.guard import AtWork, Console, Refused, console
from bot.desk.inbox import Inbox
from bot.desk.queue_view import Choice
from bot.desk.queue_view import chosen as found_by
from bot.desk.refresh import refreshed
from bot.desk.sheet_index import sheet_index
from bot.reports import desk_sheet
from bot.reports.desk_sheet import DeskSheet, View
from bot.reports.worksheet import WorkError
from bot.runtime.desk_sheets import DeskSheets

router = APIRouter()
_ID_BYTES = 8
_FIELDS = frozenset(field.name for field in fields(Choice))


@dataclass(frozen=True)
class Listed:
    """A view in the side bar. `count` is filled in after the page: it takes a search. `shown`: what is seen now."""

    id: str
    name: str
    for_all: bool
    shown: bool
    count: Optional[int] = None


def listed(work: AtWork) -> tuple[Listed, ...]:
    """Return the views that a member sees, without their counts. Blocks."""
    now = chosen.choice(work.session)
    return tuple(
        Listed(view.id, view.name, view.owner is None, _choice(view.choice) == replace(now, page=0))
        for view in desk_sheet.views_of(_leniently(work), work.desk.member.id)
    )


@router.get("/views")
async def counted(request: Request) -> Response:
    """The side bar's list, with how many tickets each view shows."""
    work = await guard.at_work(request)
    parts = console(request)
    views = await asyncio.to_thread(_counted, parts, work)
    return parts.pages.answer(request, "_views.html", {**work.values(), "views": views, "counted": True})


@router.post("/views")
async def save(request: Request) -> Response:
    """Save what the queue shows now, under a name."""
    work = await guard.at_work(request)
    sent = await guard.sent(request, work.session)
    member, everyone = work.desk.member.id, sent.get("everyone") == "1"
    view = View(
        id=secrets.token_hex(_ID_BYTES),
        name=desk_sheet.view_name(sent.get("name", "")),
        owner=None if everyone else member,
        choice=replace(chosen.choice(work.session), page=0).plain(),
    )
    await asyncio.to_thread(_change, work, lambda sheet: desk_sheet.with_view(sheet, view, member))
    return _back(request, work, "view_saved")


@router.post("/views/{view}")
async def show(request: Request, view: str) -> Response:
    """Show what a view shows."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)
    sheet = await asyncio.to_thread(_leniently, work)
    for saved in desk_sheet.views_of(sheet, work.desk.member.id):
        if saved.id == view:
            chosen.choose(work.session, _choice(saved.choice))
            return guard.go(request, "/")
    raise Refused(404, "no_view")


@router.post("/views/{view}/delete")
async def delete(request: Request, view: str) -> Response:
    """Delete a view: one's own, or the desk's."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)
    member = work.desk.member.id
    await asyncio.to_thread(_change, work, lambda sheet: desk_sheet.without_view(sheet, view, member))
    return _back(request, work, "view_deleted")


def _change(work: AtWork, change: Callable[[DeskSheet], DeskSheet]) -> None:
    sheets = DeskSheets(work.desk)
    before = sheets.of_desk()
    if change(before) != before:
        work.desk.note("views")
        sheets.change_of_desk(change)


def _counted(parts: Console, work: AtWork) -> tuple[Listed, ...]:
    views = listed(work)
    if not views:
        return ()
    choices = {view.id: _choice(view.choice) for view in _leniently(work).views}
    tickets = Inbox(refreshed(work.session, work.desk, noted=False))
    sheets = sheet_index(work.session, work.desk)
    return tuple(replace(view, count=tickets.count(found_by(tickets, sheets, choices[view.id]))) for view in views)


def _choice(kept: Mapping[str, Any]) -> Choice:
    """Return a choice as it was kept; what this version does not know any more is left out."""
    return Choice(**{name: value for name, value in kept.items() if name in _FIELDS})


def _leniently(work: AtWork) -> DeskSheet:
    """A sheet that does not open must not keep the desk from its queue; saving to it says what is wrong."""
    try:
        return DeskSheets(work.desk).of_desk()
    except WorkError:
        return desk_sheet.EMPTY


def _back(request: Request, work: AtWork, happened: str) -> Response:
    chosen.say(work.session, happened)
    return guard.go(request, "/")
