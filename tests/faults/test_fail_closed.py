"""Whatever is missing for reports: people are told plainly, nothing is stored or claimed, checks and numbers go on."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import PROJECT_ROOT
from bot.conversation.payloads import payload
from bot.conversation.reporting import questions as asked
from bot.privacy import pins as pin_book
from bot.privacy.recovery import Recovery
from bot.runtime import founding, key_folder
from bot.runtime.reporting import reporting_of
from bot.settings import Settings, load
from bot.store.database import Database
from bot.store.tickets import Tickets
from bot.store.watch import Watches
from tests.conftest import Person
from tests.databases import needs_postgresql, run
from tests.databases import url as url
from tests.server import running
from tests.writing import SEND, WORDS, code_in

PASSPHRASE = "a passphrase for tests only"
SITE = """
operator: {name: Test, contact: here}
responsible: {name: Test, role: test, contact: here}
desks:
  - {id: ngo-pl, name: Polish desk, kind: ngo, countries: [PL]}
"""
OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
NO_DESK = "From here I cannot pass anything on"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with one desk for Poland, not founded yet."""
    (tmp_path / "site.yml").write_text(SITE)
    var = tmp_path / "var"
    return replace(load(), var=var, site=tmp_path / "site.yml", database_url=f"sqlite:///{var / 'oberih.db'}")


@pytest.fixture
def recovery(settings: Settings) -> Recovery:
    """The recovery key of the site, founded."""
    site = founding.site_of(settings)
    assert site is not None
    return founding.found(settings, site, {"ngo-pl": founding.FirstMember("olena", PASSPHRASE)})


@pytest.fixture
def writes(services: Any, chat: Any, settings: Settings, monkeypatch: Any) -> Iterator[Callable[..., Person]]:
    """Opens a conversation, in English, with this site as it is on disk now."""

    def opened(site: Settings = settings) -> Person:
        here = replace(services, settings=site, reporting=reporting_of(site))
        monkeypatch.setattr("actions.turn.current", lambda: here)
        return chat.open("en")

    yield opened


async def about(person: Person, country: str) -> list[dict]:
    """Begin a report and say in which country it happens."""
    await person.presses("/report")
    while person.slots.get("asked") != asked.COUNTRY:
        await person.presses(payload("skip", person.slots["asked"]))
    return await person.presses(payload("affirm", asked.COUNTRY, country))


async def in_poland(person: Person) -> list[dict]:
    """Write a report about Poland up to its preview."""
    await about(person, "PL")
    while (question := person.slots.get("asked")) != asked.PREVIEW:
        words = WORDS.get(question)
        replies = await (person.says(words) if words else person.presses(payload("skip", question)))
    return replies


async def shows_numbers(person: Person) -> bool:
    await person.presses("/numbers")
    replies = await person.presses(payload("numbers", value="PL"))
    return any(line["number"] == "112" for reply in replies for line in reply.get("lines", ()))


async def is_closed(person: Person) -> bool:
    [reply] = await person.presses("/report")
    told = NO_DESK in reply["text"] and "report" not in (person.slots.get("draft") or {})
    return told and await shows_numbers(person)


def stored(settings: Settings) -> int:
    return len(Tickets(Database(settings.database_url)).of_desk("ngo-pl"))


async def test_no_desk_for_the_country(writes, settings, recovery) -> None:
    person = writes()
    [reply] = await about(person, "DE")
    assert "No team that takes reports is connected" in reply["text"] and "Nothing was sent" in reply["text"]
    assert any(line["number"] == "112" for line in reply["lines"])
    assert person.slots.get("draft") is None and stored(settings) == 0


async def test_a_desk_that_was_never_founded(writes) -> None:
    assert await is_closed(writes())


async def test_a_key_folder_that_is_open_to_others(writes, settings, recovery) -> None:
    (settings.key_folder / "pepper").chmod(0o644)
    assert await is_closed(writes())


