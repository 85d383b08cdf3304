"""Killed at any step of passing a report on: nobody is told 'sent' without a ticket, and there are never two.

The receipt code was shown with the preview, so it must tell the truth afterwards, to a new session of a
server that was started anew.
"""

import asyncio
import json
import os
import secrets
import signal
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.privacy.receipts import grouped, new_code, parse_code
from bot.runtime import founding
from bot.runtime.reporting import Reporting, reporting_of
from bot.runtime.services import Services
from bot.settings import Settings, load
from bot.store import tables
from bot.store.database import Database
from tests.conftest import Person, Talk
from tests.databases import url as url
from tests.faults.killing import ARMS, FIRST, LAST, STORED, arm, die
from tests.server import running
from tests.writing import SEND, WORDS, Visitor, code_in, to_preview

ROUNDS = int(os.environ.get("OBERIH_KILL_ROUNDS", "50" if os.environ.get("CI") == "true" else "5"))
PROGRAM = """
from tests.faults.killing import arm
arm({step!r})
from bot.runtime.launch import serve
from bot.settings import load
serve(load())
"""
WAITS, UNKNOWN = "was sent and is waiting", "no report with this code"


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[Settings]:
    """A founded site of its own."""
    settings = replace(load(), var=tmp_path / "var", database_url=url)
    assert founding.found_training_site(settings)
    yield settings


@pytest.mark.parametrize("step", ARMS)
def test_a_process_killed_at_a_step(services: Services, site: Settings, monkeypatch: Any, step: str) -> None:
    at = [services]
    monkeypatch.setattr("actions.turn.current", lambda: at[0])
    talk = Talk(services)
    rounds = ROUNDS if site.database_url.startswith("sqlite") else 1
    at[0] = started_anew(services, site)
    talk.services = at[0]
    written = talk.open("en")
    assert code_in(run(to_preview(written, WORDS)))
    for done in range(rounds):
        before = counted(site)
        assert before == (done if step in STORED else 0,) * 2
        person, code = same_report(talk, written)
        told = killed_while_confirming(services, at, site, person, step)
        sent = "The report is sent" in told
        assert sent == (step == LAST) and (code in told) == sent
        at[0] = started_anew(services, site)
        looked_up = run(look_up(talk.open("en"), code))
        assert (WAITS if step in STORED else UNKNOWN) in looked_up
    assert counted(site) == (rounds if step in STORED else 0,) * 2


def test_a_server_killed_at_each_step(services: Services, tmp_path: Path) -> None:
    """Each server is armed for its step, and first tells what became of the report before it."""
    settings = replace(load(), var=tmp_path / "var", database_url=f"sqlite:///{tmp_path}/var/oberih.db")
    founding.found_training_site(settings)
    before: dict[str, str] = {}
    for number, step in enumerate([*ARMS, "no step"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        program = PROGRAM.format(step=step if step in ARMS else FIRST)
        with running(folder, program, OBERIH_VAR=str(settings.var)) as server:
            client = httpx.Client(base_url=server.base, timeout=30)
            for step_before, code in before.items():
                expected = WAITS if step_before in STORED else UNKNOWN
                assert expected in Visitor(client, services.texts).looks_up(code), step_before
            if step not in ARMS:
                break
            person = Visitor(client, services.texts)
            before = {step: person.to_preview(WORDS)}
            told = confirmed(person, server.process, step)
            assert server.process.wait(10) == -signal.SIGKILL
            assert any("The report is sent" in reply["text"] for reply in told) == (step == LAST)
    assert counted(settings) == (len(STORED),) * 2


def confirmed(person: Visitor, process: Any, step: str) -> list[dict[str, Any]]:
    """Confirm to a server that dies at a step; return what it said."""
    if step == FIRST:
        process.kill()
        process.wait()
    try:
        told = person.presses("report.button.send")
    except httpx.TransportError:
        return []
    process.kill()
    return told


def run(work: "Coroutine[Any, Any, Any]") -> Any:
    """Run something in a loop of its own, and leave no thread behind that a fork would lose."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def started_anew(services: Services, site: Settings) -> Services:
    """The services with all that reporting holds read from disk again, as a new process does."""
    reporting = reporting_of(site)
    assert isinstance(reporting, Reporting)
    return replace(services, settings=site, reporting=reporting)


def same_report(talk: Talk, written: Person) -> tuple[Person, str]:
    """The written report at its preview in a session of its own, with the code and id of another one."""
    person = talk.open("en")
    report = {**written.slots["draft"]["report"], "code": new_code(), "ticket": secrets.token_hex(16)}
    person.session.slots = {**written.slots, "draft": {**written.slots["draft"], "report": report}}
    return person, grouped(report["code"])


def killed_while_confirming(services: Services, at: list[Services], site: Settings, person: Person, step: str) -> str:
    """Confirm in a process that dies at a step; return what it told the person."""
    reading, writing = os.pipe()
    # Nothing of the database may be open: SQLite's locks and PostgreSQL's connections do not survive a fork.
    at[0].reporting._database.close()  # type: ignore[union-attr]
    child = os.fork()
    if child == 0:
        try:
            at[0] = started_anew(services, site)
            arm(step)
            if step == FIRST:
                die()
            os.write(writing, json.dumps(run(person.presses(SEND))).encode())
            if step == LAST:
                die()
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (status, told)
    return " ".join(reply["text"] for reply in json.loads(told)) if told else ""


async def look_up(person: Person, code: str) -> str:
    assert parse_code(code)
    await person.presses("/receipt")
    return str((await person.says(code))[-1]["text"])


def counted(site: Settings) -> tuple[int, int]:
    """How many tickets and how many outbox rows there are."""
    database = Database(site.database_url)
    with database.read() as connection:
        found = [
            connection.execute(select(func.count()).select_from(t)).scalar_one() for t in (tables.ticket, tables.outbox)
        ]
    database.close()
    return found[0], found[1]
