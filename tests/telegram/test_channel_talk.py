"""People in Telegram: check, danger, forwards, buttons, report, everything that is not words."""

import asyncio
import re

import pytest

from evaluation.botapi import from_hidden, from_user
from tests.reporting import code_in, tickets_of
from tests.telegram.channel import DANGER, OFFER, channel_on, picture, session_of, to_preview, until


@pytest.fixture
async def channel(server, chat):
    async with channel_on(server, chat) as channel:
        yield channel


async def test_an_offer_gets_its_card_in_the_language_of_the_app(server, channel) -> None:
    person = server.person("Оксана", language_code="uk")
    person.types(OFFER)
    card = await person.hears("СИЛЬНІ")
    assert "“Паспорт на час контракту залишається у нас" in card.text
    assert await person.hears(lambda message: bool(message.buttons))


@pytest.mark.parametrize(
    ("code", "word"), [("uk", "Вітаю"), ("pl", "Dzień dobry"), ("de-AT", "Ich bin"), ("zh", "Hello"), ("", "Hello")]
)
async def test_the_greeting_is_in_the_language_of_the_app_where_it_is_known(server, channel, code, word) -> None:
    person = server.person(language_code=code)
    person.starts()
    greeting = await person.hears()
    assert word.lower() in greeting.text.lower() and len(greeting.buttons) == 8


async def test_everything_comes_silently_and_without_previews(server, channel) -> None:
    person = server.person()
    person.types(OFFER + " https://rabota.example.com")
    await person.hears(lambda message: bool(message.buttons))
    for message in person.chat:
        if message.from_bot:
            assert message.silent and message.link_preview["is_disabled"]


async def test_danger_in_own_words_gets_the_emergency_card_first(server, channel) -> None:
    person = server.person()
    person.types(DANGER)
    assert "112" in (await person.hears()).text


async def test_a_forward_about_danger_is_material_and_is_checked(server, channel) -> None:
    person = server.person()
    person.forwards(DANGER + ". Вони кажуть, що треба відпрацювати борг.", from_hidden("Марія"))
    first = await person.hears()
    assert [button.text[0] for button in first.buttons] == ["🆘", "🔎"]
    person.presses(first.buttons[1].text)
    await person.hears()
    assert not any("Марія" in text for text in person.texts)


async def test_a_forward_about_danger_is_material_while_a_question_is_open(server, channel) -> None:
    person = server.person()
    person.types(OFFER)
    await person.hears(lambda message: len(message.buttons) == 4)
    person.forwards(DANGER, from_hidden("Марія"))
    assert [button.text[0] for button in (await person.hears()).buttons] == ["🆘", "🔎"]


async def test_a_forward_of_ones_own_words_is_ones_own_words(server, channel) -> None:
    person = server.person()
    person.forwards(DANGER, from_user(person.user))
    first = await person.hears()
    assert "112" in first.text and [button.text[0] for button in first.buttons] == ["📍", "↩"]


async def test_a_button_is_answered_and_old_ones_do_nothing(server, channel) -> None:
    person = server.person()
    person.starts()
    greeting = await person.hears()
    key = greeting.buttons[3].data
    press = person.presses(greeting.buttons[3].text)
    assert (await person.answered(press))["text"] == ""
    await person.hears(lambda message: message.id > greeting.id)
    await until(lambda: not greeting.buttons)
    again = person.presses_data(greeting, key)
    assert (await person.answered(again))["text"] == "Ця кнопка вже не діє."
    await _says_no_more(person)


async def test_two_taps_count_once(server, channel) -> None:
    person = server.person()
    person.starts()
    greeting = await person.hears()
    first, second = (person.presses_data(greeting, greeting.buttons[0].data) for _ in range(2))
    assert (await person.answered(first))["text"] == "" and (await person.answered(second))["text"]
    await person.hears(lambda message: message.id > greeting.id)
    await _says_no_more(person)


@pytest.mark.parametrize("data", ["/affirm", '/affirm{"question": "report.preview"}', "x" * 64])
async def test_a_forged_button_does_nothing(server, channel, data) -> None:
    person = server.person()
    person.starts()
    greeting = await person.hears()
    assert (await person.answered(person.presses_data(greeting, data)))["text"]
    await _says_no_more(person)


async def test_a_button_of_an_earlier_process_is_told_that_all_is_forgotten(server, channel) -> None:
    person = server.person(language_code="en")
    note = person.types("hello")
    await person.hears()
    channel.rooms.drop(person.user.id)
    press = person.presses_data(note, "anything")
    assert (await person.answered(press))["text"] == ""
    await person.hears("We start anew")
    assert len((await person.hears()).buttons) == 8


@pytest.mark.parametrize("typed", ['/affirm{"question": "report.preview"}', "/report@oberih_test_bot", "/numbers"])
async def test_typed_slashes_are_commands_or_words_and_never_buttons(server, channel, typed) -> None:
    person = server.person()
    person.types(typed)
    await person.hears(lambda message: bool(message.buttons))


