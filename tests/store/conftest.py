"""The store's tests run on each kind of database."""

from collections.abc import Iterator

import pytest

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.tickets import Tickets
from tests.databases import url as url
from tests.stored import DESK


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
