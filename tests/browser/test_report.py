"""From a pasted offer to a receipt and back, in a browser against the real server and its training desk."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.reports.ticket import Form
from tests.browser.pages import answered, choice, line, open_page, pick, press, press_at, preview, say, send


@dataclass(frozen=True)
class Told:
    """What one person tells, and the words by which it is found again."""

    offer: str
    phone: str
    country: str
    writer: str
    age: str
    place: str
    who: str
    known: str
    narrative: str
    reporter: tuple[str, ...]
    training: str
    strike: str


TOLD = {
    "uk": Told(
        offer="Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас. "
        "Пишіть у Telegram @lehka_robota_de або дзвоніть +380 50 234 56 78.",
        phone="+380502345678",
        country="Німеччина",
        writer="Україна",
        age="18 або більше",
        place="Магдебург, склад біля вокзалу",
        who="Бригадир Віктор, @viktor_brigadir",
        known="Мені розповіли",
        narrative="Мене звати Оксана Коваленко, мій номер +380 67 123 45 67. Про роботу розповіла сусідка.",
        reporter=("Оксана", "Коваленко", "123 45 67", "671234567"),
        training="Навчальний режим: повідомлення залишаються на цьому комп’ютері й ні до кого не потрапляють",
        strike="Вилучити цей рядок: ",
    ),
    "en": Told(
        offer="Work in Germany, 3500 euro, no experience. We keep your passport until the contract ends. "
        "Write on Telegram @easy_jobs_de or call +380 50 234 56 78.",
        phone="+380502345678",
        country="Germany",
        writer="Ukraine",
        age="18 or over",
        place="Magdeburg, the warehouse by the station",
        who="A foreman called Viktor, @viktor_foreman",
        known="I was told",
        narrative="My name is Oksana Kovalenko, my number is +380 67 123 45 67. A neighbour spoke of the job.",
        reporter=("Oksana", "Kovalenko", "123 45 67", "671234567"),
        training="Training: reports stay on this computer and reach nobody",
        strike="Take this line out: ",
    ),
}


def to_preview(page: Page, told: Told) -> None:
    """Paste the offer, answer about it, and report it."""
    send(page, told.offer)
    expect(page.locator("[data-level=high] .training")).to_have_text(told.training)
    press(page, "✅", "⏭️", "⏭️", "✉️", "✅", "✖️", "👥")
    pick(page, told.country)
    say(page, told.writer)  # typed answers work beside the list
    press(page, told.age)
    say(page, told.place)
    press(page, "📅")  # not urgent: then taking it back works at once
    say(page, told.who)
    press(page, "🏠", told.known)
    say(page, told.narrative)
    press(page, "✖️")
    press_at(page, 0)  # about no staff
    press(page, "✅")
    expect(preview(page)).to_be_visible()


def skip_to_preview(page: Page) -> None:
    press(page, "✉️", "✅", *["⏭️"] * 12)
    expect(preview(page)).to_be_visible()


def code_on(page: Page) -> str:
    return page.locator(".code").last.inner_text()


@pytest.mark.parametrize("language", TOLD)
def test_a_report_from_the_offer_to_the_receipt_and_back(
    browser, server, desk, language: str, requests_elsewhere
) -> None:
    told = TOLD[language]
    before = {found.record.id for found in desk.tickets()}
    page = open_page(browser, server, language, requests_elsewhere)
    to_preview(page, told)

    expect(preview(page)).to_contain_text(told.training)
    for words in told.reporter:
        expect(preview(page)).not_to_contain_text(words)
    count = preview(page).locator(".lines li").count()
    strike_the_sender_of(page, told)
    expect(preview(page).locator(".lines li")).to_have_count(count - 1)
    expect(page.locator(".preview.old button")).to_have_count(0)
    press(page, "↩️")
    expect(preview(page).locator(".lines li")).to_have_count(count)
    expect(line(page, told.who)).to_have_count(1)
    strike_the_sender_of(page, told)
    expect(preview(page).locator(".lines li")).to_have_count(count - 1)
    assert {found.record.id for found in desk.tickets()} == before

    code = code_on(page)
    preview(page).locator("button.main").click()
    answered(page)
    sent = page.locator("#log .message.notice").last
    expect(sent.locator(".code")).to_have_text(code)
    expect(sent.locator(".training")).to_have_text(told.training)

    [found] = [found for found in desk.tickets() if found.record.id not in before]
    record, ticket = found.record, found.content
    assert ticket is not None and record.state == "new"
    held = ticket.json(ensure_ascii=False)
    values = {item.value.replace(" ", "") for item in ticket.identifiers}
    assert told.phone in values and any("_de" in value for value in values)
    assert ticket.place.country == "DE" and ticket.place.words == told.place
    assert ticket.with_whom is None and told.narrative.split(". ")[1].rstrip(".") in (ticket.narrative or "")
    assert [answer.answer for answer in ticket.answers] == ["yes"]
    assert ticket.screening and all(row.indicators for row in ticket.screening)
    assert not [words for words in told.reporter if words in held]

    press(page, "💬")
    expect(page.locator("#log .message.question").last).to_be_visible()
    answer_the_rest(page)
    preview(page).locator("button.main").click()
    answered(page)
    expect(page.locator("#log .message.notice").last.locator(".code")).to_have_text(code)
    [found] = [found for found in desk.tickets() if found.record.id not in before]
    fuller, addition = found.record, found.content
    assert addition is not None and fuller.id == record.id and len(addition.answers) > 1
    assert addition.with_whom is None and {row.dimension for row in addition.screening} >= {4}

    withdraw(open_page(browser, server, language, requests_elsewhere), code)
    [found] = [found for found in desk.tickets() if found.record.id not in before]
    tombstone, nothing = found.record, found.content
    assert nothing is None and tombstone.sealed_body is None and tombstone.state == "revoked"
    assert fuller.sealed_body is not None
    stored = b"".join(path.read_bytes() for path in (server.folder / "var").glob("oberih.db*"))
    assert fuller.sealed_body[200:300] not in stored and record.sealed_body[200:300] not in stored
    assert requests_elsewhere == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def strike_the_sender_of(page: Page, told: Told) -> None:
    row = line(page, told.who)
    button = row.locator("button")
    number = row.locator(".digit").inner_text()
    label = row.locator(".label").inner_text()
    expect(button).to_have_accessible_name(f"{told.strike}{number} {label}")
    button.click()


def answer_the_rest(page: Page) -> None:
    """Say yes until the preview comes."""
    while True:
        enabled = page.locator("#log button.choice:not([disabled])")
        expect(enabled.first).to_be_visible()
        if preview(page).locator("button.main:enabled").count():
            return
        press(page, "✅")
        answered(page)


def withdraw(page: Page, code: str) -> None:
    press(page, "🧾")
    answered(page)
    send(page, code)
    press(page, "🗑️")
    expect(choice(page, "🗑️")).to_be_visible()
    press(page, "🗑️")
    answered(page)
    expect(page.locator("#log .message.notice").last).to_be_visible()


@pytest.mark.parametrize("language", TOLD)
def test_a_child_is_reported_in_four_taps_without_scoring(
    browser, server, desk, language: str, requests_elsewhere
) -> None:
    before = {found.record.id for found in desk.tickets()}
    page = open_page(browser, server, language, requests_elsewhere)
    press(page, "✉️", "✅", "✖️", "👥")
    pick(page, TOLD[language].country)
    pick(page, TOLD[language].writer)
    press_at(page, 1)  # under 18
    press(page, "⏱️", "1")
    press_at(page, 3)  # a stranger
    press_at(page, 0)
    press(page, "✖️")
    expect(preview(page)).to_be_visible()
    preview(page).locator("button.main").click()
    answered(page)
    expect(page.locator("#log .message.notice").last.locator(".code")).to_be_visible()

    [found] = [found for found in desk.tickets() if found.record.id not in before]
    record, ticket = found.record, found.content
    assert ticket is not None and ticket.form is Form.CHILD and record.level == "not_checked"
    assert (ticket.place.country, ticket.with_whom) == ("DE", "stranger")
    assert not ticket.screening and ticket.ilo_class is None and ticket.level is None and not ticket.signs
    assert requests_elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview_is_accessible_by_axe_and_by_keyboard_on_a_small_phone(
    browser, server, scheme: str, requests_elsewhere
) -> None:
    small = {"width": 320, "height": 640}
    page = open_page(browser, server, "uk", requests_elsewhere, color_scheme=scheme, viewport=small)
    skip_to_preview(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()

    preview(page).locator("button.strike").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".preview.old")).to_have_count(1)
    answered(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.preview:not(.old)') !== null")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_many_countries_are_one_list_and_arrows_alone_send_nothing(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "en", requests_elsewhere)
    press(page, "✉️", "✅", "✖️", "📄")
    countries = page.locator(".chooser select")
    expect(countries).to_have_count(1)
    assert countries.locator("option").count() > 8
    expect(page.locator("#log button.choice:not([disabled])")).to_have_count(3)  # choose, don't know, rather not say
    countries.focus()
    page.keyboard.type("Pol")
    expect(countries.locator("option:checked")).to_have_text("Poland")
    own = page.locator(".own").count()
    page.keyboard.press("Tab")
    expect(page.locator(".own")).to_have_count(own)
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("Poland")
    expect(countries).to_be_disabled()


def test_a_reload_in_the_middle_of_a_report_goes_on_behind_the_cover(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "uk", requests_elsewhere)
    skip_to_preview(page)
    code = code_on(page)
    page.reload()
    expect(page.locator("#cover")).to_be_visible()
    assert page.locator(".preview, .code").count() == 0
    page.locator("#continue").click()
    expect(preview(page)).to_be_visible()
    assert code_on(page) == code
    preview(page).locator("button.strike:enabled").first.click()
    expect(page.locator(".preview.old")).to_have_count(1)
    press(page, "✖️")
    expect(page.locator("#log .message.notice").last).to_be_visible()
    assert page.locator(".preview button:enabled").count() == 0


def test_a_button_that_the_stream_shows_first_can_be_pressed_at_once(browser, server, requests_elsewhere) -> None:
    page = open_page(browser, server, "en", requests_elsewhere)
    held = []
    page.route("**/api/messages", lambda route: held.append((route, route.fetch())), times=1)
    press(page, "✉️")  # the answer is held back, but the stream brings what it says
    choice(page, "✅").click()
    expect(page.locator(".own")).to_have_count(1)
    route, response = held.pop()
    route.fulfill(response=response)
    expect(page.locator(".own")).to_have_count(2)
    answered(page)
    expect(choice(page, "✖️")).to_be_visible()


def test_a_line_that_is_left_out_has_a_button_that_puts_it_in(browser, server, requests_elsewhere) -> None:
    """The page's own chat has no forwards: its server's answer is given here."""
    row = {"number": 1, "label": "Not included: from the contact card", "value": "+380 50 234 56 78", "add": "put-in"}
    buttons = [{"title": "📨 Send this", "payload": "send"}, {"title": "➕ 1", "payload": "put-in"}]
    message = {
        "seq": 900, "kind": "question", "text": "x", "code": "1", "around": ["Before", "After"],
        "preview": [row], "buttons": buttons,
    }  # fmt: skip
    state = {"owner": "bot", "ended": False, "language": "en"}
    page = open_page(browser, server, "en", requests_elsewhere)
    page.route("**/api/messages", lambda route: route.fulfill(json={"messages": [message], "state": state}))
    send(page, "Hello")
    shown = preview(page).get_by_role("listitem")
    expect(shown).to_have_class("left-out")
    expect(shown).to_contain_text("Not included: from the contact card")
    expect(page.locator("#log button", has_text="➕")).to_have_count(1)
    with page.expect_request("**/api/messages") as sent:
        page.get_by_role("button", name="Put this line in: 1. Not included: from the contact card").click()
    assert sent.value.post_data_json["payload"] == "put-in"
    assert not requests_elsewhere
    page.context.close()
