"""A session's own index of its desk's tickets: made by opening them, kept sealed, brought up to date when used.

Two drawers: what the queue shows of each ticket, and the words by which tickets are searched, which are opened
only for a search.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk import rows
from bot.desk.rows import Row
from bot.desk.sessions import Session
from bot.runtime.desk_session import DeskSession
from bot.store.records import Standing
from bot.store.tickets import Tickets

_LINES, _WORDS = "lines", "words"
_AT_ONCE = 500
"""Sealed tickets in memory at a time."""


@dataclass(frozen=True)
class Inbox:
    """The tickets of a desk as one session sees them; the words are those of a session's drawer."""

    session: Session
    rows: tuple[Row, ...]

    def found(self, query: str) -> tuple[Row, ...]:
        """Return the tickets that have every part of a query; all of them for an empty one."""
        parts = rows.wanted(query)
        if not parts:
            return self.rows
        words = self.session.get(_WORDS)
        return tuple(row for row in self.rows if all(part in words.get(row.id, row.id) for part in parts))


def inbox(session: Session, desk: DeskSession, tickets: Tickets) -> Inbox:
    """Return the index of a session, in the order of the queue. Blocks while new tickets are opened.

    Raises:
        StoreUnavailable: the tickets cannot be read.
    """
    standings = tickets.standings(desk.desk)
    lines: dict[str, Any] = session.get(_LINES) if session.holds(_LINES) else {}
    present = {standing.id for standing in standings if standing.sealing is not None}
    new = [standing for standing in standings if standing.id in present and not _known(standing, lines)]
    if new or not session.holds(_LINES) or lines.keys() - present:
        _update(session, desk, tickets, lines, new, present)
    found = (rows.row(s.id, s.state, s.day, lines[s.id][1]) for s in standings if s.id in lines)
    return Inbox(session, tuple(sorted(found, key=rows.order)))


def _known(standing: Standing, lines: dict[str, Any]) -> bool:
    return standing.id in lines and lines[standing.id][0] == _mark(standing)


def _mark(standing: Standing) -> str:
    return (standing.sealing or b"").decode("latin-1")


def _update(
    session: Session,
    desk: DeskSession,
    tickets: Tickets,
    lines: dict[str, Any],
    new: Sequence[Standing],
    present: set[str],
) -> None:
    words: dict[str, str] = session.get(_WORDS) if session.holds(_WORDS) else {}
    marks = {standing.id: _mark(standing) for standing in new}
    for start in range(0, len(new), _AT_ONCE):
        for record in tickets.some([standing.id for standing in new[start : start + _AT_ONCE]]):
            content = desk.open(record).content
            if content is not None or record.sealed_body is not None:
                lines[record.id] = (marks[record.id], rows.kept(content, record.day))
                words[record.id] = rows.searchable(record.id, content)
    for gone in lines.keys() - present:
        del lines[gone]
        words.pop(gone, None)
    session.put(_LINES, lines)
    session.put(_WORDS, words)
