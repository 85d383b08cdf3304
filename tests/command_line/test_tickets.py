"""`oberih tickets …`: a desk reads what was sent to it, and nothing in it acts on the reader's terminal."""

import json
from datetime import datetime, timezone
from pathlib import Path

import pexpect
import pytest
from sqlalchemy import update

from bot.knowledge.signs import Concern
from bot.reports.ticket import Identifier, Place, Ticket
from bot.store import tables
from bot.store.database import Database
from tests.command_line import reporting_site
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, refused, types_hidden

CREATED = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
URGENT, QUIET, WITHDRAWN = "aa" + "1" * 30, "ab" + "2" * 30, "cc" + "3" * 30
HOSTILE = "Паспорт забрали\u202e \x1b[31m\x9b2J\u2028[bold]see[/bold] https://evil.example/a\nticket: forged"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("site"))
    assert founded.init().returncode == 0
    quiet = Ticket(created=CREATED, recipients=("ngo",), concern=Concern.LABOUR, language="[red]")
    hostile = Ticket(
        created=CREATED,
        recipients=("ngo",),
        narrative=HOSTILE,
        urgent=True,
        place=Place(country="DE"),
        identifiers=(Identifier(value="boss@evil.example", type="email"),),
    )
    founded.send(QUIET, quiet)
    founded.send(URGENT, hostile)
    founded.send(WITHDRAWN, quiet)
    assert founded.reporting.follow_up.withdraw(WITHDRAWN, held=False) == ("withdrawn", None)
    return founded


def read(site: ReportingSite, *arguments: str, desk: str = "ngo"):
    return site.run("tickets", *arguments, "--desk", desk, typed=PASSPHRASES[desk] + "\n")


def test_the_list_has_urgent_ones_first_and_tombstones_last(site: ReportingSite) -> None:
    done = read(site, "list")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert done.stderr == "" and [row[0] for row in rows[1:]] == [URGENT[:8], QUIET[:8], WITHDRAWN[:8]]
    assert rows[1][-1] == "new" and "!" in rows[1] and rows[3][2:] == ["revoked"]


def test_the_list_as_json_is_one_object_on_one_line(site: ReportingSite) -> None:
    done = read(site, "list", "--json")
    [line] = done.stdout.splitlines()
    found = json.loads(line)
    assert found["desk"] == "ngo" and [ticket["id"] for ticket in found["tickets"]] == [URGENT, QUIET, WITHDRAWN]
    assert [ticket["urgent"] for ticket in found["tickets"]] == [True, False, False]
    assert json.loads(read(site, "list", "--state", "accepted", "--json").stdout)["tickets"] == []


def test_an_empty_list_says_so(site: ReportingSite) -> None:
    assert read(site, "list", desk="police").stdout == "Desk police has no tickets.\n"
    assert read(site, "list", "--state", "done").stdout == "Desk ngo has no tickets that are done.\n"
    assert refused(read(site, "list", "--state", "lost"), "There is no state lost")


def test_a_shown_ticket_is_harmless(site: ReportingSite) -> None:
    shown = read(site, "show", "aa").stdout
    assert "Паспорт забрали<U+202E> <U+001B>[31m<U+009B>2J<U+2028>[bold]see" in shown
    assert "hxxps[:]//evil[.]example/a" in shown and "boss[@]evil[.]example" in shown
    assert [line for line in shown.splitlines() if line.startswith("ticket:")] == [f"ticket: {URGENT}"]
    assert not any(hidden in shown for hidden in "\u202e\x1b\x9b\u2028")


@pytest.mark.parametrize("command", [("show", "aa", "--json"), ("export", "aa")])
def test_json_keeps_the_words_and_hides_nothing_in_its_one_line(site: ReportingSite, command: tuple[str, ...]) -> None:
    done = read(site, *command)
    [line] = done.stdout.splitlines()
    found = json.loads(line)
    assert HOSTILE in (found.get("narrative"), found.get("oberih_narrative")) and "Паспорт" in line
    assert not any(hidden in line for hidden in "\u202e\x1b\x9b\u2028")


def test_export_uses_the_names_of_the_standard(site: ReportingSite) -> None:
    found = json.loads(read(site, "export", URGENT).stdout)
    assert found["hte_Country"] == "DE" and found["oberih_ticket_id"] == URGENT and "notice" in str(found)


@pytest.mark.parametrize(
    "start, says",
    [
        ("a", "2 tickets begin with a: give more of the id"),
        ("f", "Desk ngo has no ticket f"),
        ("cc", "was taken back"),
        ("%", "digits and the letters a to f"),
        ("", "digits and the letters a to f"),
    ],
)
def test_an_id_that_names_no_single_ticket_is_refused(site: ReportingSite, start: str, says: str) -> None:
    assert refused(read(site, "show", start), says)


def test_another_desk_cannot_read_it(site: ReportingSite) -> None:
    for desk in ("hotline", "police"):
        assert refused(read(site, "show", URGENT, desk=desk), f"Desk {desk} has no ticket")
    assert refused(
        site.run("tickets", "show", URGENT, "--desk", "ngo", typed=PASSPHRASES["police"] + "\n"), "does not open"
    )


