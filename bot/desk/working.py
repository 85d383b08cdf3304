"""Working on a ticket: notes, tags, and who is on it. Hidden from whoever reported."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import at_ticket, chosen, guard
from bot.desk.guard import AtWork, console
from bot.desk.sessions import Session
from bot.desk.sheet_view import SheetView, sheet_view
from bot.desk.words import Words
from bot.reports import desk_sheet, worksheet
from bot.reports.worksheet import MOST_CHARACTERS, Taken, WorkError, WorkNote, Worksheet
from bot.runtime.desk_sheets import DeskSheets

router = APIRouter()
_OWN_NOTES = "own_notes"
"""The drawer with the ids of the notes that this session wrote: those may still be edited."""
_ID_BYTES = 8
_LONGEST_FORM = 2 * MOST_CHARACTERS
Change = Callable[[Worksheet], Worksheet]


def shown(work: AtWork, identifier: str, words: Words) -> Optional[SheetView]:
    """Return what a ticket's page shows of its worksheet; None where it does not open. Blocks."""
    sheets = DeskSheets(work.desk)
    try:
        sheet, known = sheets.on_ticket(identifier), sheets.of_desk().tags
    except WorkError:
        return None
    return sheet_view(sheet, work.desk.member.id, _own(work.session), known, words)


@router.post("/tickets/{identifier}/notes")
async def write_note(request: Request, identifier: str) -> Response:
    """Write a note."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session, _LONGEST_FORM)
    member = work.desk.member
    note = WorkNote(
        id=secrets.token_hex(_ID_BYTES),
        at=_now(),
        member=member.id,
        name=member.name,
        text=worksheet.note_text(fields.get("text", "")),
    )
    await _change(request, work, identifier, "note", lambda sheet: worksheet.with_note(sheet, note))
    work.session.put(_OWN_NOTES, [*_own(work.session), note.id])
    return _back(request, work, identifier, "note_written")


@router.post("/tickets/{identifier}/notes/{note}")
async def edit_note(request: Request, identifier: str, note: str) -> Response:
    """Edit a note that this session wrote."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session, _LONGEST_FORM)
    text, member, own = worksheet.note_text(fields.get("text", "")), work.desk.member.id, _own(work.session)

    def change(sheet: Worksheet) -> Worksheet:
        if note not in own:
            raise WorkError("note_not_yours")
        return worksheet.with_note_edited(sheet, note, member, text, _now())

    await _change(request, work, identifier, "edit_note", change)
    return _back(request, work, identifier, "note_changed")


@router.post("/tickets/{identifier}/tags")
async def add_tag(request: Request, identifier: str) -> Response:
    """Add a tag to a ticket, and to the desk's list."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    tag = worksheet.tag_of(fields.get("tag", ""))
    await _change(request, work, identifier, "tag", lambda sheet: worksheet.with_tag(sheet, tag))
    await asyncio.to_thread(list_tag, work, tag)
    return _back(request, work, identifier, "tag_added")


@router.post("/tickets/{identifier}/tags/remove")
async def remove_tag(request: Request, identifier: str) -> Response:
    """Take a tag off a ticket."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    tag = fields.get("tag", "")
    await _change(request, work, identifier, "untag", lambda sheet: worksheet.without_tag(sheet, tag))
    return _back(request, work, identifier, "tag_removed")


@router.post("/tickets/{identifier}/take")
async def take(request: Request, identifier: str) -> Response:
    """Say that this member is on the ticket; with `over`, also where someone else is."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session)
    member, over = work.desk.member, fields.get("over") == "1"
    taken = Taken(member=member.id, name=member.name, at=_now())
    await _change(request, work, identifier, "take", lambda sheet: worksheet.taken_by(sheet, taken, over=over))
    return _back(request, work, identifier, "taken_now")


@router.post("/tickets/{identifier}/let-go")
async def let_go(request: Request, identifier: str) -> Response:
    """Say that this member is no longer on the ticket."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)
    member = work.desk.member.id
    await _change(request, work, identifier, "let_go", lambda sheet: worksheet.let_go(sheet, member))
    return _back(request, work, identifier, "let_go_now")


def apply(work: AtWork, identifier: str, action: str, change: Change) -> bool:
    """Change the worksheet on a ticket, in the audit log first; return whether that made a difference. Blocks.

    What cannot be done, or changes nothing, leaves no trace in the log.

    Raises:
        WorkError: it cannot be changed so.
    """
    sheets = DeskSheets(work.desk)
    before = sheets.on_ticket(identifier)
    if change(before) == before:
        return False
    work.desk.note(action, identifier)
    return sheets.change(identifier, change)


def list_tag(work: AtWork, tag: str) -> None:
    """Put a tag on the desk's list, from which it is chosen the next time. Blocks."""
    DeskSheets(work.desk).change_of_desk(lambda sheet: desk_sheet.with_listed_tag(sheet, tag))


async def _change(request: Request, work: AtWork, identifier: str, action: str, change: Change) -> None:
    parts = console(request)

    def carried_out() -> None:
        at_ticket.record_of(parts, work, identifier)
        apply(work, identifier, action, change)

    await asyncio.to_thread(carried_out)


def _back(request: Request, work: AtWork, identifier: str, happened: str) -> Response:
    chosen.say(work.session, happened)
    return guard.go(request, f"/tickets/{identifier}#worksheet")


def _own(session: Session) -> list[str]:
    own: list[str] = session.get(_OWN_NOTES) if session.holds(_OWN_NOTES) else []
    return own


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)
