"""How long a ticket is kept, on its page: the end and its reason, holds, the confirmed export, held withdrawals."""

import sqlite3
from datetime import datetime, timedelta, timezone

import pytest

from bot.store.records import HoldRecord
from tests.desk.site import DeskSite, at_work
from tests.desk.test_handing import accept, act, shown
from tests.desk.test_triage import NOW, choose, logged
from tests.reports.tickets import ticket

TODAY = datetime.now(timezone.utc).date()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def test_the_page_says_when_a_ticket_ends_and_why(own_site: DeskSite) -> None:
    new, old = own_site.send(ticket(created=NOW)), own_site.send(ticket(created=NOW - timedelta(days=40)))
    browser = own_site.browser()
    page = at_work(browser)
    assert f"Erased on {day(30)} (days left: 30) unless somebody takes it up" in shown(browser, new)
    assert "when retention runs next" in shown(browser, old)
    accept(browser, page, new)
    assert "No end is set while your desk works on it" in shown(browser, new)
    act(browser, page, new, "state", state="done", outcome="duplicate")
    assert f"Erased on {day(30)} (days left: 30): closed tickets are kept for 30 days" in shown(browser, new)
    timeline = shown(browser, new).partition('class="timeline"')[2]
    assert f"{day(30)} · ahead</span> Erased: its term ends" in timeline


def test_a_hold_is_set_changed_and_ended(own_site: DeskSite) -> None:
    id = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    assert "End the hold" not in shown(browser, id)
    act(browser, page, id, "hold", until=day(60), reason="court_order")
    held = shown(browser, id)
    assert "Held." in held and f"Held through {day(60)}: court order" in held and f"Erased on {day(61)}" in held
    assert own_site.tickets().hold_on(id) == HoldRecord(id, TODAY + timedelta(days=60), "court_order")
    act(browser, page, id, "hold", until=day(5), reason="investigation")
    assert f"Held through {day(5)}: investigation" in shown(browser, id) and f"Erased on {day(30)}" in shown(
        browser, id
    )
    act(browser, page, id, "release")
    free = shown(browser, id)
    assert "The hold has ended" in free and "Held through" not in free
    act(browser, page, id, "release")
    assert "there is no hold on this ticket" in shown(browser, id)
    assert [what for what, which in logged(own_site) if which == id and what in ("hold", "release")] == [
        "hold", "hold", "release", "release",
    ]  # fmt: skip
    assert "Held, by olha" in free and "Hold ended, by olha" in free


@pytest.mark.parametrize(
    "until, says",
    [("soon", "give the last day"), ("", "give the last day"), (day(-1), "Not held"), (day(400), "Not held")],
)
def test_a_hold_needs_a_day_within_a_year(own_site: DeskSite, until: str, says: str) -> None:
    id = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    act(browser, page, id, "hold", until=until, reason="court_order")
    assert says in shown(browser, id) and own_site.tickets().hold_on(id) is None
    assert act(browser, page, id, "hold", until=day(3), reason="curiosity").status_code == 400


def test_a_confirmed_export_gives_an_accepted_ticket_its_term(own_site: DeskSite) -> None:
    id = own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    assert "Confirm export" not in shown(browser, id)
    act(browser, page, id, "exported", sure="1")
    assert "only the export of an accepted ticket" in shown(browser, id)
    accept(browser, page, id)
    act(browser, page, id, "exported")
    assert "tick that it is kept" in shown(browser, id) and own_site.tickets().get(id).closed is None
    act(browser, page, id, "exported", sure="1")
    kept = shown(browser, id)
    assert (
        f"Export confirmed on {day(0)}" in kept and f"Erased on {day(30)} (days left: 30): it is kept elsewhere" in kept
    )
    assert "Confirm export" not in kept and own_site.tickets().get(id).state == "accepted"


def test_a_report_that_was_taken_back_is_marked_with_the_time_left(own_site: DeskSite) -> None:
    id, other = own_site.send(ticket(created=NOW)), own_site.send(ticket(created=NOW))
    browser = own_site.browser()
    page = at_work(browser)
    assert "taken back, " not in page
    own_site.tickets().hold_withdrawal(id, datetime.now(timezone.utc) + timedelta(hours=20, minutes=30))
    marked = {
        line.partition('"')[0]: "taken back, 2" in line for line in choose(browser, page).split('href="/tickets/')[1:]
    }
    assert marked == {id: True, other: False}
    until = own_site.tickets().get(id).held_until.strftime("%Y-%m-%d %H:%M UTC")
    told = shown(browser, id)
    assert f"then it is erased ({until})" in told and f"Erased {until}: the person took it back" in told
    assert "Erased: its reporter took it back" in told
    assert "took this report back" not in shown(browser, other)
    own_site.tickets().hold_withdrawal(other, datetime.now(timezone.utc) - timedelta(minutes=1))
    assert "It is being erased" in shown(browser, other)


def test_a_ticket_that_does_not_open_offers_none_of_it_and_refuses_all(own_site: DeskSite) -> None:
    id, other = own_site.send(ticket(created=NOW)), own_site.send(ticket(created=NOW))
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        moved = "UPDATE ticket SET sealed_body = (SELECT sealed_body FROM ticket WHERE id = ?) WHERE id = ?"
        database.execute(moved, (other, id))
    browser = own_site.browser()
    page = at_work(browser)
    damaged = shown(browser, id)
    assert "restore the database" in damaged and "How long it is kept" not in damaged and 'id="question"' not in damaged
    for action, fields in (
        ("letter", {"kind": "question", "text": "words", "send": "1"}),
        ("transfer", {"to": "ngo", "reason": "x", "sure": "1"}),
        ("others", {"reason": "x"}),
        ("export", {"form": "htcds"}),
        ("exported", {"sure": "1"}),
        ("hold", {"until": day(1), "reason": "court_order"}),
        ("release", {}),
    ):
        refused = act(browser, page, id, action, **fields)
        assert refused.status_code == 409 and "does not open" in refused.text, action
