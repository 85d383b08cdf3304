"""What a person does on the page."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.server import Server


def open_page(browser: Browser, server: Server, language: str, elsewhere: list[str], **options) -> Page:
    context = browser.new_context(locale=language, **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("request", lambda r: elsewhere.append(r.url) if not r.url.startswith(server.base) else None)
    page.on("pageerror", lambda error: elsewhere.append(str(error)))
    page.on("console", lambda m: elsewhere.append(m.text) if m.type == "error" else None)
    page.goto(server.base + "/")
    expect(page.locator("#log .message").first).to_be_visible()
    return page


def choice(page: Page, words: str) -> Locator:
    """The newest button that still works and has these words."""
    return page.locator("#log button.choice:not([disabled])", has_text=words).last


def press(page: Page, *buttons: str) -> None:
    """Press one button after another, each when the last one is answered, as people who read the answer do."""
    for words in buttons:
        _nothing_under_way(page)
        choice(page, words).click()


def press_at(page: Page, number: int) -> None:
    """Press a button of the newest question by its place, counted from 0."""
    _nothing_under_way(page)
    page.locator("#log button.choice:not([disabled])").nth(number).click()


def _nothing_under_way(page: Page) -> None:
    """Wait for the answer: pressed before, the found button may be the one which that answer is about to turn off."""
    expect(page.locator("#composer[aria-busy=true]")).to_have_count(0, timeout=15_000)


def send(page: Page, text: str) -> None:
    page.locator("#box").fill(text)
    page.locator("#box").press("Enter")


def say(page: Page, text: str) -> None:
    """Type an answer to a question that has buttons, and wait for what follows."""
    expect(page.locator("#log button.choice:not([disabled])").first).to_be_visible()
    send(page, text)
    answered(page)


def answered(page: Page) -> None:
    """Wait until nothing is under way, late answers included."""
    expect(page.locator("#composer")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".pending")).to_have_count(0)


def pick(page: Page, option: str) -> None:
    """Choose from the newest list."""
    chooser = page.locator(".chooser").last
    chooser.locator("select:enabled").select_option(label=option)
    chooser.locator("button:enabled").click()
    answered(page)


def preview(page: Page) -> Locator:
    """The preview that counts."""
    return page.locator(".preview:not(.old)")


def line(page: Page, words: str) -> Locator:
    return preview(page).locator(".lines li", has_text=words)
