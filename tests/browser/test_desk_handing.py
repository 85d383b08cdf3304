"""Other desks, holds and copies in the browser: by keyboard alone, and accessible."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.reports.rating import rated
from bot.reports.ticket import Identifier, Place
from bot.runtime.desk_session import log_in
from bot.runtime.upkeep import bring_up
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.browser.test_desk import SERVE
from tests.browser.test_journey import accessible_in_both_themes, tab_to
from tests.command_line.reporting_site import PASSPHRASES
from tests.desk.site import NAME, found, settings_in, stored
from tests.reports.tickets import ticket
from tests.server import running

NOW = datetime.now(timezone.utc)
MINE, THEIRS = "a" * 32, "b" * 32


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[tuple[str, Tickets]]:
    """A site of three desks: the helpline and the NGO have accepted a ticket with the same phone."""
    folder = tmp_path_factory.mktemp("desks")
    found(folder)
    settings = settings_in(folder)
    tickets = Tickets(Database(settings.database_url))
    phone = Identifier(value="+380502345678", type="phone")
    for id, desk in ((MINE, "hotline"), (THEIRS, "ngo")):
        one = ticket(created=NOW, identifiers=(phone,), place=Place(country="DE", words="Магдебург"))
        tickets.insert(stored(settings, id, rated(one), desk), [])
        tickets.set_state(id, "accepted", NOW.date())
        bring_up(log_in(settings, desk, NAME, PASSPHRASES[desk]))
    with running(folder, SERVE, OBERIH_SITE=str(settings.site)) as server:
        yield server.base, tickets


def test_asking_copying_holding_and_handing_on_by_keyboard(browser: Browser, site: tuple[str, Tickets]) -> None:
    base, tickets = site
    page = browser.new_context(locale="en").new_page()
    enter(page, base)
    page.goto(f"{base}/tickets/{MINE}")
    accessible_in_both_themes(page)

    tab_to(page, "#others-reason")
    page.keyboard.type("case 12/26")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_contain_text("Other desks follow leads of this ticket")
    hits = page.locator("section", has=page.locator("#others-title"))
    expect(hits).to_contain_text("Aid Berlin")
    accessible_in_both_themes(page)

    tab_to(page, "button[value=htcds]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert json.loads(download.value.path().read_text())["oberih_ticket_id"] == MINE

    tab_to(page, "#keeping-title ~ details summary")
    page.keyboard.press("Enter")
    until = (NOW + timedelta(days=40)).date()
    tab_to(page, "#until")
    page.keyboard.type(f"{until:%m%d%Y}")
    tab_to(page, "#hold-reason")
    page.keyboard.type("court")
    accessible_in_both_themes(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_have_text("Held.")
    kept = tickets.hold_on(MINE)
    assert kept is not None and (kept.until, kept.reason) == (until, "court_order")

    tab_to(page, "#to")
    page.keyboard.type("Aid")
    page.keyboard.press("Tab")
    page.keyboard.type("they are in Berlin")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_contain_text("only the other desk opens it now")
    moved = tickets.get(MINE)
    assert moved is not None and moved.desk == "ngo" and page.url == f"{base}/"
    page.context.close()


def enter(page: Page, base: str) -> None:
    page.goto(base)
    page.locator("#desk").select_option("hotline")
    page.fill("#name", NAME)
    page.fill("#passphrase", PASSPHRASES["hotline"])
    page.keyboard.press("Enter")
    page.get_by_text("Not now").press("Enter")
    expect(page.locator("#choose")).to_be_visible()
