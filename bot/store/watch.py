"""When somebody last worked at a desk, and whether something urgent waits there: one row a desk, full hours only."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, select, update
from sqlalchemy.engine import Connection

from bot.reports.gate import Watch, hour_of
from bot.store import tables
from bot.store.database import Database


class Watches:
    """The watch over each desk of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, desk: str) -> Watch:
        """Return what is known of a desk; where nothing is, nobody ever logged in."""
        return self.all().get(desk, Watch(desk))

    def all(self) -> dict[str, Watch]:
        """Return what is known, by desk."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.watch)).mappings()
            return {row["desk"]: Watch(**row) for row in rows}

    def note_login(self, desk: str, now: datetime) -> None:
        """Note that somebody is at work: what waits is seen by them now.

        Raises:
            StoreRefused: the desk is unknown.
        """
        values = {"last_login": hour_of(now), "urgent_since": None, "paged": None}
        with self._database.write() as connection:
            _set(self._database, connection, desk, values)

    def note_page(self, desk: str, now: datetime) -> bool:
        """Note that the contact is being told; False where that was done since the last login, by any process."""
        column = tables.watch.c
        first = update(tables.watch).where(and_(column.desk == desk, column.paged.is_(None)))
        with self._database.write() as connection:
            return bool(connection.execute(first.values(paged=hour_of(now))).rowcount)

    def unpage(self, desk: str) -> None:
        """Note that the contact could not be told after all."""
        with self._database.write() as connection:
            connection.execute(update(tables.watch).where(tables.watch.c.desk == desk).values(paged=None))


def note_urgent(database: Database, connection: Connection, desk: str, now: datetime) -> None:
    """Note, in the ticket's own transaction, that something urgent waits; an earlier hour stays."""
    column = tables.watch.c.urgent_since
    _set(database, connection, desk, {"urgent_since": func.coalesce(column, literal(hour_of(now), column.type))})


def _set(database: Database, connection: Connection, desk: str, values: dict[str, Any]) -> None:
    database.insert_new(connection, tables.watch, {"desk": desk}, key="desk")
    connection.execute(update(tables.watch).where(tables.watch.c.desk == desk).values(**values))
