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
    """Press one button after another, each as soon as it is there."""
    for words in buttons:
        choice(page, words).click()


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
