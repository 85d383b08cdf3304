"""The console in a member's own language: what the browser asks for, and what they choose in the menu."""

import re
from datetime import datetime, timezone

import pytest

from bot.reports.ticket import TicketSign
from tests.desk.site import DeskSite, at_work
from tests.reports.tickets import ticket

LANGUAGES = ("uk", "en", "ru", "pl", "de", "ro")


def language_of(page: str) -> str:
    return re.search('<html lang="([a-z]+)"', page).group(1)  # type: ignore[union-attr]


def choose(browser, language: str, back: str = "/login"):  # type: ignore[no-untyped-def]
    return browser.post("/language", data={"language": language, "back": back})


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("de-CH", "de"),
        ("fr,ro;q=0.5", "ro"),
        ("fr", "en"),
        ("", "en"),
        ("x" * 99, "en"),
    ],
)
def test_it_speaks_what_the_browser_asks_for(site: DeskSite, asked: str, given: str) -> None:
    page = site.browser().get("/login", headers={"accept-language": asked})
    assert language_of(page.text) == given and "Accept-Language" in page.headers["vary"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_in_the_menu_stays_through_login_and_logout(site: DeskSite, language: str) -> None:
    browser = site.browser()
    browser.headers["accept-language"] = "fr"
    page = browser.get("/login").text
    assert re.findall('name="language" value="([a-z]+)"', page) == list(LANGUAGES)
    answer = choose(browser, language)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert language_of(at_work(browser)) == language
    assert f'value="{language}" lang="{language}" aria-current="true"' in browser.get("/").text


def test_the_cookie_says_the_language_and_nothing_else(site: DeskSite) -> None:
    cookie = choose(site.browser(), "uk").headers["set-cookie"].lower()
    assert cookie.startswith("oberih-desk-language=uk;") and "httponly" in cookie and "samesite=strict" in cookie


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a?b=c", "login", "/../x"]
)
def test_the_menu_leads_to_our_own_pages_alone(site: DeskSite, back: str) -> None:
    assert choose(site.browser(), "uk", back).status_code == 400


def test_other_languages_and_other_sites_are_refused(site: DeskSite) -> None:
    browser = site.browser()
    assert choose(browser, "xx").status_code == 400
    sent = browser.post("/language", data={"language": "uk"}, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 403 and "set-cookie" not in sent.headers
    browser.cookies.set("oberih-desk-language", "../../etc")
    assert language_of(browser.get("/login").text) == "en"


def test_signs_and_indicators_of_a_ticket_read_in_the_language_of_the_member(own_site: DeskSite) -> None:
    """The ticket has titles in the language of whoever wrote; a sign that nobody knows any more keeps its own."""
    id = own_site.send(
        ticket(
            created=datetime.now(timezone.utc),
            signs=(
                TicketSign(id="J24", title="Просять оригінал паспорта", severity="H", evidence=("паспорт",)),
                TicketSign(id="J99", title="Стара ознака", severity="L", evidence=("слово",)),
            ),
            screening=({"dimension": 4, "indicators": ("D4.1 Excessive working days or hours", "D9.9 Old")},),
        )
    )
    browser = own_site.browser()
    at_work(browser)
    page = browser.get(f"/tickets/{id}", headers={"accept-language": "en"}).text
    assert "Asks for the original passport or ID" in page and "Просять" not in page and "Стара ознака" in page
    assert '<span class="id">D4.1</span> Excessive working days or hours (strong)' in page
    assert '<span class="id">D9.9</span> Old (weight unknown)' in page
    german = browser.get(f"/tickets/{id}", headers={"accept-language": "de"}).text
    assert "Asks for" not in german and "(stark)" in german
