"""The whole way of a report: chat page, desk, question, answer, outcome; and what hostile words cannot do."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.reports.rating import rated
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tickets import Tickets
from tests.browser.pages import answered, choice, open_page, press, preview, send
from tests.browser.test_desk import SERVE, accessible
from tests.browser.test_report import TOLD, code_on, to_preview
from tests.desk.hostile import PAYLOADS, filled
from tests.desk.site import stored
from tests.server import running, settings_in

QUESTION = "Коли вони виїжджають?"
ANSWER = "У п’ятницю, з вокзалу."
REASON = "Це збігається з іншими повідомленнями."


@dataclass
class Console:
    """The training desk's console, over the same store as the chat."""

    base: str
    passphrase: str
    settings: Settings


@pytest.fixture(scope="module")
def console(founded, server, tmp_path_factory) -> Iterator[Console]:
    chat, member = founded
    settings = settings_in(chat)
    folder = tmp_path_factory.mktemp("console")
    changed = {"OBERIH_VAR": str(settings.var), "OBERIH_SITE": str(folder / "none.yml")}
    with running(folder, SERVE, **changed) as process:
        yield Console(process.base, member.passphrase, settings)


@pytest.fixture
def page(browser: Browser, console: Console) -> Iterator[Page]:
    """A member's page; whatever tries to run, or to reach another place, is an error."""
    context = browser.new_context(locale="en")
    context.set_default_timeout(60_000)
    page = context.new_page()
    trouble: list[str] = []
    page.on("request", lambda sent: trouble.append(sent.url) if not sent.url.startswith(console.base) else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.goto(console.base)
    page.keyboard.type("trainer")
    page.keyboard.press("Tab")
    page.keyboard.type(console.passphrase)
    page.keyboard.press("Enter")
    page.get_by_text("Not now").press("Enter")
    expect(page.locator("#choose")).to_be_visible()
    yield page
    context.close()
    assert trouble == []


def tab_to(page: Page, selector: str) -> None:
    """Go to a control as somebody does who has no mouse."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def accessible_in_both_themes(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        accessible(page)


def words(text: str) -> str:
    return " ".join(text.split())


def receipt(page: Page, code: str) -> None:
    press(page, "🧾")
    answered(page)
    send(page, code)
    expect(choice(page, "🗑️")).to_be_visible()
    answered(page)


def test_a_report_is_read_asked_about_answered_corrected_and_closed(
    browser, server, services, desk, console: Console, page: Page, requests_elsewhere
) -> None:
    told = TOLD["uk"]
    before = {found.record.id for found in desk.tickets()}
    chat = open_page(browser, server, "uk", requests_elsewhere)
    to_preview(chat, told)
    code = code_on(chat)
    preview(chat).locator("button.main").click()
    answered(chat)
    [id] = {found.record.id for found in desk.tickets()} - before
    chat.context.close()

    # Read, and asked about, by keyboard alone.
    page.reload()
    accessible_in_both_themes(page)
    page.locator(f"a.open[href='/tickets/{id}']").press("Enter")
    expect(page.locator(".banner")).to_contain_text("Unverified allegation")
    expect(page.locator(".ticket")).to_contain_text(told.place)
    accessible_in_both_themes(page)
    page.locator("body").press("q")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    expect(page.locator("#question-left")).to_have_text(f"Characters left: {1000 - len(QUESTION)}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".caution")).to_contain_text("The wrong person may read this")
    accessible_in_both_themes(page)
    promised = page.locator("#reading").inner_text()
    tab_to(page, "#send")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_contain_text("The question waits under the receipt")

    # The person reads exactly that, and answers.
    chat = open_page(browser, server, "uk", requests_elsewhere)
    receipt(chat, code)
    said = chat.locator("#log .message", has_text=QUESTION).last
    assert words(promised) in words(said.inner_text())
    press(chat, "✍️")
    answered(chat)
    send(chat, ANSWER)
    press(chat, "✉️")
    answered(chat)
    chat.context.close()

    # The desk reads the answer, and puts another level in place of the assistant's.
    page.reload()
    expect(page.locator(".letter.answer")).to_contain_text("Answer to question 1")
    expect(page.locator(".letter.answer")).to_contain_text(ANSWER)
    tab_to(page, "summary:has(#correct-title)")
    page.keyboard.press("Enter")
    tab_to(page, "#level")
    page.keyboard.type("some")
    tab_to(page, "#why")
    page.keyboard.type(REASON)
    accessible_in_both_themes(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    corrected = page.locator("#reading").inner_text()
    tab_to(page, "#send")
    page.keyboard.press("Enter")
    expect(page.locator(".letter.correction")).to_contain_text("Level corrected to: some signs")

    # Accepted, and closed with an outcome, by keyboard.
    page.locator("body").press("a")
    expect(page.locator(".happened")).to_have_text("Accepted.")
    page.locator("body").press("c")
    expect(page.locator("#outcome")).to_be_focused()
    page.keyboard.type("passed to lab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".happened")).to_have_text("Closed.")
    accessible_in_both_themes(page)
    record = Tickets(Database(console.settings.database_url)).get(id)
    assert (record.state, record.outcome) == ("done", "to_labour")

    # The person reads how it ended.
    chat = open_page(browser, server, "uk", requests_elsewhere)
    receipt(chat, code)
    shown = words(chat.locator("#log").inner_text())
    assert words(services.texts.get("chat", "utter_receipt_done_to_labour", "uk")) in shown
    assert words(corrected) in shown and QUESTION in shown and ANSWER not in shown
    chat.context.close()
    assert requests_elsewhere == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_hostile_words_run_nowhere_at_the_desk(console: Console, page: Page) -> None:
    """What the browser stops by the page's policy is noted as an error too: nothing may even try."""
    now = datetime.now(timezone.utc)
    for number, payload in enumerate(PAYLOADS.values()):
        id = os.urandom(16).hex()
        Tickets(Database(console.settings.database_url)).insert(
            stored(console.settings, id, rated(filled(payload, now)), "training"), []
        )
        page.goto(f"{console.base}/tickets/{id}")
        expect(page.locator("#question")).to_be_visible()
        page.locator("#question").fill(payload)
        page.get_by_role("button", name="Show what will be read").first.click()
        expect(page.locator("#reading")).to_be_visible()
        page.locator("#send").click()
        expect(page.locator(".letter.question")).to_have_count(1)
        assert page.evaluate("window.ran") is None, number
    page.goto(console.base)
    for payload in PAYLOADS.values():
        # A search that is replaced by the next one, or left, is an error to htmx.
        with page.expect_response("**/queue") as found:
            page.locator("#query").fill(payload)
        assert found.value.finished() is None
        expect(page.locator("#results")).to_be_visible()
    assert page.evaluate("window.ran") is None and page.url == f"{console.base}/"
