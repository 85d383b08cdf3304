"""Bringing the tables to this version's form, with Alembic, on a connection that is already open."""

from pathlib import Path
from typing import Optional

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.store.errors import StoreUnavailable

_FOLDER = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
"""Where Alembic keeps the revision."""
_LOCK = 7_304_912
"""Any constant: who holds this advisory lock of PostgreSQL may change the tables (SQLite has one writer anyway)."""


def to_head(connection: Connection) -> None:
    """Bring the tables to this version's form; see `to_revision`."""
    to_revision(connection, "head")


def to_revision(connection: Connection, revision: str) -> None:
    """Apply what is missing up to a revision, in the connection's transaction, one process at a time.

    Raises:
        StoreUnavailable: this version does not know the revision, or that of the tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError:
        raise StoreUnavailable("The database was made by a newer version of Oberih: run that version.") from None


def revision_of(connection: Connection) -> Optional[str]:
    """Return the revision of the tables, or None where there are none."""
    revision: Optional[str] = MigrationContext.configure(connection).get_current_revision()
    return revision


def at_head(connection: Connection) -> bool:
    """Return whether the tables are those of this version."""
    found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    # A percent sign is special to the reader of this option.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config
