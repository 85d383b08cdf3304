"""A worksheet: what a desk keeps on a ticket for itself, hidden from whoever reported. Pure.

Notes, tags, and who is on the ticket, so that no two people answer one reporter.
"""

import unicodedata
from datetime import datetime
from typing import Any, Optional

from pydantic import Field, ValidationError

from bot.reports.ticket import Sealed
from bot.reports.visible import unmasked

MOST_CHARACTERS = 2000
"""Longest text of a note."""
MOST_NOTES = 100
MOST_TAGS = 12
LONGEST_TAG = 30


class WorkError(Exception):
    """A worksheet cannot be changed so; `reason` is a code that the desk has a sentence for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WorkNote(Sealed):
    """A note. `member` is the id of who wrote it, `name` their login name then; `edited`: when last, if ever."""

    id: str
    at: datetime
    member: str
    name: str
    text: str = Field(max_length=MOST_CHARACTERS)
    edited: Optional[datetime] = None


class Taken(Sealed):
    """Who is on a ticket, and since when."""

    member: str
    name: str
    at: datetime


class Worksheet(Sealed):
    """What a desk keeps on one ticket for itself; notes are in the order they were written."""

    notes: tuple[WorkNote, ...] = ()
    tags: tuple[str, ...] = ()
    taken: Optional[Taken] = None


EMPTY = Worksheet()


def with_note(sheet: Worksheet, note: WorkNote) -> Worksheet:
    """Return a worksheet with one more note.

    Raises:
        WorkError: `notes_full`.
    """
    if len(sheet.notes) >= MOST_NOTES:
        raise WorkError("notes_full")
    return sheet.copy(update={"notes": (*sheet.notes, note)})


def with_note_edited(sheet: Worksheet, id: str, member: str, text: str, at: datetime) -> Worksheet:
    """Return a worksheet in which a member's own note says something else.

    Raises:
        WorkError: `note_not_yours`, also where there is no such note.
    """
    if not any(note.id == id and note.member == member for note in sheet.notes):
        raise WorkError("note_not_yours")
    changed = (note.copy(update={"text": text, "edited": at}) if note.id == id else note for note in sheet.notes)
    return sheet.copy(update={"notes": tuple(changed)})


def note_text(typed: str) -> str:
    """Return the words of a note as they are kept.

    Raises:
        WorkError: `note_empty` or `note_long`.
    """
    text = "\n".join(typed.replace("\r\n", "\n").split("\r")).strip()
    if not text:
        raise WorkError("note_empty")
    if len(text) > MOST_CHARACTERS:
        raise WorkError("note_long")
    return text


def tag_of(typed: str) -> str:
    """Return a tag as it is kept: one line, plainly visible, in lower case, so that equal ones are equal.

    Raises:
        WorkError: `tag_unfit`: there are no words, or too many.
    """
    tag = " ".join(unmasked(" ".join(unicodedata.normalize("NFKC", typed).split())).casefold().split())
    if not tag or len(tag) > LONGEST_TAG:
        raise WorkError("tag_unfit")
    return tag


def with_tag(sheet: Worksheet, tag: str) -> Worksheet:
    """Return a worksheet with a tag.

    Raises:
        WorkError: `tags_full`.
    """
    if tag in sheet.tags:
        return sheet
    if len(sheet.tags) >= MOST_TAGS:
        raise WorkError("tags_full")
    return sheet.copy(update={"tags": tuple(sorted((*sheet.tags, tag)))})


def without_tag(sheet: Worksheet, tag: str) -> Worksheet:
    """Return a worksheet without a tag."""
    return sheet.copy(update={"tags": tuple(kept for kept in sheet.tags if kept != tag)})


def taken_by(sheet: Worksheet, taken: Taken, *, over: bool = False) -> Worksheet:
    """Return a worksheet that says who is on its ticket; `over`: also where someone else is on it.

    Raises:
        WorkError: `taken`: someone else is on it.
    """
    now = sheet.taken
    if now is not None and now.member != taken.member and not over:
        raise WorkError("taken")
    return sheet if now is not None and now.member == taken.member else sheet.copy(update={"taken": taken})


def let_go(sheet: Worksheet, member: str) -> Worksheet:
    """Return a worksheet whose ticket this member is no longer on."""
    return sheet.copy(update={"taken": None}) if sheet.taken and sheet.taken.member == member else sheet


def to_bytes(sheet: Worksheet) -> bytes:
    """Return a worksheet as it is sealed."""
    return sheet.json(exclude_none=True, ensure_ascii=False).encode("utf-8")


def from_bytes(content: bytes) -> Worksheet:
    """Return the worksheet of a sealed content.

    Raises:
        WorkError: `damaged`: it is none.
    """
    sheet: Worksheet = read_as(Worksheet, content)
    return sheet


def read_as(kind: Any, content: bytes) -> Any:
    """Return a sealed content as one kind of sheet.

    Raises:
        WorkError: `damaged`: it is none.
    """
    try:
        return kind.parse_raw(content)
    except (ValidationError, ValueError):
        # Not chained: the message would quote the words.
        raise WorkError("damaged") from None
