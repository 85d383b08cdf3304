"""The database is private, durable, and says in one sentence what is wrong with it."""

import os
import stat
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import PROJECT_ROOT
from bot.settings import Settings, load
from bot.store.database import Database
from bot.store.errors import StoreUnavailable

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
PASSWORD = "hunter2"


def test_a_database_is_ready_only_after_its_upgrade(empty: Database) -> None:
    with pytest.raises(StoreUnavailable, match="run `oberih db upgrade`"):
        empty.check()
    empty.upgrade()
    empty.check()
    empty.upgrade()
    empty.check()


def test_two_upgrades_at_once_do_not_meet(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: Database(url).upgrade(), range(4)))
    Database(url).check()


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer version"):
        database.upgrade()
    with pytest.raises(StoreUnavailable, match="run `oberih db upgrade`"):
        database.check()


def test_a_block_that_fails_stores_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as connection:
        connection.execute(text("DELETE FROM desk_secret"))
        raise KeyError
    with database.read() as connection:
        connection.execute(text("DELETE FROM desk_secret"))
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM desk_secret")).scalar_one() == 1


@SQLITE
def test_the_file_and_its_folder_are_closed_to_others(database: Database) -> None:
    path = database.path
    assert path
    with database.read() as connection:
        connection.execute(text("SELECT * FROM desk"))
        files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert files == {path.name: 0o600, f"{path.name}-wal": 0o600, f"{path.name}-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@SQLITE
def test_a_folder_that_is_open_to_others_is_refused(empty: Database) -> None:
    assert empty.path
    empty.path.parent.mkdir()
    empty.path.parent.chmod(0o755)
    with pytest.raises(StoreUnavailable, match="run `chmod 700"):
        empty.upgrade()
    assert not empty.path.exists()


@SQLITE
def test_a_file_left_open_to_others_is_closed(empty: Database) -> None:
    assert empty.path
    empty.path.parent.mkdir(0o700)
    empty.path.touch(0o644)
    empty.upgrade()
    assert stat.S_IMODE(empty.path.stat().st_mode) == 0o600


@SQLITE
def test_a_missing_file_is_not_made_by_reading(empty: Database) -> None:
    with pytest.raises(StoreUnavailable, match="There is no database"):
        empty.check()
    assert empty.path and not empty.path.exists()


@SQLITE
def test_a_file_that_is_no_database_is_said_to_be_none(empty: Database) -> None:
    assert empty.path
    empty.path.parent.mkdir(0o700)
    empty.path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(StoreUnavailable, match="file is not a database"):
        empty.check()


@SQLITE
@pytest.mark.parametrize(
    "pragma, value",
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_connection_is_durable_and_erases(database: Database, pragma: str, value: object) -> None:
    for connect in (database.read, database.write):
        with connect() as connection:
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x.db?mode=memory",
        f"mysql://user:{PASSWORD}@host/name",
        f"postgresql://user:{PASSWORD}@host:port/name",
        f"user:{PASSWORD}@host",
        f"postgresql+nothing://user:{PASSWORD}@host/name",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"OBERIH_DATABASE must be .*\.") as refused:
        Database(url)
    assert PASSWORD not in _said(refused)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{PASSWORD}@127.0.0.1:1/name",
        f"postgresql://127.0.0.1:1/name?password={PASSWORD}",
        f"postgresql://127.0.0.1:1/name?{PASSWORD}=1",
        f"postgresql:///name?host=/nowhere&password={PASSWORD}",
    ],
)
def test_a_server_that_does_not_answer_is_one_sentence_without_the_password(url: str) -> None:
    database = Database(url)
    for use in (database.check, database.upgrade):
        with pytest.raises(StoreUnavailable, match=r"^The database name at .* does not answer.*\.$") as failed:
            use()
        assert PASSWORD not in _said(failed) and "\n" not in str(failed.value)


def test_settings_keep_the_address_to_themselves(tmp_path: Path) -> None:
    url = f"postgresql://user:{PASSWORD}@host/name"
    settings = load({"OBERIH_DATABASE": url})
    assert settings.database_url == url and PASSWORD not in repr(settings)
    assert Settings().database_url == f"sqlite:///{PROJECT_ROOT / 'var' / 'oberih.db'}"
    assert load({"OBERIH_VAR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path / 'oberih.db'}"


def test_making_var_closes_it_unless_it_is_everybodys(tmp_path: Path) -> None:
    own, shared = Settings(var=tmp_path / "a" / "var"), Settings(var=tmp_path / "shared")
    shared.var.mkdir()
    shared.var.chmod(0o1777)
    for settings in (own, shared):
        settings.make_var()
    assert stat.S_IMODE(own.var.stat().st_mode) == 0o700 and stat.S_IMODE(shared.var.stat().st_mode) == 0o1777


def test_the_command_line_upgrades_the_database_that_is_set(url: str) -> None:
    done = _oberih(url)
    assert done.returncode == 0 and done.stdout.strip().endswith("is up to date.") and url not in done.stdout
    Database(url).check()


def test_the_command_line_says_in_one_line_what_is_wrong() -> None:
    done = _oberih(f"postgresql://user:{PASSWORD}@127.0.0.1:1/name")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert "does not answer" in done.stderr and PASSWORD not in done.stderr


def _oberih(url: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot.cli", "db", "upgrade"]
    environment = {**os.environ, "OBERIH_DATABASE": url}
    return subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=60)


def _said(failure: "pytest.ExceptionInfo[StoreUnavailable]") -> str:
    return "".join(traceback.format_exception(failure.type, failure.value, failure.tb))
