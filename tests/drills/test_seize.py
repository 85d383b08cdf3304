"""SEIZE: reports are there, desks have been at work, nobody is logged in, and every file is taken."""

import itertools
import re
import sqlite3
from pathlib import Path

import pytest

from bot.privacy.index_tags import tag
from bot.reports.ticket import Identifier, Obtained
from tests import desks
from tests.attack import attack
from tests.desks import Site
from tests.drills.guessing import guessed, linked
from tests.leaks import leaks

NUMBERS = ("+380501234567", "+380671112233", "+48600100200", "+4915112345678")
OTHERS = tuple(f"+38050{number:07d}" for number in range(500))
"""Whoever seizes a server can try all numbers there are; a few hundred stand for the rest."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("seized")
    site = desks.found(folder, f"sqlite:///{folder}/var/oberih.db")
    ids = []
    for number, desk in itertools.product(NUMBERS, ("ngo", "hotline")):
        for words in ("one account of it", "quite another account of the same man"):
            named = Identifier(type="phone", value=number, obtained=Obtained.TYPED)
            ids.append((desk, site.report(desk, narrative=f"{words}: {number}", identifiers=(named,))))
    for desk, id in ids[::3]:
        session = site.at_work(desk)
        session.talk.decide(session.ticket(id)[0], "accepted")
    for desk in ("ngo", "hotline"):
        site.at_work(desk)
    return site


def database(site: Site) -> Path:
    return site.settings.var / "oberih.db"


def seized_secrets(site: Site) -> set[bytes]:
    """Every 32 bytes, or 64 hexadecimal digits, in the key folder: the pepper, the salt, public keys, hashes."""
    found: set[bytes] = set()
    for path in site.settings.key_folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found |= {bytes.fromhex(digits.decode()) for digits in re.findall(rb"[0-9a-f]{64}", content)}
            found |= {content} if len(content) == 32 else set()
    assert len(found) > 4
    return found


def test_no_ticket_opens_and_no_number_is_in_any_file(site: Site) -> None:
    assert attack([site.settings.var], {}, database(site)) == []
    assert leaks([site.settings.var], 0, NUMBERS) == []


def test_no_number_can_be_tried_with_what_was_seized(site: Site) -> None:
    assert guessed(database(site), seized_secrets(site), NUMBERS + OTHERS) == []


def test_no_two_tickets_are_seen_to_belong_together(site: Site) -> None:
    assert linked(database(site)) == set()


def test_the_same_attack_finds_tags_that_lie_in_the_clear(site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "oberih.db"
    with sqlite3.connect(database(site)) as source, sqlite3.connect(copy) as taken:
        source.backup(taken)
        pepper = next(iter(seized_secrets(site)))
        ids = [id for (id,) in taken.execute("SELECT id FROM ticket LIMIT 2")]
        taken.execute("CREATE TABLE left_tag (ticket TEXT, tag BLOB)")
        rows = [(id, tag(pepper, "phone", NUMBERS[0])) for id in ids]
        taken.executemany("INSERT INTO left_tag VALUES (?, ?)", rows)
    assert guessed(copy, {pepper}, NUMBERS + OTHERS) == [NUMBERS[0]]
    assert linked(copy) == {tuple(sorted(ids))}
