"""What members see when something does not happen: a page that says so in one sentence, and a way back."""

import logging
import re

import pytest

from bot.channels.web.security import MAX_BODY
from tests.desk.site import DeskSite, at_work, csrf, log_in

FORM = {"content-type": "application/x-www-form-urlencoded"}


def sentence(answer) -> str:  # type: ignore[no-untyped-def]
    """Return the one sentence of a page, which is a whole page of ours."""
    assert answer.headers["content-type"].startswith("text/html") and answer.headers["cache-control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers and '<a href="/">To the queue</a>' in answer.text
    return re.search('<p role="alert">([^<]+)</p>', answer.text).group(1)  # type: ignore[union-attr]


def test_each_refusal_is_a_page_with_one_sentence_and_a_way_back(site: DeskSite) -> None:
    browser = site.browser()
    page = at_work(browser)
    pages = {
        404: browser.get("/no-such-page"),
        403: browser.post("/lock", data={"csrf": "0" * 64}),
        400: browser.post("/queue", data={"csrf": csrf(page), "state": "x" * 2000}),
        405: browser.put("/queue"),
        413: browser.post("/queue", content=b"query=" + b"x" * MAX_BODY, headers=FORM),
    }
    assert {status: answer.status_code for status, answer in pages.items()} == {status: status for status in pages}
    assert sentence(pages[404]) == "There is nothing at this address."
    assert "earlier session" in sentence(pages[403])
    assert "more than the desk takes at once" in sentence(pages[413])
    assert all(sentence(answer) for answer in pages.values())


def test_a_body_that_does_not_say_how_long_it_is_gets_the_same_page(site: DeskSite) -> None:
    endless = site.browser().post("/login", content=(b"x" * 65_536 for _ in range(8)), headers=FORM)
    assert endless.status_code == 413 and "more than the desk takes" in sentence(endless)


def test_a_database_that_is_gone_is_told_on_a_page_and_not_a_word_more(own_site: DeskSite) -> None:
    browser = own_site.browser()
    at_work(browser)
    database = own_site.console.settings.var / "oberih.db"
    own_site.tickets()._database._engine.dispose()
    database.rename(database.with_suffix(".away"))
    for answer in (browser.get("/"), browser.get("/login"), log_in(own_site.browser())):
        assert answer.status_code == 503 and "oberih doctor" in sentence(answer)
        assert str(database) not in answer.text and "sqlite" not in answer.text.lower()


def test_what_nobody_foresaw_is_told_by_a_code_that_the_log_has_without_anybodys_words(
    own_site: DeskSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object) -> object:
        raise RuntimeError("Olena, +380 50 123 4567")

    browser = own_site.browser(raise_errors=False)
    at_work(browser)
    monkeypatch.setattr("bot.desk.triage.queue_view", broken)
    with caplog.at_level(logging.ERROR, "oberih.desk"):
        answer = browser.get("/")
    said = sentence(answer)
    code = re.search("code: ([0-9a-f]{6})", said)
    assert answer.status_code == 500 and code and "not your fault" in said
    assert f"desk {code.group(1)}: RuntimeError in test_error_pages.py" in caplog.text
    assert "Olena" not in caplog.text + answer.text
