"""Letters on the ticket page: shown as they will be read, sent once, and read back with the answers to them."""

from html import unescape
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.desk.told import Told
from bot.reports.notes import MOST_CHARACTERS
from bot.reports.ticket import Identifier
from bot.store import tables
from bot.store.database import Database
from tests.desk.site import DeskSite, at_work, csrf
from tests.desk.test_triage import NOW, logged
from tests.reports.tickets import ticket

ID = "ab" * 16
WORDS = "Коли вони виїжджають?\nЗ якого вокзалу?"


@pytest.fixture
def reported(own_site: DeskSite) -> tuple[DeskSite, str]:
    """A site with one report at the helpline, and the code of its receipt."""
    sent = ticket(created=NOW, recipients=("hotline",), language="uk", identifiers=(PHONE,), level="elevated")
    return own_site, own_site.reporting.send(ID, sent)


PHONE = Identifier(value="+380 50 234 56 78", type="phone")


def write(browser, page: str, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/tickets/{ID}/letter", data={"csrf": csrf(page), "kind": "question", "text": WORDS, **fields})


def hidden(page: str) -> dict[str, str]:
    """What the form that sends holds."""
    form = page.partition('name="send"')[0].rpartition("<form")[2]
    return {
        name: unescape(form.partition(f'name="{name}" value="')[2].partition('"')[0])
        for name in ("csrf", "kind", "level", "letter", "text")
    }


def test_a_question_is_shown_as_it_will_be_read_and_sent_only_then(reported) -> None:
    site, code = reported
    browser = site.browser()
    page = at_work(browser)
    shown = write(browser, page)
    assert shown.status_code == 200 and "The wrong person may read this" in shown.text
    exactly = Told(PROJECT_ROOT).letter("question", "Helpline", WORDS, "", "uk")
    assert exactly.language == "uk" and exactly.text in unescape(shown.text) and "Helpline" in exactly.text
    assert f"{len(WORDS)} of {MOST_CHARACTERS} characters" in shown.text and "(Ukrainian)" in shown.text
    assert site.reporting.reporting.follow_up.find(code).notes == ()
    assert ("ask", ID) not in logged(site)
    sent = browser.post(f"/tickets/{ID}/letter", data={**hidden(shown.text), "send": "1"})
    assert sent.headers["location"] == f"/tickets/{ID}"
    assert logged(site)[-1] == ("ask", ID)
    [(number, note)] = site.reporting.reporting.follow_up.find(code).notes
    assert (number, note.kind, note.text, note.member) == (1, "question", WORDS, None)
    back = browser.get(f"/tickets/{ID}").text
    assert "The question waits under the receipt" in back and "Question 1, by olha" in back and "no answer yet" in back


def test_sent_twice_it_is_there_once(reported) -> None:
    site, code = reported
    browser = site.browser()
    form = {**hidden(write(browser, at_work(browser)).text), "send": "1"}
    for _ in range(2):
        assert browser.post(f"/tickets/{ID}/letter", data=form).status_code == 303
    assert len(site.reporting.reporting.follow_up.find(code).notes) == 1


def test_answers_decisions_and_corrections_stand_in_order_with_who_and_when(reported) -> None:
    site, code = reported
    browser = site.browser()
    page = at_work(browser)
    write(browser, page, send="1")
    follow_up = site.reporting.reporting.follow_up
    reporter = follow_up.find(code).reporter
    assert follow_up.answer("c" * 32, ID, 1, "<b>На вокзалі</b> https://t.me/x", reporter) == "sent"
    browser.post(f"/tickets/{ID}/state", data={"csrf": csrf(page), "state": "accepted"})
    write(browser, page, kind="correction", level="high", text="It matches others.", send="1")
    shown = unescape(browser.get(f"/tickets/{ID}").text)
    heads = ("Question 1, by olha", "Answer to question 1", "Accepted, by olha", "Level corrected to: strong signs")
    places = [shown.index(f"<b>{head}") for head in heads]
    assert places == sorted(places)
    assert "hxxps[:]//t[.]me/x" in shown and "Nobody can say who that is" in shown and "no answer yet" not in shown
    assert "corrected: strong signs" in shown and "some signs" in shown
    timeline = shown[shown.index('class="timeline"') :]
    assert all(head in timeline for head in heads) and "Report received" in timeline


def test_a_correction_needs_a_level_and_tells_it_in_the_readers_words(reported) -> None:
    site, code = reported
    browser = site.browser()
    page = at_work(browser)
    missing = write(browser, page, kind="correction", text="Because.", send="1")
    assert missing.status_code == 400 and "Choose a level" in missing.text and "Because." in missing.text
    shown = unescape(write(browser, page, kind="correction", level="none_found", text="Because.").text)
    exactly = Told(PROJECT_ROOT).letter("correction", "Helpline", "Because.", "none_found", "uk").text
    assert exactly in shown and "Because." in exactly
    assert site.reporting.reporting.follow_up.find(code).notes == ()


@pytest.mark.parametrize(
    "fields",
    [{"kind": "decision"}, {"kind": ""}, {"level": "safe", "kind": "correction"}, {"letter": "x"}],
    ids=["decision", "no kind", "no such level", "no id"],
)
def test_what_the_page_does_not_offer_is_refused(reported, fields: dict[str, str]) -> None:
    site, code = reported
    browser = site.browser()
    assert write(browser, at_work(browser), send="1", **fields).status_code == 400
    assert site.reporting.reporting.follow_up.find(code).notes == ()


def test_words_that_are_too_long_come_back_to_be_made_shorter(reported) -> None:
    site, code = reported
    browser = site.browser()
    page = at_work(browser)
    lines = "\r\n".join(["0123456789"] * 90)  # 1,078 as a browser sends it, 989 as it is read
    assert write(browser, page, text=lines).status_code == 200
    long = "я" * (MOST_CHARACTERS + 1)
    refused = write(browser, page, text=long, send="1")
    assert refused.status_code == 400 and "This has 1001 characters" in refused.text and long in refused.text
    assert "There are no words yet" in write(browser, page, text=" \n ", send="1").text
    assert site.reporting.reporting.follow_up.find(code).notes == ()


def test_contacts_of_the_ticket_and_unseen_characters_are_pointed_out(reported) -> None:
    site, _ = reported
    browser = site.browser()
    page = at_work(browser)
    assert "name a contact" in write(browser, page, text="Is it +380502345678?").text
    assert "nobody can see" in write(browser, page, text="Is it\u202e here?").text
    plain = write(browser, page).text
    assert "name a contact" not in plain and "nobody can see" not in plain


def test_nothing_is_sent_to_somebody_who_took_the_report_back(reported) -> None:
    site, code = reported
    browser = site.browser()
    page = at_work(browser)
    site.reporting.reporting.follow_up.withdraw(ID, held=True)
    shown = browser.get(f"/tickets/{ID}").text
    assert "The person took this report back" in shown and 'id="question"' not in shown
    write(browser, page, send="1")
    assert "reads no more letters" in browser.get(f"/tickets/{ID}").text
    assert site.tickets().messages(ID) == [] and ("ask", ID) not in logged(site) and code


def test_letters_that_this_desk_did_not_sign_are_counted_and_not_shown(reported) -> None:
    site, _ = reported
    browser = site.browser()
    page = at_work(browser)
    write(browser, page, send="1")
    with Database(site.console.settings.database_url).write() as connection:
        connection.execute(tables.message.update().values(signature=bytes(64)))
    shown = unescape(browser.get(f"/tickets/{ID}").text)
    assert "Not shown: 1." in shown and "З якого вокзалу" not in shown


def test_a_letter_on_another_desks_ticket_is_refused(reported) -> None:
    site, code = reported
    browser = site.browser()
    assert write(browser, at_work(browser, "ngo"), send="1").status_code == 404
    assert site.reporting.reporting.follow_up.find(code).notes == ()


def test_the_words_around_a_letter_are_those_of_the_assistant() -> None:
    told = Told(Path(PROJECT_ROOT))
    assert told.letter("question", "{desk}", "{words} {0}", "", "xx").text.startswith("{desk} asks:\n“{words} {0}”")
    assert told.letter("question", "Helpline", "words", "", "fi").language == "en"
