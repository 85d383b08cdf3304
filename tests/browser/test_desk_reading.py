"""The page that a member sees while so many tickets are opened that it takes more than one request."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.desk.triage import _BEHIND_AT_ONCE
from tests.browser.served import served_desk
from tests.browser.test_desk import Desk, accessible, log_in_quickly


@pytest.fixture(scope="module")
def crowded(tmp_path_factory) -> Iterator[Desk]:
    """A desk with so many new tickets that one request does not make them all ready."""
    with served_desk(tmp_path_factory.mktemp("crowded"), "") as desk:
        for _ in range(_BEHIND_AT_ONCE + 1):
            desk.send()
        yield desk


def test_reading_many_tickets_is_shown_accessibly_and_ends_in_the_queue(browser: Browser, crowded: Desk) -> None:
    context = browser.new_context(locale="en", color_scheme="light")
    page = context.new_page()
    held: list[str] = []
    page.route("**/reading", lambda route: held.append(route.request.url))
    log_in_quickly(page, crowded)
    page.get_by_text("Not now").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(f"of {_BEHIND_AT_ONCE + 1}")
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)
    assert held
    page.unroute("**/reading")
    page.reload()
    expect(page.locator("#results")).to_be_visible()
    context.close()
