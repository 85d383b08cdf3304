"""How the tickets of a desk stand, without reading what is sealed in them."""

from sqlalchemy import func, select

from bot.store import tables
from bot.store.database import Database
from bot.store.records import Standing
from bot.store.types import AGE_HEADER

_SEALING = (len(AGE_HEADER + b"-> X25519 ") + 1, 22)
"""Where in an age file the key stands that was made for it alone, and how much of it is enough, for `substr`."""


def standings(database: Database, desk: str) -> list[Standing]:
    """Return how each ticket of a desk stands.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    column = tables.ticket.c
    sealing = func.substr(column.sealed_body, *_SEALING).label("sealing")
    wanted = select(column.id, column.state, column.day, sealing).where(column.desk == desk)
    with database.read() as connection:
        return [Standing(*row) for row in connection.execute(wanted)]
