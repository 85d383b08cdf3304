"""Whatever is stored is sealed, or in the clear for a stated reason; no moment and no address of anyone."""

import re
from typing import Any

import pytest
from sqlalchemy import Column, Date, DateTime, Integer, LargeBinary, String, inspect, text

from bot.store import columns, records
from bot.store.database import Database
from bot.store.errors import StoreRefused
from bot.store.tables import metadata
from bot.store.types import AgeFile, Day, Word

LISTS = (columns.SEALED, columns.ENUMERATED, columns.SAFE)
COLUMNS: dict[str, "Column[Any]"] = {
    f"{table.name}.{column.name}": column for table in metadata.tables.values() for column in table.columns
}
TYPES = (String, LargeBinary, Date, DateTime, Integer)
CLEAR_OF_A_TICKET = {"desk", "kind", "concern", "level", "platform_kind", "state", "day", "outcome"}


def kind_of(column: "Column[Any]") -> type:
    implementation = getattr(column.type, "impl", column.type)
    return next(kind for kind in TYPES if isinstance(implementation, kind))


def test_every_text_and_binary_column_is_on_exactly_one_list() -> None:
    listed = [name for names in LISTS for name in names]
    holding_anything = {name for name, column in COLUMNS.items() if kind_of(column) in (String, LargeBinary)}
    assert len(listed) == len(set(listed)) and set(listed) == holding_anything
    assert all(columns.SEALED.values()) and all(columns.SAFE.values())


def test_what_else_there_is_are_days_numbers_and_listed_moments() -> None:
    others = {name: kind_of(column) for name, column in COLUMNS.items() if kind_of(column) not in (String, LargeBinary)}
    assert others == {
        "member.joined": Date,
        "member.last_login": Date,
        "retention_run.day": Date,
        **dict.fromkeys(
            [f"retention_run.{name}" for name in ("unread", "closed", "tombstones", "held", "alerts", "invitations")],
            Integer,
        ),
        "ticket.day": Date,
        "ticket.closed": Date,
        "ticket.touched": Date,
        "message.day": Date,
        "hold.until": Date,
        "desk_secret.generation": Integer,
        "ticket.generation": Integer,
        "audit.number": Integer,
        "audit.generation": Integer,
        "worksheet.generation": Integer,
        "desk_sheet.generation": Integer,
        **dict.fromkeys(columns.MOMENTS, DateTime),
    }
    about_people = ("ticket.", "message.", "outbox.", "hold.", "worksheet.")
    assert [name for name in columns.MOMENTS if name.startswith(about_people)] == ["ticket.held_until"]
    assert all(isinstance(COLUMNS[name].type, Day) for name, kind in others.items() if kind is Date)


def test_a_real_database_has_no_column_beyond_these(database: Database) -> None:
    with database.read() as connection:
        inspector = inspect(connection)
        found = {
            f"{table}.{column['name']}": str(column["type"]).upper()
            for table in inspector.get_table_names()
            for column in inspector.get_columns(table)
        }
    assert set(found) == {*COLUMNS, "alembic_version.version_num"}
    assert {name for name, kind in found.items() if "TIME" in kind} == set(columns.MOMENTS)
    assert {kind.partition("(")[0] for kind in found.values()} <= {
        "VARCHAR", "BLOB", "BYTEA", "DATE", "DATETIME", "TIMESTAMP", "INTEGER",
    }  # fmt: skip
    # Nothing is filled in by the database either: its default could be a moment or an address.
    # The day of a change is no more than the day, and it is filled in here.
    filled_in = [name for name, column in COLUMNS.items() if column.default or column.server_default]
    assert filled_in == ["ticket.touched"] and COLUMNS["ticket.touched"].server_default is None
    assert not [name for name in found if re.search(r"(^|[._])(ip|ips|inet|addr|address|host|agent|time)($|_)", name)]


def test_of_a_ticket_only_the_clear_fields_of_the_design_are_clear() -> None:
    clear = {name.partition(".")[2] for name in (*columns.ENUMERATED, *columns.SAFE) if name.startswith("ticket.")}
    assert clear - {"id", "receipt_tag", "question_recipient", "indexed"} == CLEAR_OF_A_TICKET - {"day"}
    assert columns.ENUMERATED.keys() >= {f"ticket.{name}" for name in CLEAR_OF_A_TICKET - {"day", "desk"}}
    assert "ticket.sealed_body" in columns.SEALED


def test_enumerated_columns_are_words_and_sealed_ones_are_bytes() -> None:
    assert all(isinstance(COLUMNS[name].type, Word) for name in columns.ENUMERATED)
    assert all(kind_of(COLUMNS[name]) is LargeBinary for name in columns.SEALED)
    assert isinstance(COLUMNS["ticket.sealed_body"].type, AgeFile)
    assert all(re.fullmatch("[a-z_]{1,16}", word) for words in columns.ENUMERATED.values() for word in words)


@pytest.mark.parametrize("name", sorted(columns.ENUMERATED))
def test_the_database_itself_takes_only_listed_words(database: Database, name: str) -> None:
    """The list stands in a CHECK constraint, beyond every check of Python."""
    table, _, column = name.partition(".")
    with database.read() as connection:
        checks = {check["name"]: check["sqltext"] for check in inspect(connection).get_check_constraints(table)}
    assert set(re.findall(r"'([a-z_]+)'", checks[f"ck_{table}_{column}"])) == set(columns.ENUMERATED[name])


def test_the_database_itself_refuses_a_strange_word(database: Database) -> None:
    row = dict.fromkeys(("kind", "concern", "level", "platform_kind"), records.ERASED)
    insert = (
        "INSERT INTO ticket"
        " (id, desk, kind, concern, level, platform_kind, state, day, receipt_tag, question_recipient, generation,"
        " indexed)"
        " VALUES ('t', 'hotline-ua', :kind, :concern, :level, :platform_kind, :state, '2026-11-24', :tag, '', 1, 'no')"
    )
    with pytest.raises(StoreRefused, match="ck_ticket_state"), database.write() as connection:
        connection.execute(text(insert), {**row, "state": "somewhere", "tag": b"t" * 32})
