"""The desk in Debian's Chromium: from the login to an accepted ticket and out, leaving nothing behind."""

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.reports.rating import rated
from bot.reports.ticket import Identifier, Moment, Place, ScreeningRow, Stage, TicketSign, When
from bot.runtime.founding import found_training_site
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.desk.site import code_of, stored
from tests.reports.tickets import ticket
from tests.server import running, settings_in

SERVE = (
    "import os; os.environ['OBERIH_DESK_PORT'] = os.environ['OBERIH_CHAT_PORT']; "
    "from bot.desk.app import serve; from bot.settings import load; serve(load())"
)
NOW = datetime.now(timezone.utc)
TICKETS = 40


@dataclass
class Desk:
    base: str
    passphrase: str
    settings: Settings

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(Database(self.settings.database_url))

    def send(self, **fields) -> str:
        identifier = os.urandom(16).hex()
        one = ticket(**{"created": NOW, "recipients": ("training",), **fields})
        self.tickets.insert(stored(self.settings, identifier, rated(one), "training"), [])
        return identifier


FULL = {
    "when": When(moment=Moment.NOW),
    "stage": Stage.EXPLOITATION,
    "concern": "trafficking",
    "kind": "job",
    "level": "high",
    "language": "uk",
    "place": Place(country="DE", words="Магдебург, склад біля вокзалу"),
    "narrative": "Сусідка розповіла. Бригадир Віктор забирає телефони.",
    "offer": "Робота в Німеччині, 3500 євро без досвіду.\nПаспорт залишається у нас. https://t.me/lehka_robota_de",
    "identifiers": (Identifier(value="+380502345678", type="phone"),),
    "signs": (TicketSign(id="J24", title="Papers kept", severity="H", evidence=("Паспорт залишається у нас",)),),
    "screening": (ScreeningRow(dimension=4, indicators=("D4.1", "D4.2"), rule="b"),),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    settings = settings_in(folder)
    member = found_training_site(settings)
    assert member is not None
    with running(folder, SERVE, OBERIH_SITE=str(folder / "none.yml")) as server:
        made = Desk(server.base, member.passphrase, settings)
        for number in range(TICKETS):
            made.send(created=NOW - timedelta(hours=number), place=Place(country="PL", words=f"Warszawa {number}"))
        yield made


@pytest.fixture
def page(browser: Browser, desk: Desk, request) -> Iterator[Page]:
    context = browser.new_context(locale="en", **getattr(request, "param", {}))
    context.set_default_timeout(30_000)
    page = context.new_page()
    trouble: list[str] = []
    page.on("request", lambda sent: trouble.append(sent.url) if not sent.url.startswith(desk.base) else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    # A browser also notes each page that says "no", such as 403 after a wrong passphrase.
    page.on("console", lambda m: trouble.append(m.text) if m.type == "error" and "403" not in m.text else None)
    yield page
    context.close()
    assert trouble == []


def log_in(page: Page, desk: Desk) -> None:
    """Log in by keyboard alone: the first field has the focus."""
    page.goto(desk.base)
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("trainer")
    page.keyboard.press("Tab")
    page.keyboard.type(desk.passphrase)
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_visible()
    page.get_by_text("Not now").press("Enter")
    expect(page.locator(".line").first).to_be_visible()
    page.wait_for_load_state("load")  # only then the page hears keys


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert found.violations_count == 0, found.generate_report()


def test_by_keyboard_from_login_to_an_accepted_ticket_and_out(page: Page, desk: Desk) -> None:
    first, second = desk.send(**FULL), desk.send(**{**FULL, "created": NOW + timedelta(seconds=1)})
    log_in(page, desk)
    page.keyboard.press("j")
    expect(page.locator(f"a.open[href='/tickets/{first}']")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".banner")).to_contain_text("Unverified allegation")
    expect(page.locator("mark", has_text="Паспорт залишається у нас")).to_be_visible()
    expect(page.locator("svg.ilo")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator(".happened")).to_have_text("Accepted.")
    assert desk.tickets.get(first).state == "accepted"

    page.goto(desk.base)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#happened")).to_contain_text("Accepted.")
    assert desk.tickets.get(second).state == "accepted"
    # The next line has taken its place, and the focus.
    expect(page.locator(".line a.open").first).to_be_focused()
    expect(page.locator("#count-accepted")).to_have_text("2")

    page.once("dialog", lambda dialog: dialog.dismiss())
    before = page.locator("#count-new").inner_text()
    page.keyboard.press("r")
    expect(page.locator("#count-new")).to_have_text(before)
    page.once("dialog", lambda dialog: dialog.accept())
    # The same key within a fifth of a second is one press that bounced.
    page.wait_for_timeout(300)
    page.keyboard.press("r")
    expect(page.locator("#count-rejected")).to_have_text("1")

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    # A closing dialog gives the focus back late, so what "/" did is seen by typing into the search.
    page.locator("body").press("/")
    page.locator("#query").press_sequentially("Warszawa 17")
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator("#query")).to_be_focused()
    assert page.url == f"{desk.base}/"
    page.get_by_role("button", name="Log out").press("Enter")
    expect(page.locator("#passphrase")).to_be_visible()
    page.go_back()
    expect(page.locator("#passphrase")).to_be_visible()
    assert page.locator(".line").count() == 0
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


