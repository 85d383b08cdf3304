"""What a session knows of its desk's worksheets: made by opening them, kept sealed, brought up to date when used."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.desk import rows
from bot.desk.sessions import Session
from bot.reports.worksheet import EMPTY, WorkError, Worksheet
from bot.runtime.desk_session import DeskSession
from bot.runtime.desk_sheets import DeskSheets
from bot.store.records import SheetRecord
from bot.store.sheets import Sheets

_LINES, _WORDS = "sheets", "sheet_words"
_AT_ONCE = 500


class Kept(NamedTuple):
    """What the queue shows of a worksheet; `member` and `name` of who is on the ticket are empty for nobody."""

    tags: tuple[str, ...] = ()
    member: str = ""
    name: str = ""


_NOTHING = Kept()


@dataclass(frozen=True)
class SheetIndex:
    """The worksheets of a desk as one session sees them; `member` is the id of whose session it is."""

    session: Session
    member: str
    lines: Mapping[str, Any]

    def of(self, ticket: str) -> Kept:
        """Return what is kept on a ticket."""
        line = self.lines.get(ticket)
        return _NOTHING if line is None else Kept(tuple(line[1]), line[2], line[3])

    def tags(self) -> tuple[str, ...]:
        """Return the tags in use, in order."""
        return tuple(sorted({tag for line in self.lines.values() for tag in line[1]}))

    def tagged(self, tag: str) -> Collection[str]:
        """Return the tickets with a tag."""
        return {ticket for ticket, line in self.lines.items() if tag in line[1]}

    def mine(self) -> Collection[str]:
        """Return the tickets that whose session this is has taken."""
        return {ticket for ticket, line in self.lines.items() if line[2] == self.member}

    def having(self, part: str) -> Collection[str]:
        """Return the tickets whose notes or tags have one part of a query, as `rows.wanted` returned it."""
        words: dict[str, str] = self.session.get(_WORDS) if self.lines else {}
        return {ticket for ticket, kept in words.items() if part in kept}


def sheet_index(session: Session, desk: DeskSession) -> SheetIndex:
    """Return the worksheets as they are now. Blocks while changed ones are opened.

    Raises:
        StoreUnavailable: they cannot be read.
    """
    marks = {ticket: mark.decode("latin-1") for ticket, mark in Sheets(desk.database).marks(desk.desk).items()}
    lines: dict[str, Any] = session.get(_LINES) if session.holds(_LINES) else {}
    changed = [ticket for ticket, mark in marks.items() if ticket not in lines or lines[ticket][0] != mark]
    gone = lines.keys() - marks.keys()
    if changed or gone:
        words: dict[str, str] = session.get(_WORDS) if session.holds(_WORDS) else {}
        for ticket in gone:
            del lines[ticket], words[ticket]
        _open(desk, changed, marks, lines, words)
        session.put(_LINES, lines)
        session.put(_WORDS, words)
    return SheetIndex(session, desk.member.id, lines)


def _open(
    desk: DeskSession, tickets: list[str], marks: dict[str, str], lines: dict[str, Any], words: dict[str, str]
) -> None:
    sheets, store = DeskSheets(desk), Sheets(desk.database)
    for start in range(0, len(tickets), _AT_ONCE):
        for record in store.some(tickets[start : start + _AT_ONCE]):
            sheet = _leniently(sheets, record)
            taken = sheet.taken
            who = (taken.member, taken.name) if taken else ("", "")
            lines[record.of] = [marks[record.of], list(sheet.tags), *who]
            words[record.of] = rows.also_searchable([*(note.text for note in sheet.notes), *sheet.tags])


def _leniently(sheets: DeskSheets, record: SheetRecord) -> Worksheet:
    """One that does not open hides no other, nor its ticket, whose page says so."""
    try:
        return sheets.read(record)
    except WorkError:
        return EMPTY
