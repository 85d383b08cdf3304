"""Every page of the desk: by axe in both themes, zoomed, on paper, in each language, and by keyboard."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.reports.ticket import Answer, TicketSign
from tests.browser.served import served_desk
from tests.browser.test_desk import FULL, Desk, accessible, log_in_quickly

LONG = {
    **FULL,
    "created": datetime.now(timezone.utc),
    "narrative": "Сусідка розповіла. Бригадир Віктор забирає телефони. " * 8,
    "signs": tuple(
        TicketSign(id=f"J{number}", title="Passports are kept by the employer", severity=severity, evidence=(words,))
        for number, severity, words in (
            (24, "H", "Паспорт залишається у нас"),
            (7, "M", "без досвіду"),
            (9, "L", "3500"),
        )
    ),
    "answers": tuple(
        Answer(question=f"q{number}", text="Чи може людина піти з роботи, коли захоче?", answer="no")
        for number in range(5)
    ),
}
TOO_WIDE = """document.documentElement.scrollWidth <= window.innerWidth ? [] :
[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
.map((e) => e.tagName + '.' + e.className + '#' + e.id).slice(0, 9)"""
CUT = """[...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  return style.overflowX !== "visible" && !element.closest(".unseen, svg, select, input, textarea")
    && element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))"""
TITLES = {"uk": "Увійти", "en": "Log in", "ru": "Войти", "pl": "Logowanie", "de": "Anmelden", "ro": "Autentificare"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with served_desk(tmp_path_factory.mktemp("desk"), "The neighbour told it.") as desk:
        yield desk


@pytest.fixture(scope="module")
def at_work(browser: Browser, desk: Desk) -> Iterator[BrowserContext]:
    """A member at work; a login costs a second."""
    context = browser.new_context(locale="en")
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    expect(page.locator("#results")).to_be_visible()
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(at_work: BrowserContext) -> Iterator[Page]:
    page = at_work.new_page()
    yield page
    page.close()
    at_work.clear_cookies(name="oberih-desk-language")


def everything(page: Page, desk: Desk) -> Iterator[str]:
    """Show one page after the other, each in what it can look like; yield what it is."""
    id = desk.send(**LONG)
    page.goto(desk.base)
    yield "queue"
    page.locator(".languages summary").click()
    yield "queue with its menu open"
    page.locator(".languages summary").click()
    page.fill("#query", "no such words")
    expect(page.locator(".empty")).to_be_visible()
    yield "queue with nothing found"
    page.fill("#query", "")
    expect(page.locator(".line").first).to_be_visible()
    page.goto(f"{desk.base}/tickets/{id}")
    yield "ticket"
    for name in ("said-narrative", "sign-0", "answers"):
        page.locator(f"#translation-{name} button").click()
        expect(page.locator(f"#translation-{name} .machine")).to_be_focused()
    yield "ticket with translations"
    page.locator("button[value=accepted]").click()
    expect(page.locator("#outcome")).to_be_visible()
    yield "accepted ticket"
    for address in ("/no-such-page", f"/tickets/{'0' * 32}"):
        page.goto(desk.base + address)
        expect(page.get_by_role("alert")).to_be_visible()
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_at_work_is_accessible_by_axe(page: Page, desk: Desk, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for _ in everything(page, desk):
        accessible(page)


@pytest.mark.parametrize(("width", "language"), [(640, "de"), (320, "ru")], ids=["200 %", "400 %"])
def test_nothing_is_cut_or_scrolls_sideways_when_zoomed(page: Page, desk: Desk, width: int, language: str) -> None:
    """A window of 1280 points that is zoomed has the width of these; German and Russian have long words."""
    page.context.add_cookies([{"name": "oberih-desk-language", "value": language, "url": desk.base}])
    page.set_viewport_size({"width": width, "height": 560})
    for name in everything(page, desk):
        assert page.evaluate(TOO_WIDE) == [], name
        assert page.evaluate(CUT) == [], name


def test_the_clock_of_a_line_is_never_cut_in_any_language(page: Page, desk: Desk) -> None:
    for days in (0, 2, 30):
        # Of three texts, as near copies would share a line.
        said = {"offer": f"Offer {days}", "narrative": f"Words of day {days} and no other"}
        desk.send(**{**LONG, **said, "created": datetime.now(timezone.utc) - timedelta(days=days)})
    for language in TITLES:
        page.context.add_cookies([{"name": "oberih-desk-language", "value": language, "url": desk.base}])
        page.goto(desk.base)
        expect(page.locator(".when").nth(2)).to_be_visible()
        cut = "[...document.querySelectorAll('.when')].filter((e) => e.scrollWidth > e.clientWidth).length"
        assert page.evaluate(cut) == 0, language


def test_a_ticket_prints_on_one_sheet_without_what_only_works_on_a_screen(page: Page, desk: Desk) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{desk.base}/tickets/{desk.send(**LONG)}")
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    page.emulate_media(media="print", color_scheme="dark")
    for shown in (".banner", "h1", "mark >> nth=0", ".signs", ".identifiers code", ".ilo", ".timeline"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in (".top", ".decide button >> nth=0", ".copy", ".translation button >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_the_language_is_chosen_by_keyboard_and_every_page_speaks_it(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(locale="fr")
    page = context.new_page()
    page.goto(desk.base)
    for language, title in TITLES.items():
        page.locator(".languages summary").focus()
        page.keyboard.press("Enter")
        for _ in range(1 + list(TITLES).index(language)):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_text(title)
    context.close()
