"""Other desks on the ticket page: handing on, asking who follows the same leads, and taking a copy out."""

import json
from datetime import datetime, timezone
from html import unescape

import pytest

from bot.reports.ticket import Identifier
from bot.runtime import handing_on, key_folder
from bot.runtime.desk_session import log_in as open_desk
from bot.store.desks import Desks
from bot.store.records import SHARING
from tests.command_line.reporting_site import PASSPHRASES
from tests.desk.site import NAME, DeskSite, at_work, csrf
from tests.desk.test_triage import NOW, PHONE, logged
from tests.reports.tickets import ticket


def act(browser, page: str, id: str, action: str, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/tickets/{id}/{action}", data={"csrf": csrf(page), **fields})


def hand(browser, page: str, id: str, **fields: str):  # type: ignore[no-untyped-def]
    return act(browser, page, id, "transfer", **{"to": "ngo", "reason": "they are there", "sure": "1", **fields})


def accept(browser, page: str, id: str) -> None:
    assert act(browser, page, id, "state", state="accepted").status_code == 303


def shown(browser, id: str) -> str:
    return unescape(browser.get(f"/tickets/{id}").text)


def reasons(site: DeskSite, desk: str = "hotline") -> list[str]:
    session = open_desk(site.console.settings, desk, NAME, PASSPHRASES[desk])
    entries, _ = session.log.examine(desk, key_folder.read(session.settings.key_folder).pins)
    return [reason or "" for reason in session.log.reasons(session.opened, entries).values()]


def test_a_ticket_is_handed_on_with_a_reason_and_only_the_other_desk_opens_it(own_site: DeskSite) -> None:
    id = own_site.send(ticket(created=NOW, recipients=("hotline",), narrative="обіцяли склад"))
    browser = own_site.browser()
    page = at_work(browser)
    assert '<option value="ngo">Aid Berlin · NGO</option>' in shown(browser, id)
    gone = hand(browser, page, id)
    assert gone.headers["location"] == "/"
    queue = browser.get("/").text
    assert "only the other desk opens it now" in queue and id not in queue
    assert browser.get(f"/tickets/{id}").status_code == 404
    assert logged(own_site)[-2:] == [("transfer", id), ("list", "")]
    assert reasons(own_site) == ["to ngo: they are there"]
    other = own_site.browser()
    at_work(other, "ngo")
    assert "обіцяли склад" in shown(other, id)


@pytest.mark.parametrize(
    "said, to, why",
    [
        ({}, "police", "has not agreed to it"),
        ({"recipients": ("hotline", "police")}, "police", "accept it first"),
        ({"not_to": ("ngo",)}, "ngo", "left this desk out"),
        ({"not_to_kinds": ("ngo",)}, "ngo", "left this desk out"),
    ],
)
def test_what_stands_in_the_way_is_said_and_holds(own_site: DeskSite, said, to: str, why: str) -> None:  # type: ignore[no-untyped-def]
    id = own_site.send(ticket(created=NOW, **said))
    browser = own_site.browser()
    page = at_work(browser)
    before = shown(browser, id)
    assert f'<option value="{to}">' not in before and why in before
    assert hand(browser, page, id, to=to).headers["location"] == f"/tickets/{id}"
    assert why in shown(browser, id) and own_site.tickets().get(id).desk == "hotline"
    assert ("transfer", id) not in logged(own_site)


@pytest.mark.parametrize("fields", [{"reason": " "}, {"sure": ""}], ids=["no reason", "not sure"])
def test_handing_on_needs_a_reason_and_a_yes(own_site: DeskSite, fields: dict[str, str]) -> None:
    id = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    hand(browser, at_work(browser), id, **fields)
    assert "Nothing was handed on" in shown(browser, id) and own_site.tickets().get(id).desk == "hotline"


def test_a_desk_that_there_is_not_gets_nothing(own_site: DeskSite) -> None:
    id = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    assert hand(browser, page, id, to="nobody").status_code == 400
    assert hand(browser, page, id, to="hotline").status_code == 303
    assert "It is at this desk already" in shown(browser, id)


def both_follow(site: DeskSite) -> tuple[str, str]:
    """The helpline and the NGO have each accepted a ticket with one phone; return the ids."""
    mine = site.send(ticket(created=NOW, identifiers=(PHONE, Identifier(value="@one", type="handle"))))
    theirs = site.send(ticket(created=NOW, identifiers=(PHONE,), narrative="theirs"), desk="ngo")
    for desk, id in (("hotline", mine), ("ngo", theirs)):
        browser = site.browser()
        accept(browser, at_work(browser, desk), id)
    return mine, theirs


def test_another_desk_with_the_same_lead_is_named_and_nothing_of_its_tickets(own_site: DeskSite) -> None:
    mine, theirs = both_follow(own_site)
    browser = own_site.browser()
    page = at_work(browser)
    assert "Left for you today: 20" in shown(browser, mine)
    act(browser, page, mine, "others", reason="case 12/26")
    found = shown(browser, mine)
    assert "Other desks follow leads of this ticket" in found and "<b>Aid Berlin</b>" in found
    assert "accepted tickets: 1" in found and theirs not in found and "Left for you today: 19" in found
    assert logged(own_site).count(("others", mine)) == 1 and reasons(own_site) == ["case 12/26"]
    again = shown(browser, mine)
    assert "<b>Aid Berlin</b>" in again and "Left for you today: 19" in again and "Other desks asked, by olha" in again
    other = own_site.send(ticket(created=NOW, identifiers=(PHONE,)))
    assert "<b>Aid Berlin</b>" not in shown(browser, other)


def test_a_silent_desk_is_not_found_and_that_is_said(own_site: DeskSite) -> None:
    session = open_desk(own_site.console.settings, "ngo", NAME, PASSPHRASES["ngo"])
    Desks(session.database).share("ngo", SHARING[1])
    mine, _ = both_follow(own_site)
    browser = own_site.browser()
    act(browser, at_work(browser), mine, "others", reason="case 12/26")
    found = shown(browser, mine)
    assert "keep silent" in found and "<b>Aid Berlin</b>" not in found


def test_other_desks_are_asked_about_accepted_tickets_with_a_reason_and_not_too_often(
    own_site: DeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = both_follow(own_site)
    waiting = own_site.send(ticket(created=NOW, identifiers=(PHONE,)))
    browser = own_site.browser()
    page = at_work(browser)
    assert 'id="others-reason"' not in shown(browser, waiting)
    act(browser, page, waiting, "others", reason="case")
    assert "asked about accepted tickets only" in shown(browser, waiting)
    act(browser, page, mine, "others", reason="  ")
    assert "Nobody was asked: give a reason" in shown(browser, mine)
    monkeypatch.setattr(handing_on, "QUESTIONS_A_DAY", 1)
    act(browser, page, mine, "others", reason="case")
    act(browser, page, mine, "others", reason="case")
    last = shown(browser, mine)
    assert "are used up" in last and 'id="others-reason"' not in last
    assert logged(own_site).count(("others", mine)) == 1 and ("others", waiting) not in logged(own_site)


@pytest.mark.parametrize("form", ["htcds", "whole"])
def test_a_copy_is_what_the_command_line_gives_and_stands_in_the_log(own_site: DeskSite, form: str) -> None:
    said = "обіцяли \u202eсклад"
    id = own_site.send(ticket(created=NOW, narrative=said, identifiers=(PHONE,)))
    browser = own_site.browser()
    page = at_work(browser)
    copy = act(browser, page, id, "export", form=form)
    assert copy.headers["content-type"] == "application/json" and copy.headers["cache-control"] == "no-store"
    assert copy.headers["content-disposition"] == f'attachment; filename="ticket-{id[:8]}-{form}.json"'
    arguments = ("export", id) if form == "htcds" else ("show", id, "--json")
    typed = f"{PASSPHRASES['hotline']}\n"
    printed = own_site.reporting.run("tickets", *arguments, "--desk", "hotline", typed=typed)
    assert copy.text == printed.stdout and said in json.dumps(json.loads(copy.text), ensure_ascii=False)
    assert "\u202e" not in copy.text and ("export", id) in logged(own_site)
    assert "Copy taken, by olha" in shown(browser, id)
    assert act(browser, page, id, "export", form="pdf").status_code == 400


def test_the_moment_of_asking_is_that_of_the_answer_shown(own_site: DeskSite) -> None:
    mine, _ = both_follow(own_site)
    browser = own_site.browser()
    before = datetime.now(timezone.utc).replace(second=0, microsecond=0)
    act(browser, at_work(browser), mine, "others", reason="case")
    told = shown(browser, mine).partition("Asked ")[2][:16]
    assert before <= datetime.fromisoformat(told).replace(tzinfo=timezone.utc) <= datetime.now(timezone.utc)
