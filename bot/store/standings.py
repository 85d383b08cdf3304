"""How the tickets of a desk stand, without reading what is sealed in them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import NamedTuple, Optional

from sqlalchemy import func, select

from bot.store import tables
from bot.store.database import Database
from bot.store.records import Standing
from bot.store.types import AGE_HEADER

SEALING = (len(AGE_HEADER + b"-> X25519 ") + 1, 22)
"""Where in an age file the key stands that was made for it alone, and how much of it is enough, for `substr`."""


class Body(NamedTuple):
    """A ticket's sealed content, and how the ticket stood when it was read."""

    standing: Standing
    sealed: bytes


def standings(database: Database, desk: str, since: Optional[date] = None) -> list[Standing]:
    """Return how each ticket of a desk stands, or each of any desk that was touched from a day on, desk by desk.

    With a day, tickets that the desk has handed on are among them: `theirs` is then true.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    column = tables.ticket.c
    sealing = func.substr(column.sealed_body, *SEALING).label("sealing")
    wanted = select(column.id, column.state, column.day, sealing, column.desk != desk)
    wanted = wanted.where(column.desk == desk) if since is None else wanted.where(column.touched >= since)
    with database.read() as connection:
        rows = connection.execute(wanted).all()
    # One of the drivers gives a view of the bytes.
    return [
        Standing(id, state, day, None if sealing is None else bytes(sealing), bool(theirs))
        for id, state, day, sealing, theirs in rows
    ]


def bodies(database: Database, desk: str, ids: Sequence[str]) -> list[Body]:
    """Return the sealed contents of those of these tickets that are a desk's; hundreds of ids, but not any number.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    column = tables.ticket.c
    wanted = select(column.id, column.state, column.day, column.sealed_body)
    wanted = wanted.where(column.id.in_(ids), column.desk == desk, column.sealed_body.is_not(None))
    start, length = SEALING[0] - 1, SEALING[1]
    with database.read() as connection:
        rows = [(*row[:3], bytes(row[3])) for row in connection.execute(wanted)]
    return [
        Body(Standing(id, state, day, sealed[start : start + length], False), sealed) for id, state, day, sealed in rows
    ]


def withdrawn(database: Database, desk: str) -> Mapping[str, datetime]:
    """Return the tickets of a desk that were taken back and are not erased yet, and when they will be.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    column = tables.ticket.c
    wanted = select(column.id, column.held_until).where(column.desk == desk, column.held_until.is_not(None))
    with database.read() as connection:
        return {id: until.replace(tzinfo=timezone.utc) for id, until in connection.execute(wanted)}
