"""Every test of the store runs on SQLite and, where a server answers, on PostgreSQL; in CI always on both."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.tickets import Tickets
from tests.stored import DESK

SERVER = os.environ.get("OBERIH_TEST_POSTGRES", "postgresql://127.0.0.1:5432/test")


def _kinds() -> list[str]:
    if os.environ.get("CI") != "true":
        try:
            psycopg2.connect(SERVER, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return ["sqlite"]
    return ["sqlite", "postgresql"]


@pytest.fixture(params=_kinds())
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: a file, or a schema of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'private' / 'oberih.db'}"
        return
    schema = f"test_{uuid.uuid4().hex}"
    _run(f"CREATE SCHEMA {schema}")
    try:
        yield f"{SERVER}?options=-csearch_path%3D{schema}"
    finally:
        _run(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    """A database without tables."""
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    """A database with all tables and one desk."""
    empty.upgrade()
    Desks(empty).add(DESK)
    return empty


@pytest.fixture
def tickets(database: Database) -> Tickets:
    return Tickets(database)


@pytest.fixture
def desks(database: Database) -> Desks:
    return Desks(database)


def _run(statement: str) -> None:
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
