"""`oberih desk …`: asking once and being admitted; leaving, new keys, recovering; what the audit log tells."""

import json
import re
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pexpect
import pytest
from sqlalchemy import select, update

from bot.privacy.invitations import invitation_id
from bot.privacy.recovery import new_recovery
from bot.reports.ticket import Ticket
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


def admitted(site: ReportingSite, name: str, number: str, desk: str = "ngo") -> "subprocess.CompletedProcess[str]":
    return site.run("desk", "admit", name, "--desk", desk, "--as", "olha", typed=f"{PASSPHRASES[desk]}\n{number}\n")


def joined(site: ReportingSite, name: str, desk: str = "ngo", *more: str) -> None:
    done = site.run("desk", "join", invited(site, desk, *more), "--name", name, typed=NEW + "\n")
    assert done.returncode == 0, done.stderr
    assert admitted(site, name, number_in(done.stdout), desk).returncode == 0


def number_in(shown: str) -> str:
    [number] = re.findall(r"Your number is (\d{4} \d{4})", shown)
    return str(number)


def test_who_is_admitted_opens_the_desk_too(site: ReportingSite) -> None:
    code = invited(site)
    done = site.run("desk", "join", code, "--name", "Ірина Ш.2", typed=NEW + "\n")
    assert done.stdout.startswith("Ірина Ш.2 asks to be admitted to desk ngo as intake.\n")
    number = number_in(done.stdout)
    before = ("tickets", "list", "--desk", "ngo", "--as", "Ірина  Ш.2")
    assert refused(site.run(*before, typed=NEW + "\n"), "has no member")
    assert refused(admitted(site, "nobody", number), "Nobody called nobody asks to be admitted")
    other = f"{(int(number.replace(' ', '')) + 1) % 10**8:08}"
    assert refused(admitted(site, "Ірина Ш.2", other), "another number than theirs: admit nobody")
    assert admitted(site, "Ірина Ш.2", number).stdout == "Ірина Ш.2 is now intake at desk ngo.\n"
    for name, passphrase in (("olha", PASSPHRASES["ngo"]), ("Ірина  Ш.2", NEW)):
        opened = site.run("tickets", "list", "--desk", "ngo", "--as", name, typed=passphrase + "\n")
        assert opened.stdout == "Desk ngo has no tickets.\n"
    assert refused(site.run("desk", "join", code, "--name", "oksana", typed=NEW + "\n"), "was used or has expired")
    assert refused(site.run("tickets", "list", "--desk", "ngo", typed=NEW + "\n"), "has 2 members: give your name")


def test_an_auditor_reads_the_log_and_no_ticket_and_an_administrator_invites(site: ReportingSite) -> None:
    joined(site, "auditor", "police", "--role", "auditor")
    joined(site, "boss", "police", "--role", "admin")
    log = site.run("desk", "audit", "police", "--as", "auditor", typed=NEW + "\n")
    assert log.returncode == 0 and "signed and whole" in log.stdout
    at_police = ("--desk", "police", "--as")
    for who, command in (("auditor", ("tickets", "list")), ("boss", ("tickets", "list"))):
        assert refused(site.run(*command, *at_police, who, typed=NEW + "\n"), "which does not do this")
    assert refused(site.run("desk", "audit", "police", "--as", "boss", typed=NEW + "\n"), "which does not do this")
    code = site.run("desk", "invite", "police", "--as", "boss", "--role", "investigator", typed=NEW + "\n")
    assert "as investigator, for one person" in code.stdout
    shown = site.run("desk", "members", "police", "--as", "boss", typed=NEW + "\n").stdout
    assert "boss: admin, joined" in shown and "olha: investigator" in shown
    [start] = re.findall(r"Invitation ([0-9a-f]{8}): investigator, by boss, until .*: not used yet", shown)
    gone = site.run("desk", "withdraw", start, *at_police, "boss", typed=NEW + "\n")
    assert gone.stdout == "The invitation is withdrawn.\n"
    assert "Invitation" not in site.run("desk", "members", "police", "--as", "boss", typed=NEW + "\n").stdout


def test_on_a_terminal_code_name_and_passphrase_are_asked_for(site: ReportingSite) -> None:
    code = invited(site, "hotline", "--role", "hotline")
    child = site.terminal("desk", "join")
    for question, answer in (
        ("Invitation code", code.lower().replace("-", " ")),
        ("Your name at desk hotline", "oksana"),
        ("New passphrase of oksana at desk hotline", NEW),
        ("The same again", NEW),
    ):
        child.expect(question)
        types_hidden(child, answer) if answer == NEW else child.sendline(answer)
    child.expect("oksana asks to be admitted to desk hotline as hotline")
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


def entered(site: ReportingSite, desk: str = "ngo") -> list[tuple[str, str]]:
    """Return who did what at a desk, as `desk audit` says."""
    done = site.run("desk", "audit", desk, "--as", "olha", "--json", typed=PASSPHRASES[desk] + "\n")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["whole"] and found["wrong"] == []
    return [(entry["member"], entry["action"]) for entry in found["entries"]]


