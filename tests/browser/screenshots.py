"""The pictures of the desk in `docs/images`, made anew: `uv run python -m tests.browser.screenshots`.

Everything on them is made up. Run it after a change that people see.
"""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot import PROJECT_ROOT
from bot.reports.child import referral
from bot.reports.ticket import Answer, Identifier, Moment, Place, ScreeningRow, Stage, TicketSign, When
from tests.browser.conftest import FLAGS
from tests.browser.served import served_desk
from tests.browser.test_desk import Desk, log_in_quickly

IMAGES = PROJECT_ROOT / "docs" / "images"
NOW = datetime.now(timezone.utc)
SIZE = {"width": 1280, "height": 800}
TRANSLATION = "The neighbour told me. They work twelve hours a day, and the foreman takes their phones away."


def main() -> None:
    """Write the pictures."""
    expect.set_options(timeout=60_000)
    with (
        TemporaryDirectory() as folder,
        served_desk(Path(folder), TRANSLATION) as desk,
        sync_playwright() as playwright,
    ):
        shown = tickets(desk)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for scheme, ending in (("light", ""), ("dark", "-dark")):
            pictures(browser, desk, shown, scheme, ending)
        browser.close()


def pictures(browser: Browser, desk: Desk, shown: str, scheme: str, ending: str) -> None:
    page = browser.new_page(locale="en", viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(desk.base)
    taken(page, f"desk-login{ending}.png")
    log_in_quickly(page, desk)
    page.get_by_text("Not now").click()
    expect(page.locator(".line").first).to_be_visible()
    taken(page, f"desk-queue{ending}.png")
    page.goto(f"{desk.base}/tickets/{shown}")
    page.locator("#translation-said-narrative button").click()
    expect(page.locator(".machine")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    taken(page, f"desk-ticket{ending}.png", whole=True)
    page.context.close()


def taken(page: Page, name: str, *, whole: bool = False) -> None:
    page.screenshot(path=IMAGES / name, full_page=whole, animations="disabled")


def tickets(desk: Desk) -> str:
    """Send reports of different kinds; return the id of the one whose page is shown."""
    phone = Identifier(value="+48500600700", type="phone")
    shown = desk.send(
        created=NOW - timedelta(hours=2), when=When(moment=Moment.NOW), stage=Stage.EXPLOITATION,
        concern="trafficking", kind="job", level="high", language="uk",
        place=Place(country="DE", words="Склад біля вокзалу"),
        narrative="Сусідка розповіла. Працюють по дванадцять годин, бригадир забирає телефони.",
        offer="Робота на складі, 3500 євро без досвіду. Паспорт залишається у нас. Пишіть https://t.me/made_up_name",
        identifiers=(Identifier(value="+380500000001", type="phone"),
                     Identifier(value="https://t.me/made_up_name", type="url")),
        signs=(TicketSign(id="J24", title="Papers are kept by the employer", severity="H",
                          evidence=("Паспорт залишається у нас",)),
               TicketSign(id="J7", title="High pay without experience", severity="M",
                          evidence=("3500 євро без досвіду",))),
        answers=(Answer(question="documents", text="Чи паспорти в людей при собі?", answer="no"),
                 Answer(question="leave", text="Чи можуть люди піти з роботи?", answer="dont_know")),
        screening=(ScreeningRow(dimension=4, indicators=("D4.1", "D4.2"), rule="b"),
                   ScreeningRow(dimension=5, indicators=("D5.3",))),
    )  # fmt: skip
    desk.send(created=NOW - timedelta(hours=5), when=When(moment=Moment.LEAVING), stage=Stage.RECRUITMENT,
              deadline=NOW.date() + timedelta(days=1), concern="trafficking", kind="transport", level="elevated",
              place=Place(country="PL", words="Dworzec, odjazd wieczorem"), identifiers=(phone,))  # fmt: skip
    desk.tickets.insert(*_referral(desk))
    for hours, kind, concern, level, country, words in (
        (9, "job", "labour", "elevated", "PL", "Magazyn pod miastem"),
        (20, "housing", "trafficking", "high", "RO", "Apartament, lângă gară"),
        (30, "job", "fraud", "not_enough", "DE", "Online, keine Adresse"),
        (50, "relationship", "trafficking", "elevated", "IT", "Не сказано"),
        (75, "job", "labour", "none_found", "CZ", "Továrna"),
        (200, "transport", "trafficking", "not_enough", "UA", "Автостанція"),
        (400, "job", "labour", "elevated", "NL", "Kas buiten de stad"),
    ):
        desk.send(created=NOW - timedelta(hours=hours), kind=kind, concern=concern, level=level,
                  place=Place(country=country, words=words), identifiers=(phone,) if hours == 9 else ())  # fmt: skip
    return shown


def _referral(desk: Desk):  # type: ignore[no-untyped-def]
    from tests.desk.site import stored

    one = referral(NOW - timedelta(hours=1), where=Place(country="CZ"))
    return stored(desk.settings, "c" * 32, one, "training"), []


if __name__ == "__main__":
    main()
