"""People in Debian's Chromium: invited, scanning a code, admitted by a number, at work; every page of it by axe."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.runtime.founding import found_training_site
from tests.browser.test_desk import SERVE, Desk, accessible, log_in_quickly
from tests.desk.site import code_of
from tests.server import running, settings_in

WORDS = "nine paper boats going south"
PAGES = ("/people", "/audit", "/site", "/site/desks", "/site/gate", "/site/numbers", "/site/signs", "/site/retention",
         "/site/health", "/me")  # fmt: skip
SCHEMES = ["light", "dark"]


@dataclass
class Site:
    desk: Desk

    def page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("request", lambda sent: self.strange.append(sent.url) if not self.ours(sent.url) else None)
        return page

    def __post_init__(self) -> None:
        self.strange: list[str] = []

    def ours(self, url: str) -> bool:
        return url.startswith(self.desk.base)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = settings_in(tmp_path)
    member = found_training_site(settings)
    assert member is not None
    with running(tmp_path, SERVE, OBERIH_SITE=str(tmp_path / "none.yml")) as server:
        made = Site(Desk(server.base, member.passphrase, settings))
        yield made
        assert made.strange == []


def leads(context: BrowserContext, site: Site) -> Page:
    page = site.page(context)
    log_in_quickly(page, site.desk)
    page.get_by_text("Not now").click()
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
def test_from_the_invitation_to_the_first_login(browser: Browser, site: Site, scheme: str) -> None:
    lead = leads(browser.new_context(locale="en", color_scheme=scheme), site)  # type: ignore[arg-type]
    lead.get_by_role("link", name="Members").click()
    lead.get_by_label("Role").select_option("investigator")
    lead.get_by_role("button", name="Make an invitation").click()
    code = lead.locator("#invitation").inner_text()
    accessible(lead)
    lead.get_by_text("I have passed it on").click()
    expect(lead.get_by_text("Not used yet")).to_be_visible()

    newcomer = site.page(browser.new_context(locale="en", color_scheme=scheme))  # type: ignore[arg-type]
    newcomer.goto(f"{site.desk.base}/login")
    newcomer.get_by_text("You were invited?").click()
    accessible(newcomer)
    newcomer.keyboard.type(code.lower())
    for words in ("oksana", WORDS, WORDS):
        newcomer.keyboard.press("Tab")
        newcomer.keyboard.type(words)
    newcomer.keyboard.press("Enter")
    expect(newcomer.locator(".qr svg")).to_be_visible()
    accessible(newcomer)
    secret = base64.b32decode(newcomer.locator("#secret").inner_text().replace(" ", ""))
    newcomer.keyboard.type(code_of(secret))
    newcomer.keyboard.press("Enter")
    expect(newcomer.locator(".recovery li")).to_have_count(8)
    accessible(newcomer)
    number, recovery = newcomer.locator("#number").inner_text(), newcomer.locator(".recovery li").first.inner_text()

    lead.reload()
    accessible(lead)
    lead.get_by_label("The number that oksana told you").fill(number)
    lead.get_by_role("button", name="Admit").click()
    expect(lead.get_by_text("Admitted. They can log in now.")).to_be_visible()

    newcomer.get_by_text("I have written it down").click()
    newcomer.fill("#name", "oksana")
    newcomer.fill("#passphrase", WORDS)
    newcomer.fill("#code", recovery)
    newcomer.keyboard.press("Enter")
    expect(newcomer.locator(".empty")).to_have_text("No new tickets.")

    lead.once("dialog", lambda dialog: dialog.accept())
    lead.get_by_role("button", name="Take out oksana").click()
    expect(lead.get_by_text("Taken out.")).to_be_visible()
    newcomer.reload()
    expect(newcomer.locator("#passphrase")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_about_people_and_the_site_is_accessible_and_fits(browser: Browser, site: Site, scheme: str) -> None:
    page = leads(browser.new_context(locale="en", color_scheme=scheme), site)  # type: ignore[arg-type]
    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{site.desk.base}{path}")
        accessible(page)
        # A window of 1280 points that is zoomed to 400 %.
        page.set_viewport_size({"width": 320, "height": 560})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert re.search("Signed and whole", page.goto(f"{site.desk.base}/audit").text())  # type: ignore[union-attr]