@pytest.mark.parametrize("name", ["site_salt", "root.pub", "pins.json", "pepper"])
async def test_a_key_file_that_is_gone_or_damaged(writes, settings, recovery, name: str) -> None:
    path = settings.key_folder / name
    path.write_bytes(b"\xff")
    assert await is_closed(writes())
    path.unlink()
    assert await is_closed(writes())
    path.mkdir(0o700)
    assert await is_closed(writes())


async def test_a_desk_without_a_pin(writes, settings, recovery) -> None:
    key_folder.write_pins(settings.key_folder, pin_book.start(recovery))
    assert await is_closed(writes())


async def test_a_pin_that_someone_else_signed(writes, settings, recovery) -> None:
    pins = settings.key_folder / "pins.json"
    pins.write_text(pins.read_text().replace('"generation": 1', '"generation": 2'))
    assert await is_closed(writes())


async def test_a_database_that_is_gone_before_the_report_starts(writes, settings, recovery) -> None:
    person = writes()
    os.remove(settings.var / "oberih.db")
    assert await is_closed(person)
    assert "oberih.db" not in os.listdir(settings.var)


async def test_a_database_address_that_makes_no_sense(services, chat, settings, recovery, monkeypatch) -> None:
    here = replace(services, reporting=reporting_of(replace(settings, database_url="nonsense")))
    monkeypatch.setattr("actions.turn.current", lambda: here)
    assert await is_closed(chat.open("en"))


@pytest.mark.parametrize("language, says", [("en", "I have no confirmation"), ("uk", "Підтвердження, що")])
async def test_a_database_that_goes_between_preview_and_confirm(
    writes, chat, settings, recovery, tmp_path: Path, language: str, says: str
) -> None:
    writes()
    person = chat.open(language)
    code = code_in(await in_poland(person))
    draft = person.slots["draft"]
    files = [path for path in settings.var.iterdir() if path.name.startswith("oberih.db")]
    (tmp_path / "away").mkdir()
    for path in files:
        path.rename(tmp_path / "away" / path.name)
    for _ in range(2):
        [reply] = await person.presses(SEND)
        assert says in reply["text"] and reply["kind"] == "error"
        assert person.slots["draft"] == tried(draft)
    [later] = await receipt(chat.open("en"), code)
    assert "cannot look up receipt codes just now" in later["text"]
    assert await shows_numbers(chat.open("en"))
    for path in files:
        (tmp_path / "away" / path.name).rename(path)
    assert stored(settings) == 0
    [sent, *_] = await person.presses(SEND)
    assert code in sent["text"] and stored(settings) == 1
    [told] = await receipt(chat.open("en"), code)
    assert "was sent and is waiting" in told["text"]


def watched(settings: Settings) -> tuple[Settings, Watches]:
    """The site as in production, where its desk has to be awake; somebody has just logged in."""
    watches = Watches(Database(settings.database_url))
    watches.note_login("ngo-pl", datetime.now(timezone.utc))
    return replace(settings, demo=False), watches


async def test_a_desk_where_nobody_logs_in_any_more(writes, settings, recovery) -> None:
    gated, watches = watched(settings)
    beginning, writing, at_preview = writes(gated), writes(gated), writes(gated)
    await writing.presses("/report")
    await in_poland(at_preview)
    watches.note_login("ngo-pl", datetime.now(timezone.utc) - timedelta(hours=50))
    assert await is_closed(beginning)
    while writing.slots.get("asked"):
        replies = await writing.presses(payload("skip", writing.slots["asked"]))
    assert "Nothing was sent and nothing is kept" in replies[-1]["text"] and writing.slots.get("draft") is None
    [told] = await at_preview.presses(SEND)
    assert "Nothing was sent and nothing is kept" in told["text"] and at_preview.slots.get("draft") is None
    assert stored(settings) == 0
    watches.note_login("ngo-pl", datetime.now(timezone.utc))
    await in_poland(again := writes(gated))
    [sent, *_] = await again.presses(SEND)
    assert "The report is sent" in sent["text"] and stored(settings) == 1


