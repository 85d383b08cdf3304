"""The drill WRITE says of every column what becomes of it when somebody changes it in the database."""

from bot.store.tables import metadata
from tests.drills.expected import COLUMNS


def test_every_column_of_every_table_is_accounted_for() -> None:
    assert set(COLUMNS) == {
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns
    }
    assert all(COLUMNS.values())
