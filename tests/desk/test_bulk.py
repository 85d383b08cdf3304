"""One thing done to many tickets: said before, done once, told for each, taken back where that is possible."""

import re
import sqlite3
import threading
from datetime import datetime, timedelta, timezone
from html import unescape
from types import SimpleNamespace

import pytest

from bot.desk import bulk, deciding
from bot.desk.deciding import steps
from bot.reports.notes import OUTCOMES
from bot.runtime import desk_session
from tests.desk.site import NAME, PASSPHRASE, DeskSite, at_work, csrf
from tests.desk.test_triage import decide, logged, tickets_on
from tests.desk.test_working import colleague, done
from tests.reports.tickets import ticket

NOW = datetime.now(timezone.utc).replace(microsecond=0)
HTMX = {"hx-request": "true"}


@pytest.fixture
def desk(own_site: DeskSite):  # type: ignore[no-untyped-def]
    """A browser at work, the queue's page, and four tickets."""
    sent = [own_site.send(ticket(created=NOW - timedelta(hours=n))) for n in range(4)]
    browser = own_site.browser()
    return browser, at_work(browser), sent


def ask(browser, page: str, ids, action: str, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(
        "/bulk", data={"csrf": csrf(page), "action": action, **fields, **{f"pick_{id}": "1" for id in ids}}
    )


def go(browser, sure: str, path: str = "/bulk/go") -> str:
    """Agree, and go on until the page says that it has finished; return that page."""
    number = re.search('name="bulk" value="([0-9a-f]{16})"', sure).group(1)  # type: ignore[union-attr]
    for _ in range(50):
        answer = browser.post(path, data={"csrf": csrf(sure), "bulk": number}, headers=HTMX)
        assert answer.status_code == 200
        if "/bulk/go" not in answer.text:
            break
    return unescape(answer.text)


def letters(site: DeskSite, id: str) -> list[tuple[str, str | None]]:
    session = desk_session.log_in(site.console.settings, "hotline", NAME, PASSPHRASE)
    return [(note.state, note.outcome) for _, note in session.talk.thread(id).said]


def test_nothing_is_done_before_it_was_said_how_many_what_is_read_and_that_it_is_final(own_site, desk) -> None:
    browser, page, sent = desk
    asked = unescape(ask(browser, page, sent[:3], "rejected").text)
    for words in ("Reject the selected tickets (3)?", "the desk did not take it up", "This cannot be taken back."):
        assert words in asked
    assert {own_site.tickets().get(id).state for id in sent} == {"new"} and logged(own_site)[-1] == ("list", "")
    finished = go(browser, asked)
    assert "Rejected: 3" in finished and "3 of 3" in finished and "Not these" not in finished
    assert tickets_on(browser.get("/").text) == sent[3:]
    assert [entry for entry in logged(own_site) if entry[0] == "reject"] == [("reject", id) for id in sent[:3]]
    assert [letters(own_site, id) for id in sent] == [[("rejected", None)]] * 3 + [[]]


@pytest.mark.parametrize("outcome, first", [("duplicate", "rejected"), ("to_labour", "accepted")])
def test_new_tickets_are_closed_through_the_states_between(own_site, desk, outcome: str, first: str) -> None:
    browser, page, sent = desk
    asked = unescape(ask(browser, page, sent[:2], "done", outcome=outcome).text)
    assert "Close the selected tickets (2) as" in asked and ("working conditions" in asked) == (outcome == "to_labour")
    assert "Closed as" in go(browser, asked)
    assert [(own_site.tickets().get(id).state, own_site.tickets().get(id).outcome) for id in sent[:2]] == [
        ("done", outcome)
    ] * 2
    assert letters(own_site, sent[0]) == [(first, None), ("done", outcome)]
    acts = {"rejected": "reject", "accepted": "accept"}
    assert [entry for entry in logged(own_site) if entry[1] == sent[0]] == [(acts[first], sent[0]), ("close", sent[0])]


def test_tickets_it_cannot_be_done_to_say_why_each_for_itself(own_site, desk) -> None:
    browser, page, (decided, taken, gone, free) = desk
    decide(browser, page, decided, "accepted")
    other, its_page = colleague(own_site)
    done(other, f"/tickets/{taken}/take", its_page)
    own_site.tickets().withdraw(gone, NOW.date())
    asked = unescape(ask(browser, page, [decided, taken, gone, free, "f" * 32, "<b>"], "accepted").text)
    assert "selected tickets (1)?" in asked and "Not these (4)" in asked and "<b>" not in asked
    for id, why in ((decided, "in a state from which"), (taken, "Someone else is on it"), (gone, "no such ticket")):
        assert re.search(rf"{id[:8]}</a> [^<]*{why}", asked), why
    finished = go(browser, asked)
    assert "Accepted: 1" in finished and "Not these (4)" in finished
    assert [own_site.tickets().get(id).state for id in (taken, free)] == ["new", "accepted"]


def test_what_changes_between_asking_and_doing_is_told(own_site, desk) -> None:
    browser, page, sent = desk
    asked = ask(browser, page, sent[:2], "accepted").text
    decide(browser, page, sent[0], "rejected")
    finished = go(browser, asked)
    assert "Accepted: 1" in finished and re.search(rf"{sent[0][:8]}</a> Nothing was changed", finished)
    assert own_site.tickets().get(sent[0]).state == "rejected"


def test_tags_are_put_on_many_and_taken_off_again_where_they_were_put(own_site, desk) -> None:
    browser, page, sent = desk
    done(browser, f"/tickets/{sent[0]}/tags", page, tag="berlin")
    asked = unescape(ask(browser, page, sent[:3], "tag", tag=" BERLIN ").text)
    for words in ("Tag the selected tickets (2)", "It had this tag before", "learn nothing of it", "can be taken back"):
        assert words in asked
    finished = go(browser, asked)
    assert "Tagged “berlin”: 2" in finished
    assert browser.get("/").text.count('class="mark tag">berlin') == 3
    assert "off again" in go(browser, finished, "/bulk/undo")
    assert browser.get("/").text.count('class="mark tag">berlin') == 1
    assert go(browser, finished, "/bulk/go").count("off again") == 1


def test_a_long_one_goes_on_a_few_at_a_time_and_can_be_stopped(own_site, desk, monkeypatch) -> None:
    browser, page, sent = desk
    moments = iter(range(1000))
    monkeypatch.setattr(bulk, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    monkeypatch.setattr(bulk, "_MOMENT_SECONDS", 1.5)
    asked = ask(browser, page, sent, "accepted").text
    fields = {"csrf": csrf(asked), "bulk": re.search('name="bulk" value="([0-9a-f]+)"', asked).group(1)}  # type: ignore[union-attr]
    under_way = browser.post("/bulk/go", data=fields, headers=HTMX).text
    assert "1 of 4" in under_way and 'value="1"' in under_way and 'hx-trigger="load' in under_way
    assert len(tickets_on(browser.get("/").text)) == 3
    plain = browser.post("/bulk/go", data=fields).text
    assert "2 of 4" in plain and "<html" in plain and "Go on" in plain


def test_forms_of_another_selection_do_nothing(own_site, desk) -> None:
    browser, page, sent = desk
    first = ask(browser, page, sent[:1], "rejected").text
    ask(browser, page, sent[1:], "accepted")
    number = re.search('name="bulk" value="([0-9a-f]+)"', first).group(1)  # type: ignore[union-attr]
    for path in ("/bulk/go", "/bulk/undo"):
        assert browser.post(path, data={"csrf": csrf(page), "bulk": number}).headers["location"] == "/"
    assert {own_site.tickets().get(id).state for id in sent} == {"new"}


@pytest.mark.parametrize(
    "action, fields, picks, status",
    [
        ("accepted", {}, 0, 409),
        ("done", {}, 2, 409),
        ("done", {"outcome": "interesting"}, 2, 400),
        ("tag", {"tag": " "}, 2, 409),
        ("revoked", {}, 2, 400),
        ("", {}, 2, 400),
    ],
)
def test_what_cannot_be_done_is_refused(own_site, desk, action, fields, picks, status) -> None:
    browser, page, sent = desk
    assert ask(browser, page, sent[:picks], action, **fields).status_code == status


def test_a_database_that_fails_in_between_is_told_and_hides_nothing(own_site, desk, monkeypatch) -> None:
    browser, page, sent = desk
    asked = ask(browser, page, sent[:2], "accepted").text
    real = deciding.decide

    def decided(*given):  # type: ignore[no-untyped-def]
        """The real one; while the first ticket is decided, the database lacks a table."""
        first = given[2] == sent[0]
        if first:
            rename(own_site, "message", "away")
        try:
            return real(*given)
        finally:
            if first:
                rename(own_site, "away", "message")

    monkeypatch.setattr(deciding, "decide", decided)
    finished = go(browser, asked)
    assert "Accepted: 1" in finished and "look at the ticket before" in finished


def rename(site: DeskSite, table: str, to: str) -> None:
    with sqlite3.connect(site.console.settings.var / "oberih.db") as database:
        database.execute("PRAGMA legacy_alter_table=ON")
        database.execute(f"ALTER TABLE {table} RENAME TO {to}")


def test_two_who_press_at_the_same_moment_decide_once_and_leave_one_trace(own_site, desk) -> None:
    browser, page, sent = desk
    other, its_page = colleague(own_site)
    pressed = [(browser, page), (other, its_page)] * 3
    answers: list[str] = []

    def press(who, its: str) -> None:  # type: ignore[no-untyped-def]
        answers.append(decide(who, its, sent[0], "accepted", HTMX).text)

    threads = [threading.Thread(target=press, args=each) for each in pressed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry for entry in logged(own_site) if entry[1] == sent[0]] == [("accept", sent[0])]
    assert letters(own_site, sent[0]) == [("accepted", None)]
    assert len(answers) == len(pressed) and own_site.tickets().get(sent[0]).state == "accepted"


def test_there_is_one_way_from_each_state_and_none_back() -> None:
    assert steps("new", "accepted", None) == ("accepted",) and steps("new", "rejected", None) == ("rejected",)
    for outcome in OUTCOMES:
        before, last = steps("new", "done", outcome)
        assert last == "done" and steps(before, "done", outcome) == ("done",)
    for now in ("accepted", "rejected", "done", "revoked"):
        assert steps(now, "accepted", None) == steps(now, "rejected", None) == steps(now, "new", None) == ()
    assert steps("done", "done", "duplicate") == steps("revoked", "done", "duplicate") == ()