async def test_a_desk_that_falls_asleep_after_a_report_was_sent(writes, settings, recovery) -> None:
    gated, watches = watched(settings)
    person = writes(gated)
    await in_poland(person)
    await person.presses(SEND)
    watches.note_login("ngo-pl", datetime.now(timezone.utc) - timedelta(hours=50))
    [reply, *_] = await person.presses(payload("affirm", asked.MORE))
    while (question := person.slots.get("asked")) not in (asked.PREVIEW, None):
        [*_, reply] = await person.presses(payload("skip", question))
    assert person.slots.get("asked") == asked.PREVIEW and "Nothing was sent" not in reply["text"]
    [added] = await person.presses(SEND)
    assert "Your answers are sent" in added["text"] and stored(settings) == 1


@needs_postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_postgresql_database_that_is_dropped_and_comes_back(writes, url: str, request) -> None:
    settings = replace(request.getfixturevalue("settings"), database_url=url)
    site = founding.site_of(settings)
    assert site is not None
    founding.found(settings, site, {"ngo-pl": founding.FirstMember("olena", PASSPHRASE)})
    person = writes(settings)
    code = code_in(await in_poland(person))
    draft, schema = person.slots["draft"], url.rpartition("%3D")[2]
    run(f"ALTER SCHEMA {schema} RENAME TO {schema}_away")
    try:
        [reply] = await person.presses(SEND)
        assert "I have no confirmation" in reply["text"] and person.slots["draft"] == tried(draft)
        assert await is_closed(writes(settings))
    finally:
        run(f"ALTER SCHEMA {schema}_away RENAME TO {schema}")
    assert stored(settings) == 0
    [sent, *_] = await person.presses(SEND)
    assert code in sent["text"] and stored(settings) == 1


def tried(draft: dict) -> dict:
    """The same report, with nothing of it lost, and marked as one that may have arrived."""
    return {**draft, "report": {**draft["report"], "tried": True}}


async def receipt(person: Person, code: str) -> list[dict]:
    await person.presses("/receipt")
    return await person.says(code)


async def test_a_lost_answer_and_a_line_struck_after_it(writes, settings, recovery, monkeypatch) -> None:
    """The ticket was stored, the answer was lost: sending again stores no second one, and takes the line out."""
    from bot.runtime import desk_session
    from bot.store.errors import StoreUnavailable

    person = writes()
    code = code_in(await in_poland(person))
    insert = Tickets.insert

    def lost(*arguments: Any, **named: Any) -> None:
        insert(*arguments, **named)
        raise StoreUnavailable("The answer was lost.")

    monkeypatch.setattr(Tickets, "insert", lost)
    [reply] = await person.presses(SEND)
    assert "I have no confirmation" in reply["text"] and "nothing was sent" not in reply["text"].lower()
    monkeypatch.setattr(Tickets, "insert", insert)
    await person.presses(payload("deny", asked.PREVIEW, "narrative"))
    [reply] = await person.presses(SEND)
    assert code in reply["text"]
    [found] = desk_session.log_in(settings, "ngo-pl", "olena", PASSPHRASE).tickets()
    ticket = found.content
    assert ticket is not None and ticket.with_whom and ticket.narrative is None


def test_a_server_and_a_check_go_on_where_keys_are_open_to_others(services, settings, recovery, tmp_path: Path) -> None:
    (settings.key_folder / "pepper").chmod(0o644)
    folder = tmp_path / "server"
    folder.mkdir()
    with running(folder, OBERIH_VAR=str(settings.var), OBERIH_SITE=str(settings.site)) as server:
        assert httpx.get(server.base + "/health").status_code == 200
        done = oberih(settings, "check", OFFER)
        assert done.returncode == 0, done.stderr


def test_a_broken_site_file_is_refused_in_one_line(settings) -> None:
    settings.site.write_text("desks: 1")
    done = oberih(settings, "serve")
    [line] = done.stderr.decode().strip().splitlines()
    assert done.returncode == 2 and "site.yml" in line


def oberih(settings: Settings, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    changed = {
        "OBERIH_VAR": str(settings.var),
        "OBERIH_SITE": str(settings.site),
        "OBERIH_MODELS": str(load().model_folder.resolve()),
    }
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, env={**os.environ, **changed}, capture_output=True, timeout=120)
