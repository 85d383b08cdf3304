"""Killed at any step of a change of keys: every ticket opens afterwards, and the next session finishes it."""

import multiprocessing
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.privacy.roster import RosterError
from bot.runtime import desk_session, key_folder
from bot.runtime.desk_session import DeskError
from bot.store import tables
from bot.store.desks import Desks
from tests import desks
from tests.databases import url as url
from tests.desks import PASSPHRASE, TODAY, Site, phone
from tests.faults import rotating
from tests.faults.rotating import COUNTS_FROM, STEPS

TICKETS = 8
ROUNDS = 5


@pytest.fixture
def site(url: str, tmp_path: Path) -> Site:
    founded = desks.found(tmp_path, url)
    founded.joins("leaver")
    return founded


def sent(site: Site) -> dict[str, str]:
    """Tickets with answers on them, some accepted, one withdrawn."""
    words = {site.report(narrative=f"words {n}", identifiers=(phone(),)): f"words {n}" for n in range(TICKETS)}
    for number, ticket in enumerate(words):
        site.answers(ticket)
        if number % 3 == 0:
            site.tickets.set_state(ticket, "accepted", TODAY)
    site.tickets.withdraw(site.report(narrative="gone"), TODAY)
    return words


def dies(program: Callable[..., None], *arguments: Any, seconds: "float | None" = None) -> int:
    """Run a program in a process of its own, and return how it ended; killed after some seconds, if given."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.faults.rotating"])
    process = processes.Process(target=program, args=arguments)
    process.start()
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    process.join(60)
    return process.exitcode or 0


def whole(site: Site, words: dict[str, str], generation: int) -> None:
    """Say that everything opens, answers too, that nothing is left of the change, and that the log is whole."""
    session = site.at_work()
    assert session.opened.pin.generation == generation
    assert {each.record.id: each.content.narrative for each in session.tickets() if each.content} == words
    for ticket in words:
        record = site.tickets.get(ticket)
        assert record and record.generation == generation and record.indexed != "no"
        for message in site.tickets.messages(ticket):
            desks.opened_answer(session, message)
    stored = Desks(site.database)
    row = stored.get("ngo", generation)
    assert row is not None and row.sealed_earlier is None and stored.get("ngo", generation - 1) is None
    with site.database.read() as connection:
        entries = connection.execute(tables.index_entry.select()).all()
    # An entry each, which other desks may find where the ticket is accepted.
    assert len(entries) == TICKETS and sum(entry.shared is not None for entry in entries) == (TICKETS + 2) // 3
    _, wrong = session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)
    assert wrong == ()


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_a_step(site: Site, step: str) -> None:
    words = sent(site)
    assert dies(rotating.leave_and_die, site.settings, step) == -9
    generation = 2 if list(STEPS).index(step) >= COUNTS_FROM else 1
    words[site.report(narrative="in between", identifiers=(phone("+380671112233"),))] = "in between"
    left = desk_session.log_in(site.settings, "ngo", "olha", PASSPHRASE)
    assert {each.record.id for each in left.tickets() if not each.damaged} >= {list(words)[-1]}
    if generation == 2:
        with pytest.raises((RosterError, DeskError)):
            desk_session.log_in(site.settings, "ngo", "leaver", PASSPHRASE)
        del words[withdrawn_extra(site, words)]
        whole(site, words, 2)
    else:
        del words[withdrawn_extra(site, words)]
        assert dies(rotating.leave, site.settings) == 0
        whole(site, words, 2)
    assert [member.name for member in Desks(site.database).members("ngo")] == ["olha"]


def withdrawn_extra(site: Site, words: dict[str, str]) -> str:
    """Withdraw the report that came in between: its tombstone must not hold the earlier secret."""
    ticket = list(words)[-1]
    assert site.at_work().ticket(ticket)[1].narrative == words[ticket]
    site.tickets.withdraw(ticket, TODAY)
    return ticket


def test_processes_killed_at_random_moments(site: Site) -> None:
    words = sent(site)
    for _ in range(ROUNDS):
        dies(rotating.leave, site.settings, seconds=random.uniform(0.2, 0.9))
        session = site.at_work()
        assert {each.record.id: each.content.narrative for each in session.tickets() if each.content} == words
        if [member.name for member in Desks(site.database).members("ngo")] == ["olha"]:
            site.joins("leaver")
    dies(rotating.leave, site.settings)
    pin = key_folder.read(site.settings.key_folder).pins.current("ngo")
    whole(site, words, pin.generation)
