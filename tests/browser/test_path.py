"""The main path in Debian's Chromium against the real server, in Ukrainian and English."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.server import Server, running

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OFFERS = {
    "uk": ("Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас.", "Паспорт"),
    "en": ("Work in Germany, 3500 euro, no experience. We keep your passport until the contract ends.", "passport"),
}
DANGER = {"uk": "Мене зачинили і забрали паспорт", "en": "They locked me in and took my passport"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, services) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "The browser tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def requests_elsewhere() -> list[str]:
    return []


def open_page(browser: Browser, server: Server, language: str, elsewhere: list[str], **options) -> Page:
    context = browser.new_context(locale=language, **options)
    page = context.new_page()
    page.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith(server.base) else None)
    page.on("pageerror", lambda error: elsewhere.append(str(error)))
    page.on("console", lambda m: elsewhere.append(m.text) if m.type == "error" else None)
    page.goto(server.base + "/")
    expect(page.locator("#log .message").first).to_be_visible(timeout=20_000)
    return page


def choice(page: Page, icon: str) -> Locator:
    return page.locator("button.choice:not([disabled])", has_text=icon).last


def send(page: Page, text: str) -> None:
    page.locator("#box").fill(text)
    page.locator("#box").press("Enter")


@pytest.mark.parametrize("language", OFFERS)
def test_paste_card_questions_danger_resume_and_exit(browser, server, language: str, requests_elsewhere) -> None:
    offer, quoted = OFFERS[language]
    page = open_page(browser, server, language, requests_elsewhere)
    send(page, offer)
    card = page.locator("[data-level=high]")
    expect(card).to_be_visible(timeout=20_000)
    expect(card).to_contain_text(quoted)
    expect(page.locator("mark").first).to_be_visible()

    send(page, DANGER[language])
    emergency = page.locator(".emergency").last
    expect(emergency).to_be_visible(timeout=20_000)
    expect(emergency.locator("a[href='tel:112']")).to_be_visible()
    choice(page, "↩️").click()
    expect(choice(page, "⏭️")).to_be_visible(timeout=20_000)
    for _ in range(3):
        choice(page, "⏭️").click()
        page.wait_for_timeout(400)
    expect(page.locator("[data-level=high]")).to_have_count(2, timeout=20_000)
    assert requests_elsewhere == []

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.route(
        "**/*", lambda route: route.abort() if not route.request.url.startswith(server.base) else route.continue_()
    )
    page.locator("#exit").click()
    page.wait_for_timeout(500)
    assert offer not in page.content()


def test_it_fits_a_small_phone_and_works_by_keyboard(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "uk", requests_elsewhere, viewport={"width": 320, "height": 568})
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#box").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement !== document.body")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_by_axe(browser, server, scheme, requests_elsewhere) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(browser, server, "uk", requests_elsewhere, color_scheme=scheme)
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=20_000)
    page.evaluate("1")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_reload_asks_before_it_shows_anything(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "uk", requests_elsewhere)
    send(page, OFFERS["uk"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.locator("#cover")).to_be_visible(timeout=20_000)
    assert page.locator("[data-level=high]:visible").count() == 0


def test_nothing_of_the_words_is_in_address_or_history(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "en", requests_elsewhere)
    send(page, OFFERS["en"][0])
    expect(page.locator("[data-level=high]")).to_be_visible(timeout=20_000)
    assert page.url == server.base + "/"
    assert page.evaluate("history.length") <= 2
    assert "Work in Germany" not in page.title()
