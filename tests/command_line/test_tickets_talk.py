"""`oberih tickets ask|correct|accept|reject|close`: a desk talks to who reported, and what is shown is harmless."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from bot.reports.ticket import Ticket
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused

CREATED = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
TICKET, HELD = "aa" + "1" * 30, "bb" + "2" * 30
WORDS = "\x1b[31mДе це сталося?\u202e"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("site"))
    assert founded.init().returncode == 0
    return founded


def run(site: ReportingSite, *arguments: str, typed: str = "", desk: str = "ngo"):
    return site.run("tickets", *arguments, "--desk", desk, typed=f"{PASSPHRASES[desk]}\n{typed}\n")


def test_a_desk_asks_corrects_decides_and_reads_the_thread(site: ReportingSite) -> None:
    code = site.send(TICKET, Ticket(created=CREATED, recipients=("ngo",)))
    asked = run(site, "ask", "aa", typed=WORDS)
    assert "Question 1" in asked.stdout and "The wrong person may read this" in asked.stderr
    assert run(site, "accept", "aa").stdout == f"Ticket {TICKET} is accepted.\n"
    assert "high" in run(site, "correct", "aa", "--level", "high", typed="It matches others.").stdout
    receipt = site.reporting.follow_up.find(code)
    assert receipt is not None and receipt.status == "accepted"
    assert [note.kind for _, note in receipt.notes] == ["question", "decision", "correction"]
    assert all(note.member is None for _, note in receipt.notes)
    answered = site.reporting.follow_up.answer("c" * 32, TICKET, 1, "На вокзалі\nticket: forged", receipt.reporter)
    assert answered == "sent"
    shown = run(site, "show", "aa").stdout
    assert "1 question, by olha" in shown and "Де це сталося?<U+202E>" in shown and "<U+001B>" in shown
    assert "answer to 1, from whoever has the receipt" in shown and "  | ticket: forged" in shown
    assert "\x1b" not in shown and "\u202e" not in shown
    found = json.loads(run(site, "show", "aa", "--json").stdout)
    assert [said["kind"] for said in found["thread"]] == ["question", "decision", "correction", "answer"]
    assert found["thread"][0]["text"] == WORDS and found["outcome"] is None
    assert run(site, "close", "aa", "--outcome", "to_labour").stdout == f"Ticket {TICKET} is done: to_labour.\n"
    assert json.loads(run(site, "show", "aa", "--json").stdout)["outcome"] == "to_labour"


def test_what_cannot_be_said_or_decided_is_refused_in_one_line(site: ReportingSite) -> None:
    site.send(HELD, Ticket(created=CREATED, recipients=("ngo",)))
    assert refused(run(site, "close", "bb", "--outcome", "duplicate"), "is new: it cannot become done")
    assert refused(run(site, "close", "bb", "--outcome", "boring"), "There is no outcome boring")
    assert refused(run(site, "accept", "bb", desk="police"), "Desk police has no ticket bb")
    done = run(site, "correct", "bb", "--level", "safe", typed="All is well.")
    assert done.returncode == 2 and "There is no level safe" in done.stderr
    for words, says in (("  ", "there are no words"), ("x" * 1001, "at most 1000")):
        done = run(site, "ask", "bb", typed=words)
        assert done.returncode == 2 and says in done.stderr and done.stdout == ""


def test_a_held_withdrawal_is_plain_to_the_desk(site: ReportingSite) -> None:
    site.send("dd" + "3" * 30, Ticket(created=CREATED, recipients=("ngo",), urgent=True))
    _, until = site.reporting.follow_up.withdraw("dd" + "3" * 30, held=True)
    assert until is not None
    shown = run(site, "show", "dd").stdout
    assert shown.startswith(f"WITHDRAWN by its reporter, held until {until:%Y-%m-%d %H:%M} UTC")
    listed = json.loads(run(site, "list", "--json").stdout)["tickets"]
    assert {ticket["id"][:2]: ticket["state"] for ticket in listed}["dd"] == "new, withdrawn"
    tickets = Tickets(Database(site.settings.database_url))
    assert tickets.due_withdrawals(until - timedelta(minutes=1)) == []
    for due in tickets.due_withdrawals(until):
        tickets.withdraw(due, until.date())
    assert refused(run(site, "show", "dd"), "was taken back")
