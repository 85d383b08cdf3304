"""Working through tickets in a real browser: selection, views, notes and tags by keyboard, and without any script."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.reports.ticket import Place
from bot.runtime.founding import found_training_site
from tests.browser.test_desk import FULL, NOW, SCHEMES, SERVE, ZOOMED, Desk, accessible, log_in_quickly
from tests.server import running, settings_in


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("work")
    settings = settings_in(folder)
    member = found_training_site(settings)
    assert member is not None
    with running(folder, SERVE, OBERIH_SITE=str(folder / "none.yml")) as server:
        yield Desk(server.base, member.passphrase, settings)


@pytest.fixture
def page(browser: Browser, served: Desk, request) -> Iterator[Page]:
    context = browser.new_context(locale="en", **getattr(request, "param", {}))
    context.set_default_timeout(30_000)
    page, trouble = context.new_page(), []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
    log_in_quickly(page, served)
    page.get_by_text("Not now").click()
    expect(page.locator("#results")).to_be_visible()
    page.wait_for_load_state("load")
    yield page
    context.close()
    assert trouble == []


def send(desk: Desk, count: int, **fields) -> list[str]:
    """Send tickets, each older than the one before; return their ids."""
    return [desk.send(created=NOW - timedelta(minutes=number), **fields) for number in range(count)]


def search(page: Page, words: str, count: int) -> None:
    """Look for tickets, by keyboard, and leave the focus on their first line."""
    page.locator("body").press("/")
    with page.expect_response("**/queue"):
        page.locator("#query").fill(words)
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator(".line")).to_have_count(count)
    page.keyboard.press("ArrowDown")
    expect(page.locator("a.open").first).to_be_focused()


def test_tickets_are_selected_and_worked_on_together_by_keyboard(page: Page, served: Desk) -> None:
    sent = send(served, 5, place=Place(country="LT", words="Kaunas"))
    page.goto(served.base)
    search(page, "Kaunas", 5)
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-picked]")).to_have_text("4 selected")
    page.keyboard.press("*")
    expect(page.locator("[data-picked]")).to_have_text("5 selected")
    page.keyboard.press("k")
    page.keyboard.press("t")
    page.keyboard.type("kaunas ring")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Tag the selected tickets (5)")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Finished")
    page.locator("[data-undo]").press("Enter")
    expect(page.locator("h1")).to_have_text("The tags are off again.")

    page.goto(served.base)
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    # Decided alone, with others selected on screen: they stay selected.
    page.locator(".line").nth(4).get_by_role("button", name="Accept").click()
    expect(page.locator(".line")).to_have_count(4)
    expect(page.locator("[data-picked]")).to_have_text("1 selected")
    page.locator("body").press("*")
    page.keyboard.press("a")
    expect(page.locator("blockquote")).to_have_text("The report was sent, and someone has taken it up.")
    expect(page.locator(".warning")).to_have_text("This cannot be taken back.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Accepted: 4")).to_be_visible()
    assert {served.tickets.get(id).state for id in sent} == {"accepted"}


def test_a_view_is_saved_and_opened_by_keyboard_and_its_count_follows(page: Page, served: Desk) -> None:
    send(served, 3, place=Place(country="LV", words="Ventspils"))
    send(served, 1, place=Place(country="EE", words="Tartu"))
    page.goto(served.base)
    search(page, "Ventspils", 3)
    page.keyboard.press("s")
    expect(page.locator("#view-name")).to_be_focused()
    page.keyboard.type("The port")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_have_text("View saved.")
    expect(page.locator(".view-count")).to_have_text("3")
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".view-count")).to_have_text("2")
    with page.expect_response("**/views"):
        page.fill("#query", "")
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator(".count")).not_to_contain_text("of 2")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.keyboard.press("1")
    expect(page.locator(".line")).to_have_count(2)
    expect(page.locator("#query")).to_have_value("Ventspils")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete the view The port").click()
    expect(page.locator(".happened")).to_have_text("View deleted.")
    expect(page.locator(".view")).to_have_count(0)


def test_a_ticket_is_taken_noted_and_tagged_by_keyboard(page: Page, served: Desk) -> None:
    [id] = send(served, 1, **FULL)
    page.goto(f"{served.base}/tickets/{id}")
    page.wait_for_load_state("load")
    page.keyboard.press("m")
    expect(page.locator(".on-it")).to_contain_text("You are on it since")
    page.wait_for_load_state("load")
    page.keyboard.press("n")
    page.keyboard.type("Called the consulate. Waiting.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".notes")).to_contain_text("Called the consulate")
    page.wait_for_load_state("load")
    page.keyboard.press("t")
    page.keyboard.type("Consulate")
    page.keyboard.press("Enter")
    expect(page.locator(".tags")).to_contain_text("consulate")
    page.wait_for_load_state("load")
    page.keyboard.press("c")
    expect(page.locator("#outcome")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page).to_have_url(f"{served.base}/")
    search(page, "consulate waiting", 1)
    expect(page.locator(".line .taken")).to_have_text("trainer is on it")


@pytest.mark.parametrize("key", ["ф", "Ф"])
def test_letters_count_by_their_place_where_another_script_is_typed(page: Page, served: Desk, key: str) -> None:
    town = "Soroca" if key.isupper() else "Orhei"
    [id] = send(served, 1, place=Place(country="MD", words=town))
    page.goto(served.base)
    search(page, town, 1)
    page.evaluate(
        "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, code: 'KeyA', bubbles: true}))",
        key,
    )
    expect(page.locator("#happened")).to_contain_text("Accepted.")
    assert served.tickets.get(id).state == "accepted"


def test_a_key_held_down_decides_once(page: Page, served: Desk) -> None:
    sent = send(served, 3, place=Place(country="MK", words="Ohrid"))
    page.goto(served.base)
    search(page, "Ohrid", 3)
    # Without `up` in between, each further `down` is a repetition.
    for _ in range(10):
        page.keyboard.down("a")
    page.keyboard.up("a")
    expect(page.locator(".line")).to_have_count(2)
    assert sorted(served.tickets.get(id).state for id in sent) == ["accepted", "new", "new"]
    page.keyboard.press("c")
    expect(page.locator("#closing")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#closing")).to_be_hidden()
    assert sorted(served.tickets.get(id).state for id in sent) == ["accepted", "new", "new"]


@pytest.mark.parametrize("page", SCHEMES, indirect=True, ids=["light", "dark"])
def test_every_page_of_it_is_accessible_by_axe(page: Page, served: Desk) -> None:
    [id, *_] = send(served, 2, **FULL)
    page.goto(f"{served.base}/tickets/{id}")
    page.fill("#note", "A note")
    page.get_by_role("button", name="Write it down").click()
    page.fill("#add-tag", "tagged")
    page.get_by_role("button", name="Add a tag").click()
    page.get_by_role("button", name="I take it").click()
    expect(page.locator(".tags")).to_be_visible()
    accessible(page)
    page.goto(served.base)
    page.locator("#save-view").click()
    page.fill("#view-name", f"View {id}")
    page.keyboard.press("Enter")
    expect(page.locator(".view-count").first).to_be_visible()
    page.locator(".pick input").first.check()
    accessible(page)
    page.locator("[data-close]").first.click()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator("#bulk button[value=rejected]").click()
    expect(page.locator(".warning")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="No, back").click()
    page.locator(".pick input").first.check()
    page.fill("#bulk-tag", f"t{id[:8]}")
    page.locator("#bulk button[value=tag]").click()
    page.locator("[data-sure]").click()
    expect(page.locator("h1")).to_have_text("Finished")
    accessible(page)


@pytest.mark.parametrize("page", ZOOMED, indirect=True, ids=["200 %", "400 %"])
def test_it_fits_at_200_and_400_percent(page: Page, served: Desk) -> None:
    [id] = send(served, 1, **FULL)
    page.goto(served.base)
    wide = "document.documentElement.scrollWidth <= window.innerWidth"
    page.locator(".pick input").first.check()
    assert page.evaluate(wide)
    page.locator("#bulk button[value=accepted]").click()
    expect(page.locator(".sure")).to_be_visible()
    assert page.evaluate(wide)
    page.goto(f"{served.base}/tickets/{id}")
    assert page.evaluate(wide)


NO_SCRIPT = [{"java_script_enabled": False}]


@pytest.mark.parametrize("page", NO_SCRIPT, indirect=True, ids=["no script"])
def test_many_tickets_are_worked_on_without_javascript(page: Page, served: Desk) -> None:
    sent = send(served, 3, place=Place(country="XK", words="Prizren"))
    page.fill("#query", "Prizren")
    page.get_by_role("button", name="Show", exact=True).click()
    for id in sent[:2]:
        page.get_by_label(re.compile(f"Select ticket {id[:8]}")).check()
    page.locator("#bulk-outcome").select_option("duplicate")
    page.locator("#bulk button[value=done]").click()
    expect(page.locator("h1")).to_contain_text("(2)")
    page.get_by_role("button", name="Yes, do it").click()
    for _ in range(5):
        if not page.get_by_role("button", name="Go on").is_visible():
            break
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Closed as “duplicate”: 2")).to_be_visible()
    assert [served.tickets.get(id).outcome for id in sent] == ["duplicate", "duplicate", None]
