"""The one way to the database, SQLite or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

from sqlalchemy import create_engine, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import Table

from bot.store import migrate, tables
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.files import make_private
from bot.store.translate import plain_errors

_WAIT_SECONDS = 5
_PATIENCE = f"busy_timeout={1000 * _WAIT_SECONDS}"
_PRAGMAS = (
    _PATIENCE,
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "temp_store=MEMORY",
)
_MALFORMED = "OBERIH_DATABASE must be sqlite:///FILE or postgresql://USER@HOST/NAME."


class Database:
    """A database by its address; nothing is opened before the first use.

    Raises:
        StoreUnavailable: the address is malformed. The message never shows it, since it may hold a password.
    """

    def __init__(self, url: str) -> None:
        parsed = _parse(url)
        self.path: Optional[Path] = Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
        """The file, for SQLite."""
        self.name = str(self.path or f"{parsed.database} at {parsed.host or 'this machine'}")
        """What to call the database in messages."""
        connect: dict[str, Any] = {"connect_timeout": _WAIT_SECONDS}
        if self.path:
            connect = {"check_same_thread": False}
        self._engine: Any = create_engine(
            parsed, future=True, hide_parameters=True, poolclass=QueuePool, pool_pre_ping=True, connect_args=connect
        )
        if self.path:
            event.listen(self._engine, "do_connect", self._file_must_exist)
            event.listen(self._engine, "connect", self._note_file)
            event.listen(self._engine, "connect", _set_pragmas)
            event.listen(self._engine, "checkout", self._file_must_be_the_same)
            event.listen(self._engine, "begin", _begin)

    def upgrade(self) -> None:
        """Make the database if it is missing, and bring its tables to this version's form.

        Raises:
            StoreUnavailable: it does not answer, was made by a newer version, or its folder is open to others.
        """
        if self.path:
            make_private(self.path)
        with self.write() as connection:
            migrate.to_head(connection)
        # A crash may have come between an erasure and the emptying of the journal.
        self.scrub()

    def check(self) -> None:
        """Return if the database answers and has the tables of this version.

        Raises:
            StoreUnavailable: it does not, or has not.
        """
        with self.read() as connection:
            ready = migrate.at_head(connection)
        if not ready:
            raise StoreUnavailable(f"The database {self.name} has other tables: run `oberih db upgrade`.")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading; what is written on it is undone."""
        with plain_errors(self.name), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection for reading that sees the database as it is now, whatever is written meanwhile."""
        level = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        with plain_errors(self.name), self._engine.execution_options(**level).connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection for one transaction: stored as a whole when the block ends, or not at all."""
        writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        with plain_errors(self.name), writer.begin() as connection:
            yield connection

    def insert_new(self, connection: Connection, table: Table, row: dict[str, Any], *, key: str = "id") -> bool:
        """Insert a row unless its key is there already; return whether it was inserted.

        Raises:
            StoreRefused: another row has what must be unique.
        """
        insert: Any = sqlite.insert if self.path else postgresql.insert
        # Without naming the key: of two inserts of one row at once, PostgreSQL would let the second stumble over
        # the row's other unique columns before it sees the key.
        if connection.execute(insert(table).values(row).on_conflict_do_nothing()).rowcount:
            return True
        if connection.execute(select(table.c[key]).where(table.c[key] == row[key])).first() is None:
            raise StoreRefused(f"This cannot be stored: another {table.name} has what must be unique.")
        return False

    def scrub(self, *, thorough: bool = False) -> bool:
        """Take deleted bytes out of the database's own files; return False while someone is in the way.

        In SQLite's file they are overwritten at once (`secure_delete`); its journal, where they live on, is
        emptied. PostgreSQL keeps them until it cleans by itself: only if `thorough` its tables are written anew,
        which stops all other work on them for that long (`VACUUM FULL`). Even then they are in its write-ahead
        log until that is recycled, and in freed blocks of the disk.
        """
        if not self.path:
            return not thorough or self._rewrite()
        with plain_errors(self.name), self._engine.execution_options(begin="").connect() as connection:
            # While it waits for readers, nobody can write: so not for long.
            connection.execute(text("PRAGMA busy_timeout=1000"))
            busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            connection.execute(text(f"PRAGMA {_PATIENCE}"))
        return not busy

    def _rewrite(self) -> bool:
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with plain_errors(self.name), engine.connect() as connection:
                # Closed afterwards instead of kept: nobody else should get this lock timeout.
                connection.detach()
                connection.execute(text(f"SET lock_timeout = '{_WAIT_SECONDS}s'"))
                for table in (tables.ticket, *(table for table, _ in tables.belonging_to_tickets())):
                    connection.execute(text(f"VACUUM (FULL) {table.name}"))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self._engine.dispose()

    def _file_must_exist(self, *_: object) -> None:
        # SQLite would make it, readable by others.
        if self.path and not self.path.exists():
            raise StoreUnavailable(f"There is no database {self.path}: run `oberih db upgrade`.")

    def _note_file(self, _: object, record: Any) -> None:
        record.info["file"] = self._file()

    def _file_must_be_the_same(self, _: object, record: Any, proxy: object) -> None:
        # A connection outlives its file: what is written to a file that was removed would be lost with it.
        if record.info["file"] != self._file():
            raise DisconnectionError

    def _file(self) -> Optional[tuple[int, int]]:
        """Return which file lies at the path now, or None."""
        try:
            found = self.path.stat() if self.path else None
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found else None


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUnavailable(_MALFORMED) from None
    known = parsed.drivername in ("sqlite", "postgresql", "postgresql+psycopg2")
    if not known or not parsed.database or parsed.database.startswith((":", "file:")):
        raise StoreUnavailable(_MALFORMED)
    return parsed


def _set_pragmas(connection: Any, _: object) -> None:
    # The driver would begin transactions late and on its own terms; `_begin` does it instead.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Writers take their lock at once: a reader that turns into a writer half-way fails under load."""
    statement = connection.get_execution_options().get("begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
