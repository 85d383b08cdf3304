"""`oberih desk invite` and `join`: one person, once, within 72 hours."""

import re
from datetime import datetime, timedelta, timezone

import pexpect
import pytest
from sqlalchemy import select, update

from bot.privacy.roster import invitation_id
from bot.store import tables
from bot.store.database import Database
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused, types_hidden

NEW = "nine paper boats going south"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("site"))
    assert founded.init().returncode == 0
    return founded


def invited(site: ReportingSite, desk: str = "ngo", *more: str) -> str:
    done = site.run("desk", "invite", desk, "--as", "olha", *more, typed=PASSPHRASES[desk] + "\n")
    assert done.returncode == 0, done.stderr
    [code] = re.findall(r"JOIN1[0-9A-Z-]+", done.stdout)
    return code


def test_two_members_both_open_the_desk(site: ReportingSite) -> None:
    code = invited(site)
    done = site.run("desk", "join", code, "--name", "Ірина Ш.2", typed=NEW + "\n")
    assert done.stdout == "Ірина Ш.2 is now a member of desk ngo.\n"
    for name, passphrase in (("olha", PASSPHRASES["ngo"]), ("Ірина  Ш.2", NEW)):
        opened = site.run("tickets", "list", "--desk", "ngo", "--as", name, typed=passphrase + "\n")
        assert opened.stdout == "Desk ngo has no tickets.\n"
    assert refused(site.run("desk", "join", code, "--name", "oksana", typed=NEW + "\n"), "was used or has expired")
    assert refused(site.run("tickets", "list", "--desk", "ngo", typed=NEW + "\n"), "has 2 members: give your name")


def test_on_a_terminal_code_name_and_passphrase_are_asked_for(site: ReportingSite) -> None:
    code = invited(site, "hotline", "--role", "lead")
    child = site.terminal("desk", "join")
    for question, answer in (
        ("Invitation code", code.lower().replace("-", " ")),
        ("Your name at desk hotline", "oksana"),
        ("New passphrase of oksana at desk hotline", NEW),
        ("The same again", NEW),
    ):
        child.expect(question)
        types_hidden(child, answer) if answer == NEW else child.sendline(answer)
    child.expect("oksana is now a lead of desk hotline")
    child.expect(pexpect.EOF)
    assert NEW not in child.logfile_read.getvalue()


def test_a_mistake_that_can_be_corrected_does_not_use_the_code_up(site: ReportingSite) -> None:
    code = invited(site, "police")
    mistyped = code[:-1] + ("q" if code[-1] != "Q" else "p")
    assert refused(site.run("desk", "join", mistyped, "--name", "taras", typed=NEW + "\n"), "copy it again, all of it")
    assert refused(site.run("desk", "join", code, "--name", "taras", typed="short\n"), "at least 15 characters")
    assert refused(site.run("desk", "join", code, "--name", "olha", typed=NEW + "\n"), "choose another name")
    assert refused(site.run("desk", "join", code, "--name", "<>", typed=NEW + "\n"), "A name has")
    assert refused(site.run("desk", "join", code, "--name", "taras"), "New passphrase of taras")
    assert site.run("desk", "join", code, "--name", "taras", typed=NEW + "\n").returncode == 0


def test_a_code_expires(site: ReportingSite) -> None:
    code = invited(site)
    with Database(site.settings.database_url).write() as connection:
        past = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(minutes=1)
        connection.execute(update(tables.invitation).values(expires=past))
    assert refused(site.run("desk", "join", code, "--name", "late", typed=NEW + "\n"), "was used or has expired")
    with Database(site.settings.database_url).read() as connection:
        left = connection.execute(select(tables.invitation.c.id)).scalars().all()
    assert invitation_id(code) not in left


@pytest.mark.parametrize(
    "arguments, typed, says",
    [
        (("ngo", "--as", "olha"), "not the passphrase\n", "This passphrase does not open this key"),
        (("ngo", "--as", "olha"), PASSPHRASES["police"] + "\n", "This passphrase does not open this key"),
        (("ngo", "--as", "olha"), "", "Passphrase of olha at ngo"),
        (("ngo", "--as", "nobody"), "", "Desk ngo has no member nobody"),
        (("mars",), "", "There is no desk mars. Desks here: hotline, ngo, police."),
        ((), "", "This site has 3 desks: say which one"),
        (("ngo", "--as", "olha", "--role", "king"), "", "There is no role king"),
    ],
)
def test_who_cannot_invite_is_told_why(site: ReportingSite, arguments: tuple[str, ...], typed: str, says: str) -> None:
    assert refused(site.run("desk", "invite", *arguments, typed=typed), says)