def test_who_leaves_opens_nothing_any_more_and_the_log_tells(tmp_path: Path) -> None:
    site = reporting_site.at(tmp_path)
    code = re.findall(r"OBERIH1(?: [0-9A-Z]{1,4})+", site.init().stdout)[0]
    site.send("aa" + "1" * 30, Ticket(created=datetime(2026, 11, 24, tzinfo=timezone.utc), recipients=("ngo",)))
    joined(site, "leaver")
    left = site.run("desk", "leave", "leaver", "--desk", "ngo", "--as", "olha", typed=PASSPHRASES["ngo"] + "\n")
    assert left.stdout == "leaver is no member of desk ngo any more. Tickets sealed anew: 1.\n" and left.stderr == ""
    assert refused(site.run("tickets", "list", "--desk", "ngo", "--as", "leaver"), "no member leaver")
    rotated = site.run("desk", "rotate", "ngo", typed=PASSPHRASES["ngo"] + "\n")
    assert rotated.stdout == "Desk ngo has new keys. Tickets sealed anew: 1.\n"
    recovered = site.run("desk", "recover", "ngo", "--name", "olha", typed=f"{code}\n{NEW}\n")
    assert "olha opens desk ngo with the new passphrase" in recovered.stdout and code not in recovered.stdout
    assert refused(site.run("tickets", "list", "--desk", "ngo", typed=PASSPHRASES["ngo"] + "\n"), "does not open")
    shown = site.run("desk", "audit", "ngo", typed=NEW + "\n").stdout.splitlines()
    acts = [line.split("  ")[3] for line in shown[:-1]]
    assert acts == ["found", "invite", "admit", "leave", "sealed_anew", "rotate", "sealed_anew", "recover", "audit"]
    assert shown[-1] == "9 entries, signed and whole."


def test_a_log_that_was_cut_off_ends_the_audit_with_1(site: ReportingSite) -> None:
    before = entered(site, "police")
    assert before[0] == ("olha", "found") and before[-1] == ("olha", "audit")
    with Database(site.settings.database_url).write() as connection:
        last = tables.audit.c.number == len(before)
        connection.execute(tables.audit.delete().where(tables.audit.c.desk == "police", last))
    done = site.run("desk", "audit", "police", "--as", "olha", typed=PASSPHRASES["police"] + "\n")
    assert done.returncode == 1 and "its end was cut off" in done.stdout
    listed = site.run("tickets", "list", "--desk", "police", "--as", "olha", typed=PASSPHRASES["police"] + "\n")
    assert listed.returncode == 0 and "run `oberih desk audit`" in listed.stderr


@pytest.mark.parametrize(
    "arguments, typed, says",
    [
        (("leave", "olha", "--desk", "hotline", "--as", "olha"), "hotline", "Someone who stays must do this"),
        (("leave", "nobody", "--desk", "hotline", "--as", "olha"), "hotline", "has no member nobody"),
        (("sharing", "loudly", "--desk", "hotline", "--as", "olha"), "hotline", "openly or silently"),
        (("recover",), "hotline", "This site has 3 desks"),
    ],
)
def test_what_cannot_be_done_says_why(site: ReportingSite, arguments: tuple[str, ...], typed: str, says: str) -> None:
    assert refused(site.run("desk", *arguments, typed=PASSPHRASES[typed] + "\n"), says)


def test_a_mistyped_recovery_key_is_named(site: ReportingSite) -> None:
    done = site.run("desk", "recover", "hotline", "--name", "olha", typed=f"OBERIH1 QQQQ\n{NEW}\n")
    assert refused(done, "This is not a recovery code")


def test_a_lost_recovery_key_is_replaced_at_one_sitting(tmp_path: Path) -> None:
    site = reporting_site.at(tmp_path)
    assert site.init().returncode == 0
    child = site.terminal("desk", "recovery-key")
    for desk in ("hotline", "ngo", "police"):
        child.expect(f"Passphrase of olha at {desk}: ")
        types_hidden(child, PASSPHRASES[desk])
    child.expect(r"(OBERIH1(?: [0-9A-Z]{1,4})+)")
    code = child.match.group(1)
    child.expect("Type the new recovery key from the paper: ")
    types_hidden(child, code.lower())
    child.expect("The new recovery key opens every desk")
    child.expect(pexpect.EOF)
    assert child.logfile_read.getvalue().count(code) == 1
    recovered = site.run("desk", "recover", "police", "--name", "olha", typed=f"{code}\n{NEW}\n")
    assert "olha opens desk police" in recovered.stdout


def test_a_new_recovery_key_that_was_copied_wrongly_replaces_nothing(site: ReportingSite) -> None:
    """Two members at a desk: the name is given once for all."""
    typed = "\n".join(PASSPHRASES[desk] for desk in ("hotline", "ngo", "police"))
    other = new_recovery().code
    done = site.run("desk", "recovery-key", "--as", "olha", typed=f"{typed}\n{other}\n")
    assert done.returncode == 2 and "not the key that was shown: nothing has changed" in done.stderr
