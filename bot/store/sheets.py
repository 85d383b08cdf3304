"""Sheets: what a desk keeps for itself, one on each ticket and one of its own; sealed to its key.

A sheet is stored whole, and only in the place of the one that was read: of two who change it at once, one does it
again. Which key it is sealed to is stored with it, and the database lets no key go that a sheet is sealed to.
"""

from collections.abc import Sequence
from typing import Any, Optional

from sqlalchemy import and_, func, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.records import SheetRecord
from bot.store.standings import SEALING


class Sheets:
    """The sheets of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on_ticket(self, ticket: str) -> Optional[SheetRecord]:
        """Return the sheet on a ticket, or None."""
        return next(iter(self.some([ticket])), None)

    def some(self, tickets: Sequence[str]) -> list[SheetRecord]:
        """Return the sheets on these tickets, hundreds of them at most, in no order."""
        return self._read(tables.worksheet, tables.worksheet.c.ticket.in_(tickets))

    def marks(self, desk: str) -> dict[str, bytes]:
        """Return, for each ticket of a desk that has a sheet, what changes whenever the sheet does."""
        column = tables.worksheet.c
        wanted = select(column.ticket, func.substr(column.sealed, *SEALING)).where(column.desk == desk)
        with self._database.read() as connection:
            return {ticket: bytes(mark) for ticket, mark in connection.execute(wanted)}

    def of_desk(self, desk: str) -> Optional[SheetRecord]:
        """Return a desk's own sheet, or None."""
        return next(iter(self._read(tables.desk_sheet, tables.desk_sheet.c.desk == desk)), None)

    def behind(self, desk: str, generation: int) -> tuple[list[SheetRecord], Optional[SheetRecord]]:
        """Return what is sealed to an earlier key of a desk: some sheets on its tickets, and its own, if so."""
        on_tickets, own = (
            self._read(table, and_(table.c.desk == desk, table.c.generation < generation), most=500)
            for table in (tables.worksheet, tables.desk_sheet)
        )
        return on_tickets, next(iter(own), None)

    def put_on_ticket(self, sheet: SheetRecord, before: Optional[bytes]) -> bool:
        """Store the sheet on a ticket in the place of `before`, or where there was none.

        Return False, and change nothing, where another is there meanwhile, or the ticket is this desk's no longer.

        Raises:
            StoreRefused: the key it is sealed to has gone.
        """
        ticket = tables.ticket.c
        there = and_(ticket.id == sheet.of, ticket.desk == sheet.desk, ticket.sealed_body.is_not(None))
        with self._database.write() as connection:
            if connection.execute(select(ticket.id).where(there).with_for_update()).first() is None:
                return False
            return self._put(connection, tables.worksheet, sheet, before)

    def put_of_desk(self, sheet: SheetRecord, before: Optional[bytes]) -> bool:
        """Store a desk's own sheet in the place of `before`; False where another is there meanwhile.

        Raises:
            StoreRefused: the key it is sealed to has gone.
        """
        with self._database.write() as connection:
            return self._put(connection, tables.desk_sheet, sheet, before)

    def _put(self, connection: Connection, table: Any, sheet: SheetRecord, before: Optional[bytes]) -> bool:
        key = _key(table)
        values = {"desk": sheet.desk, "generation": sheet.generation, "sealed": sheet.sealed}
        if before is None:
            return self._database.insert_new(connection, table, {**values, key.name: sheet.of}, key=key.name)
        unchanged = and_(key == sheet.of, table.c.sealed == before)
        return bool(connection.execute(update(table).where(unchanged).values(**values)).rowcount)

    def _read(self, table: Any, condition: Any, most: Optional[int] = None) -> list[SheetRecord]:
        wanted = select(_key(table), table.c.desk, table.c.generation, table.c.sealed).where(condition).limit(most)
        with self._database.read() as connection:
            return [SheetRecord(*row) for row in connection.execute(wanted)]


def _key(table: Any) -> Any:
    return table.c.ticket if table is tables.worksheet else table.c.desk