def test_a_ticket_moved_to_another_desk_stays_closed_and_hides_no_other(site: ReportingSite) -> None:
    moved = "dd" + "4" * 30
    site.send(moved, Ticket(created=CREATED, recipients=("ngo",), narrative="words"))
    site.send("de" + "5" * 30, Ticket(created=CREATED, recipients=("hotline",)))
    with Database(site.settings.database_url).write() as connection:
        connection.execute(update(tables.ticket).where(tables.ticket.c.id == moved).values(desk="hotline"))
    listed = json.loads(read(site, "list", "--json", desk="hotline").stdout)["tickets"]
    assert [ticket["state"] for ticket in listed] == ["does not open", "new"] or [
        ticket["state"] for ticket in listed
    ] == ["new", "does not open"]
    done = read(site, "show", moved, desk="hotline")
    assert done.returncode == 2 and "words" not in done.stdout + done.stderr


def test_on_a_terminal_the_passphrase_is_hidden_and_progress_shown(site: ReportingSite) -> None:
    child = site.terminal("tickets", "show", "ab", "--desk", "ngo")
    child.expect("Passphrase of olha at ngo: ")
    types_hidden(child, PASSPHRASES["ngo"])
    child.expect("opening ngo")
    child.expect("UNVERIFIED ALLEGATION")
    child.expect(pexpect.EOF)
    assert PASSPHRASES["ngo"] not in child.logfile_read.getvalue()


def test_a_wrong_passphrase_on_a_terminal_gets_one_sentence(site: ReportingSite) -> None:
    child = site.terminal("tickets", "list", "--desk", "ngo")
    child.expect("Passphrase of olha at ngo: ")
    types_hidden(child, "not the passphrase at all")
    child.expect("This passphrase does not open this key")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2 and "Traceback" not in child.logfile_read.getvalue()


def test_the_training_desk_needs_no_names(tmp_path: Path) -> None:
    from bot.runtime.founding import found_training_site

    alone = reporting_site.at(tmp_path)
    (tmp_path / "site.yml").unlink()
    trainer = found_training_site(alone.settings)
    assert trainer is not None
    done = alone.run("tickets", "list", typed=trainer.passphrase + "\n")
    assert done.stdout == "Desk training has no tickets.\n"


PHONE = Identifier(value="+380501234567", type="phone")


def acts(site: ReportingSite, desk: str = "ngo") -> list[tuple[str, str]]:
    done = site.run("desk", "audit", desk, "--json", typed=PASSPHRASES[desk] + "\n")
    return [(entry["action"], entry["subject"]) for entry in json.loads(done.stdout)["entries"]]


def test_links_decisions_transfer_and_other_desks(tmp_path: Path) -> None:
    """What a desk does with its tickets, one command after the other, and how the audit log tells it."""
    site = reporting_site.at(tmp_path)
    assert site.init().returncode == 0
    words = ("Він забрав її паспорт і не відпускає", "Мій брат працює там без грошей уже третій місяць поспіль")
    one, two, far = ("ea" + "1" * 30, "eb" + "2" * 30, "ec" + "3" * 30)
    for number, ticket in enumerate((one, two)):
        site.send(ticket, Ticket(created=CREATED, recipients=("ngo",), narrative=words[number], identifiers=(PHONE,)))
    site.send(far, Ticket(created=CREATED, recipients=("hotline",), identifiers=(PHONE,)))
    shown = read(site, "show", one).stdout
    assert "2 tickets, 2 independent texts, 0 accepted: phone +380501234567; see eb222222" in shown
    link = {"kind": "phone", "value": PHONE.value, "tickets": [one, two], "texts": 2, "accepted": 0}
    assert json.loads(read(site, "show", one, "--json").stdout)["links"] == [link]
    assert [ticket["link"] for ticket in json.loads(read(site, "list", "--json").stdout)["tickets"]] == [link, link]
    assert "2/2/0" in read(site, "list").stdout
    assert read(site, "accept", one).stdout == f"Ticket {one} is accepted.\n"
    assert refused(read(site, "reject", one), "cannot become rejected from there")
    assert read(site, "accept", far, desk="hotline").returncode == 0
    asked = read(site, "others", one, "--reason", "case 12/26")
    assert asked.stdout == "Desk hotline, accepted tickets: 1: phone +380501234567\n"
    assert read(site, "reject", two).returncode == read(site, "close", two, "--outcome", "duplicate").returncode == 0
    silent = site.run("desk", "sharing", "silently", "--desk", "hotline", typed=PASSPHRASES["hotline"] + "\n")
    assert silent.stdout == "Desk hotline shares silently.\n"
    assert read(site, "others", one, "--reason", "again").stdout == "No other desk that says so follows these leads.\n"
    assert refused(read(site, "transfer", one, "police"), "the reporter has not agreed to it")
    assert read(site, "transfer", one, "hotline").stdout == f"Ticket {one} is now at desk hotline.\n"
    assert refused(read(site, "show", one), "Desk ngo has no ticket")
    assert words[0] in read(site, "show", one, desk="hotline").stdout
    told = acts(site)
    done = [
        "found",
        "show",
        "show",
        "list",
        "list",
        "accept",
        "reject",
        "others",
        "reject",
        "close",
        "others",
        "transfer",
    ]
    assert [action for action, _ in told] == [*done, "audit"]
    assert told[1] == ("show", one) and told[11] == ("transfer", one)
