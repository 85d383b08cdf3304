"""The main path in Debian's Chromium against the real server, in Ukrainian and English."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import choice, open_page, press, send

OFFERS = {
    "uk": ("Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас.", "Паспорт"),
    "en": ("Work in Germany, 3500 euro, no experience. We keep your passport until the contract ends.", "passport"),
}
DANGER = {"uk": "Мене зачинили і забрали паспорт", "en": "They locked me in and took my passport"}


@pytest.mark.parametrize("language", OFFERS)
def test_paste_card_questions_danger_resume_and_exit(browser, server, language: str, requests_elsewhere) -> None:
    offer, quoted = OFFERS[language]
    page = open_page(browser, server, language, requests_elsewhere)
    send(page, offer)
    card = page.locator("[data-level=high]")
    expect(card).to_be_visible(timeout=60_000)
    expect(card).to_contain_text(quoted)
    expect(page.locator("mark").first).to_be_visible()

    send(page, DANGER[language])
    emergency = page.locator(".emergency").last
    expect(emergency).to_be_visible(timeout=60_000)
    expect(emergency.locator("a[href='tel:112']")).to_be_visible()
    press(page, "↩️")
    expect(choice(page, "⏭️")).to_be_visible(timeout=60_000)
    press(page, *["⏭️"] * 3)
    expect(page.locator("[data-level=high]")).to_have_count(2, timeout=60_000)
    assert requests_elsewhere == []

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.route(
        "**/*", lambda route: route.abort() if not route.request.url.startswith(server.base) else route.continue_()
    )
    page.locator("#exit").click()
    expect(page.locator("#log")).to_have_count(0)
    assert offer not in page.content()


def test_it_fits_a_small_phone_and_works_by_keyboard(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "uk", requests_elsewhere, viewport={"width": 320, "height": 568})
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#box").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_by_axe(browser, server, scheme, requests_elsewhere) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(browser, server, "uk", requests_elsewhere, color_scheme=scheme)
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=60_000)
    page.evaluate("1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_reload_asks_before_it_shows_anything(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "uk", requests_elsewhere)
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=60_000)
    page.reload()
    expect(page.locator("#cover")).to_be_visible(timeout=60_000)
    assert page.locator("[data-level=high]:visible").count() == 0


def test_nothing_of_the_words_is_in_address_or_history(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "en", requests_elsewhere)
    send(page, OFFERS["en"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=60_000)
    assert page.url == server.base + "/"
    assert page.evaluate("history.length") <= 2
    assert "Work in Germany" not in page.title()