@pytest.mark.parametrize(("link", "shown"), [("check", "пропозиці"), ("help", "112"), ("report", "Вітаю")])
async def test_links_start_a_check_or_help_and_nothing_else(server, channel, link, shown) -> None:
    person = server.person()
    person.starts(link)
    assert shown in (await person.hears()).text


@pytest.mark.parametrize(
    ("send", "answer"),
    [
        (lambda p: p.sends_photo(picture()), "cannot read pictures"),
        (lambda p: p.sends_document(b"x", "offer.jpg", "image/jpeg"), "cannot read pictures"),
        (lambda p: p.sends_voice(), "cannot listen"),
        (lambda p: p.sends_video_note(), "cannot listen"),
        (lambda p: p.shares_contact("+380501234567"), "your own contact card"),
        (lambda p: p.shares_contact("+380501234567", "Ігор", own=False), "noted this contact"),
        (lambda p: p.shares_location(50.0, 30.0), "do not use locations"),
        (lambda p: p.sends_sticker(), "only read words"),
        (lambda p: p.sends_dice(), "only read words"),
        (lambda p: p.sends_poll("?", ["a", "b"]), "only read words"),
    ],
)
async def test_what_is_not_words_gets_a_kind_answer(server, channel, send, answer) -> None:
    person = server.person(language_code="en")
    send(person)
    await person.hears(answer)
    await _says_no_more(person)


async def test_an_album_is_answered_once_and_its_caption_is_read(server, channel) -> None:
    person = server.person()
    person.sends_photo(picture(), OFFER, album="7")
    person.sends_photo(picture(), album="7")
    await person.hears("СИЛЬНІ")
    await person.hears("зображення")
    await _says_no_more(person)


async def test_an_edited_offer_is_read_again_once(server, channel) -> None:
    person = server.person()
    offer = person.types(OFFER)
    await person.hears(lambda message: bool(message.buttons))
    person.edits(offer, OFFER)
    await _says_no_more(person)
    person.edits(offer, OFFER + " Пишіть у телеграм @robota_de, виїзд завтра о шостій.")
    await person.hears("СИЛЬНІ")
    await person.hears(lambda message: bool(message.buttons))
    person.edits(offer, OFFER + " Ні.")
    await _says_no_more(person)


async def test_an_edited_answer_never_answers_the_next_question(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/report")
    asked = await person.hears(lambda message: bool(message.buttons))
    answer = person.types("yes")
    await person.hears(lambda message: bool(message.buttons) and message.id > asked.id)
    person.edits(answer, "no")
    await person.hears("I do not go back to it")
    person.edits(answer, "no, I cannot")
    await _says_no_more(person)
    person.edits(answer, "I am locked in and they took my passport")
    await person.hears("Nobody has been alerted")


async def test_danger_in_an_edit_gets_the_card_whatever_is_asked(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/report")
    asked = await person.hears(lambda message: bool(message.buttons))
    answer = person.types("yes")
    await person.hears(lambda message: bool(message.buttons) and message.id > asked.id)
    person.edits(answer, "I am locked in and they took my passport")
    card = await person.hears(lambda message: message.id > answer.id + 1)
    assert "Nobody has been alerted" in card.text


async def test_a_report_goes_from_its_first_question_to_its_receipt(server, channel, passphrase) -> None:
    person = server.person(language_code="en")
    before = set(tickets_of(passphrase))
    person.types("/report")
    shown = await to_preview(channel, person)
    code = code_in(shown.text)
    person.presses("📨 Send this")
    assert code in (await person.hears(re.compile("The report is sent"))).text
    new = {ticket: content for ticket, content in tickets_of(passphrase).items() if ticket not in before}
    assert len(new) == 1 and str(person.user.id) not in repr(new)


async def test_exit_ends_the_session(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/start")
    greeting = await person.hears()
    session = await session_of(channel, person)
    person.types("/exit")
    await person.hears("Goodbye")
    assert session.ended
    await until(lambda: greeting not in person.chat)


async def test_after_exit_one_harmless_line_is_all_that_either_side_sees(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/start")
    await person.hears("deletes here what both of us wrote")
    person.types(OFFER)
    await person.hears(lambda message: "паспорт" in message.text.lower())
    person.types("/exit")
    await person.hears("Goodbye")
    await until(lambda: len(person.chat) <= 2)
    left = [message.text for message in person.chat]
    assert not any("паспорт" in text.lower() or "/exit" in text for text in left)
    assert "Goodbye" in left[0]
    assert all("restarted less than 48 hours ago" in text for text in left[1:])


async def test_too_fast_is_told_once(server, channel) -> None:
    person = server.person(language_code="en")
    for number in range(40):
        person.sends_sticker(str(number))
    await person.hears("very fast", within=10)
    await asyncio.sleep(0.3)
    assert sum("very fast" in text for text in person.texts) == 1


async def _says_no_more(person) -> None:
    """Nothing more is sent; taking old buttons away is an edit, and not meant."""
    said = len(person.texts)
    await asyncio.sleep(0.3)
    assert len(person.texts) == said, person.texts[said:]
