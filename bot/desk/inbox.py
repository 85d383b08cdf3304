"""A session's own index of its desk's tickets: made by opening them, kept sealed, brought up to date when used.

Two drawers: what the queue shows of each ticket, and the words by which tickets are searched, which are opened
only for a search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from bot.desk import rows
from bot.desk.rows import Row
from bot.desk.sessions import Session
from bot.runtime.desk_session import DeskSession
from bot.store.records import Standing
from bot.store.standings import standings as standings_of
from bot.store.tickets import Tickets

_LINES, _WORDS = "lines", "words"
_AT_ONCE = 500
"""Sealed tickets in memory at a time."""


class Entry(NamedTuple):
    """One ticket of the index: `known` is what `rows.kept` returned. Only what is shown becomes a row."""

    id: str
    state: str
    day: date
    known: dict[str, Any]

    def row(self) -> Row:
        """Return the ticket's line."""
        return rows.row(self.id, self.state, self.day, self.known)


@dataclass(frozen=True)
class Inbox:
    """The tickets of a desk as one session sees them, in the order of the queue."""

    session: Session
    entries: tuple[Entry, ...]

    def found(self, query: str) -> tuple[Entry, ...]:
        """Return the tickets that have every part of a query; all of them for an empty one."""
        parts = rows.wanted(query)
        if not parts:
            return self.entries
        words = self.session.get(_WORDS)
        return tuple(
            entry for entry in self.entries if all(rows.fits(part, entry.id, words.get(entry.id, "")) for part in parts)
        )


def inbox(session: Session, desk: DeskSession, tickets: Tickets, *, noted: bool) -> Inbox:
    """Return the index of a session, in the order of the queue. Blocks while new tickets are opened.

    Args:
        noted: whether the audit log tells of this look already; otherwise it does before a new ticket is opened.

    Raises:
        StoreUnavailable, KeyFolderError: the tickets cannot be read, or the audit log cannot be written.
    """
    standings = {standing.id: standing for standing in standings_of(desk.database, desk.desk)}
    lines: dict[str, Any] = session.get(_LINES) if session.holds(_LINES) else {}
    present = {id for id, standing in standings.items() if standing.sealing is not None}
    new = [standings[id] for id in present if not _known(standings[id], lines)]
    if new and not noted:
        desk.note("list")
    if new or not session.holds(_LINES) or lines.keys() - present:
        lines = _updated(session, desk, tickets, lines, new, present)
    entries = (Entry(id, standings[id].state, standings[id].day, known) for id, (_, known) in lines.items())
    return Inbox(session, tuple(entries))


def _known(standing: Standing, lines: dict[str, Any]) -> bool:
    return standing.id in lines and lines[standing.id][0] == _mark(standing)


def _mark(standing: Standing) -> str:
    return (standing.sealing or b"").decode("latin-1")


def _updated(
    session: Session,
    desk: DeskSession,
    tickets: Tickets,
    lines: dict[str, Any],
    new: Sequence[Standing],
    present: set[str],
) -> dict[str, Any]:
    """Open the new tickets, drop those that are gone, and keep the index in the order of the queue."""
    words: dict[str, str] = session.get(_WORDS) if session.holds(_WORDS) else {}
    marks = {standing.id: _mark(standing) for standing in new}
    for start in range(0, len(new), _AT_ONCE):
        for record in tickets.some([standing.id for standing in new[start : start + _AT_ONCE]]):
            content = desk.open(record).content
            if content is not None or record.sealed_body is not None:
                lines[record.id] = (marks[record.id], rows.kept(content, record.day))
                words[record.id] = rows.searchable(content)
    for gone in lines.keys() - present:
        del lines[gone]
        words.pop(gone, None)
    # The order depends on nothing that changes while a ticket is sealed as it is.
    lines = dict(sorted(lines.items(), key=lambda line: rows.order(rows.row(line[0], "", date.min, line[1][1]))))
    session.put(_LINES, lines)
    session.put(_WORDS, words)
    return lines
