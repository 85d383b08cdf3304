"""The migrations make exactly the tables that the code knows."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from bot.store import migrate
from bot.store.database import Database
from bot.store.tables import metadata


def test_migrations_and_tables_agree(database: Database) -> None:
    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_migrations_and_tables_agree_on_every_rule(empty: Database) -> None:
    """The comparison above leaves out CHECK constraints: here both ways of making the tables are compared."""
    empty.upgrade()
    with empty.write() as connection:
        migrated = rules(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert rules(connection) == migrated
    assert len(migrated["ticket"]["checks"]) == 16 and migrated["outbox"]["foreign"]


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migrate._config()).get_heads()) == 1


def rules(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    return {
        table: {
            "checks": {each["name"]: each["sqltext"] for each in inspector.get_check_constraints(table)},
            "foreign": {each["name"]: each["referred_table"] for each in inspector.get_foreign_keys(table)},
            "primary": inspector.get_pk_constraint(table),
            "unique": {each["name"]: each["column_names"] for each in inspector.get_unique_constraints(table)},
            "indexes": {each["name"]: each["column_names"] for each in inspector.get_indexes(table)},
        }
        for table in metadata.tables
    }
