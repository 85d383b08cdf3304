"""Every test of stored things runs on SQLite and, where a server answers, on PostgreSQL; in CI always on both."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

SERVER = os.environ.get("OBERIH_TEST_POSTGRES", "postgresql://127.0.0.1:5432/test")


def _kinds() -> list[str]:
    if os.environ.get("CI") != "true":
        try:
            psycopg2.connect(SERVER, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return ["sqlite"]
    return ["sqlite", "postgresql"]


KINDS = _kinds()
needs_postgresql = pytest.mark.skipif("postgresql" not in KINDS, reason="no PostgreSQL answers here")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: a file, or a schema of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'private' / 'oberih.db'}"
        return
    schema = f"test_{uuid.uuid4().hex}"
    run(f"CREATE SCHEMA {schema}")
    try:
        yield f"{SERVER}?options=-csearch_path%3D{schema}"
    finally:
        run(f"DROP SCHEMA {schema} CASCADE")


def run(statement: str) -> None:
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