SCHEMES = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


@pytest.mark.parametrize("page", SCHEMES, indirect=True, ids=["light", "dark"])
def test_every_page_is_accessible_by_axe(page: Page, desk: Desk) -> None:
    id = desk.send(**FULL)
    page.goto(desk.base)
    accessible(page)
    page.fill("#name", "trainer")
    page.fill("#passphrase", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".refusal")).to_be_visible()
    accessible(page)
    log_in_quickly(page, desk)
    accessible(page)
    page.get_by_text("Not now").click()
    expect(page.locator(".line").first).to_be_visible()
    accessible(page)
    page.keyboard.press("?")
    accessible(page)
    page.keyboard.press("Escape")
    page.fill("#query", "no such words")
    expect(page.locator(".empty")).to_be_visible()
    accessible(page)
    page.goto(f"{desk.base}/tickets/{id}")
    accessible(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_label("Outcome")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("#passphrase")).to_be_visible()
    accessible(page)


def log_in_quickly(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.base}/login")
    page.fill("#name", "trainer")
    page.fill("#passphrase", desk.passphrase)
    page.keyboard.press("Enter")
    expect(page.locator("#secret")).to_be_visible()


ZOOMED = [{"viewport": {"width": 640, "height": 430}}, {"viewport": {"width": 320, "height": 560}}]


@pytest.mark.parametrize("page", ZOOMED, indirect=True, ids=["200 %", "400 %"])
def test_it_fits_at_200_and_400_percent(page: Page, desk: Desk) -> None:
    """A window of 1280 points that is zoomed has the width of these."""
    id = desk.send(**FULL)
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    for path in ("/", f"/tickets/{id}"):
        page.goto(f"{desk.base}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_it_works_without_javascript(page: Page, desk: Desk) -> None:
    id = desk.send(**FULL)
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    page.fill("#query", id)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".line")).to_have_count(1)
    page.get_by_role("button", name=f"Accept {id[:8]}").click()
    expect(page.locator(".happened")).to_have_text("Accepted.")
    assert desk.tickets.get(id).state == "accepted" and page.url == f"{desk.base}/"
    page.goto(f"{desk.base}/tickets/{id}")
    page.get_by_role("button", name="Close").click()
    assert desk.tickets.get(id).state == "accepted"
    page.get_by_label("Outcome").select_option("to_labour")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".happened")).to_have_text("Closed.")
    assert desk.tickets.get(id).outcome == "to_labour"


@pytest.mark.parametrize("page", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True, ids=["copy"])
def test_copy_takes_the_real_value(page: Page, desk: Desk) -> None:
    id = desk.send(**FULL)
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    page.goto(f"{desk.base}/tickets/{id}")
    page.locator(".copy").first.click()
    expect(page.locator(".copy").first).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "+380502345678"


def test_the_second_factor_is_set_up_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    """On a desk of its own: afterwards nobody comes in without the code."""
    settings = settings_in(tmp_path)
    member = found_training_site(settings)
    assert member is not None
    with running(tmp_path, SERVE, OBERIH_SITE=str(tmp_path / "none.yml")) as server:
        page = browser.new_context(locale="en").new_page()
        desk = Desk(server.base, member.passphrase, settings)
        log_in_quickly(page, desk)
        secret = base64.b32decode(page.locator("#secret").inner_text().replace(" ", ""))
        page.keyboard.type(code_of(secret))
        page.keyboard.press("Enter")
        expect(page.locator(".recovery li")).to_have_count(8)
        accessible(page)
        recovery = page.locator(".recovery li").first.inner_text()
        page.get_by_text("I have written them down").click()
        expect(page.locator(".empty")).to_have_text("No new tickets.")
        page.get_by_role("button", name="Log out").click()
        page.fill("#name", "trainer")
        page.fill("#passphrase", member.passphrase)
        page.keyboard.press("Enter")
        expect(page.locator(".refusal")).to_be_visible()
        page.fill("#name", "trainer")
        page.fill("#passphrase", member.passphrase)
        page.fill("#code", recovery)
        page.keyboard.press("Enter")
        expect(page.locator(".empty")).to_be_visible()
        page.context.close()
