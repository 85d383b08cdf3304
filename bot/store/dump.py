"""All rows of all tables, out of one database and into another: of either kind, and of any version since.

Values are JSON: bytes as base64, days and moments as ISO 8601.
"""

import base64
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Optional

from sqlalchemy import MetaData, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import sqltypes

from bot.store import migrate, tables
from bot.store.errors import StoreRefused

_AT_ONCE = 500
_STREAMED = {"stream_results": True, "yield_per": _AT_ONCE}
Row = dict[str, Any]


def rows(connection: Connection) -> Iterator[tuple[str, Row]]:
    """Yield each row with the name of its table; what others refer to comes first."""
    for table in tables.metadata.sorted_tables:
        wanted = select(table).order_by(*table.primary_key.columns)
        for row in connection.execute(wanted, execution_options=_STREAMED).mappings():
            yield table.name, {name: _out(value) for name, value in row.items()}


def is_empty(connection: Connection) -> bool:
    """Return whether there is no table with a row in it, whatever version made the tables."""
    found = MetaData()
    found.reflect(connection)
    found_tables = [table for name, table in found.tables.items() if name != migrate.VERSION_TABLE]
    return not any(connection.execute(select(table).limit(1)).first() for table in found_tables)


class Loader:
    """Fills a database from rows, in the place of all that is in it. Works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = MetaData()
        self._waiting: list[Row] = []
        self._table: Optional[str] = None

    def begin(self, revision: str) -> None:
        """Drop all tables and make those that the rows come from.

        Raises:
            StoreUnavailable: this version does not know that revision.
        """
        old = MetaData()
        old.reflect(self._connection)
        old.drop_all(self._connection)
        migrate.to_revision(self._connection, revision)
        self._tables.reflect(self._connection)

    def add(self, table: str, row: Row) -> None:
        """Take one row; tables come one after the other, as from `rows`.

        Raises:
            StoreRefused: there is no such table or column, or a value does not fit.
        """
        if table != self._table or len(self._waiting) >= _AT_ONCE:
            self._flush()
            self._table = table
        try:
            columns = self._tables.tables[table].columns
            self._waiting.append({name: _in(columns[name].type, value) for name, value in row.items()})
        except (KeyError, ValueError, TypeError):
            raise StoreRefused(f"A row of {table} does not fit its table.") from None

    def finish(self) -> None:
        """Store what still waits, and bring the tables to this version's form."""
        self._flush()
        migrate.to_head(self._connection)

    def _flush(self) -> None:
        if self._waiting and self._table is not None:
            self._connection.execute(self._tables.tables[self._table].insert(), self._waiting)
        self._waiting = []


def _out(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def _in(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sqltypes.LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, sqltypes.DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, sqltypes.Date) else value
