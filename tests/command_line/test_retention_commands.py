"""`oberih db retain`, `oberih tickets hold|release|exported`: what is kept how long, said without a word of content."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.reports.ticket import Ticket
from bot.store import tables
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused

NOW = datetime.now(timezone.utc).replace(microsecond=0)
TODAY = NOW.date()
OLD, HELD, WAITING, WORKED_ON, FRESH = (letter * 32 for letter in "abcde")
SECRET = "he keeps the passports in a blue bag"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("site"))
    assert founded.init().returncode == 0
    for identifier, days in ((OLD, 31), (HELD, 31), (WAITING, 20), (WORKED_ON, 800), (FRESH, 0)):
        created = NOW - timedelta(days=days)
        founded.send(identifier, Ticket(created=created, recipients=("ngo",), narrative=SECRET))
    assert tickets(founded).set_state(WORKED_ON, "accepted", TODAY)
    with Database(founded.settings.database_url).write() as connection:
        connection.execute(tables.ticket.update().values(indexed="shared").where(tables.ticket.c.id == WORKED_ON))
        connection.execute(tables.index_entry.insert().values(ticket=WORKED_ON, own=b"made long ago" * 20, shared=None))
    return founded


def tickets(site: ReportingSite) -> Tickets:
    return Tickets(Database(site.settings.database_url))


def member(site: ReportingSite, *arguments: str):
    return site.run("tickets", *arguments, "--desk", "ngo", typed=PASSPHRASES["ngo"] + "\n")


def test_the_list_warns_of_what_will_be_erased_unread(site: ReportingSite) -> None:
    done = member(site, "list")
    assert done.stderr == "1 of them wait since long: not taken up, they are erased after 30 days.\n"
    assert done.stdout.count("\n") == 6 and member(site, "list", "--state", "accepted").stderr == ""


def test_a_hold_is_set_for_a_day_and_a_reason(site: ReportingSite) -> None:
    until = TODAY + timedelta(days=90)
    done = member(site, "hold", HELD[:8], "--until", str(until), "--reason-code", "court_order")
    assert done.stderr == "" and f"Ticket {HELD} is kept through {until}, unless the person" in done.stdout
    too_long, past = str(TODAY + timedelta(days=400)), str(TODAY - timedelta(days=1))
    for day in (too_long, past):
        again = member(site, "hold", HELD, "--until", day, "--reason-code", "court_order")
        assert refused(again, "A hold ends between today and")
    odd = member(site, "hold", HELD, "--until", str(until), "--reason-code", SECRET.replace(" ", "_"))
    assert refused(odd, "Choose one of: investigation, court_order, legal_claim, asked_by_person")
    assert [held.until for held in tickets(site).held("ngo")] == [until]


def test_a_dry_run_says_what_would_go_and_erases_nothing(site: ReportingSite) -> None:
    before = tickets(site).of_desk("ngo")
    done = site.run("db", "retain", "--dry-run")
    assert done.stderr == "" and tickets(site).of_desk("ngo") == before
    assert done.stdout.splitlines() == [
        "1 would be erased, because nobody took them up in time",
        f"  {OLD}",
        "0 would be erased, because their desk has not needed them here for their term",
        "1 index entries that would be removed: what links these was kept for its term, they themselves stay",
        f"  {WORKED_ON}",
        "0 tombstones that would be removed",
        "1 kept by a hold",
        f"  {HELD}",
        "1 not taken up for long: their desk must see to them, or they will be erased",
        f"  {WAITING}",
        "0 expired invitations that would be removed",
    ]


def test_retain_erases_what_is_due_and_says_only_ids(site: ReportingSite) -> None:
    done = site.run("db", "retain", "--json")
    [line] = done.stdout.splitlines()
    assert json.loads(line) == {
        "dry_run": False,
        "unread": [OLD],
        "closed": [],
        "index": [WORKED_ON],
        "tombstones": [],
        "held": [HELD],
        "alerts": [WAITING],
        "invitations": 0,
        "scrubbed": True,
    }
    found = {ticket.id: ticket.sealed_body is None for ticket in tickets(site).of_desk("ngo")}
    assert found == {OLD: True, HELD: False, WAITING: False, WORKED_ON: False, FRESH: False}
    assert site.settings.endings.read_text() == f"{TODAY} new {OLD}\n"
    assert site.run("db", "retain").stdout.startswith("0 erased, because nobody took them up in time\n")


def test_a_released_ticket_goes_with_the_next_run(site: ReportingSite) -> None:
    assert "its term counts again" in member(site, "release", HELD).stdout
    assert refused(member(site, "release", HELD), "There is no hold on ticket")
    assert json.loads(site.run("db", "retain", "--json").stdout)["unread"] == [HELD]
    assert refused(member(site, "release", HELD), "nothing of it is left")


def test_a_confirmed_export_starts_the_term_of_an_accepted_ticket(site: ReportingSite) -> None:
    assert refused(member(site, "exported", FRESH), "is new: only the export of an accepted one is confirmed")
    assert f"Noted: ticket {WORKED_ON} is kept elsewhere" in member(site, "exported", WORKED_ON).stdout
    found = tickets(site).get(WORKED_ON)
    assert found is not None and found.closed == TODAY and found.state == "accepted"


def test_in_production_nothing_is_erased_without_the_site_file(
    site: ReportingSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBERIH_MODE", "production")
    monkeypatch.setenv("OBERIH_PUBLIC_URL", "https://help.example.org")
    kept = site.settings.site.rename(tmp_path / "site.yml")
    try:
        assert refused(site.run("db", "retain"), "put it back")
    finally:
        kept.rename(site.folder / "site.yml")
