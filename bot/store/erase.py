"""Erasing tickets: what belongs to one goes with it, and a tombstone stays."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Optional

from sqlalchemy import delete, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.records import ERASED

_AT_ONCE = 1000
"""Ids in one statement; SQLite takes 32,766 (sqlite.org/limits.html)."""
_TOMBSTONE = {
    **dict.fromkeys(("kind", "concern", "level", "platform_kind"), ERASED),
    **dict.fromkeys(("sealed_body", "sealed_terms", "held_until", "closed")),
    "question_recipient": "",
    "indexed": "no",
}


def erase(connection: Connection, ids: Sequence[str], day: date, *, state: Optional[str] = None) -> None:
    """Leave only a tombstone of each ticket: its id, how it ended, and the day.

    Args:
        state: how they ended; None where each ends in the state it is in.
    """
    ending: dict[str, Any] = {"day": day} if state is None else {"day": day, "state": state, "outcome": None}
    for some in _chunks(ids):
        _delete_what_belongs_to(connection, some)
        ended = update(tables.ticket).where(tables.ticket.c.id.in_(some))
        connection.execute(ended.values(**_TOMBSTONE, **ending))


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Delete tombstones; afterwards nobody can tell that there was a ticket."""
    for some in _chunks(ids):
        _delete_what_belongs_to(connection, some)
        connection.execute(delete(tables.ticket).where(tables.ticket.c.id.in_(some)))


def erase_index(connection: Connection, ids: Sequence[str]) -> None:
    """Delete what links tickets with others, and leave the tickets, which count as indexed all the same."""
    for some in _chunks(ids):
        connection.execute(delete(tables.index_entry).where(tables.index_entry.c.ticket.in_(some)))


def _delete_what_belongs_to(connection: Connection, ids: Sequence[str]) -> None:
    for table, column in tables.belonging_to_tickets():
        connection.execute(delete(table).where(column.in_(ids)))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
