"""In which language the assistant answers: the page's, until words or a choice say otherwise."""

import pytest

from bot.runtime.turns import spoken_language

OFFER = "Робота в Німеччині, прибирання, 1500 євро на місяць, деталі при зустрічі."


@pytest.mark.parametrize(
    ("page", "words", "answered"),
    [
        ("en", "Мене зачинили і забрали паспорт", "uk"),
        ("de", "мне нужна помощь", "ru"),
        ("uk", "help me please", "en"),
        ("uk", "am nevoie de ajutor", "ro"),
        ("uk", "Добрий день", None),
        ("uk", "mene zachynyly", None),
        ("uk", "ok", None),
        ("uk", "/language help me please", None),
    ],
)
def test_a_language_is_heard_only_where_there_is_hardly_a_doubt(services, page: str, words: str, answered) -> None:
    heard = spoken_language(services, words, page)
    assert heard == answered or (answered is None and heard == page)


async def test_danger_is_answered_in_the_language_of_the_words(chat) -> None:
    person = chat.open("en")
    replies = await person.says("Мене зачинили і забрали паспорт")
    assert replies[0]["kind"] == "emergency"
    assert "Нікого не сповіщено" in replies[0]["text"]
    assert person.session.state["language"] == "uk"


async def test_own_words_are_answered_in_their_language_with_a_way_back(chat) -> None:
    person = chat.open("de")
    replies = await person.says("мне нужна помощь")
    assert person.slots["language"] == "ru"
    assert "по-русски" in replies[-1]["text"]
    assert replies[-1]["buttons"]


async def test_a_chosen_language_stays(chat) -> None:
    person = chat.open("uk")
    await person.presses('/language{"value": "de"}')
    await person.says("мне нужна помощь")
    assert person.slots["language"] == "de"


async def test_a_card_comes_in_the_language_of_the_page_and_can_be_shown_in_that_of_the_offer(chat) -> None:
    person = chat.open("en")
    first = await person.says(OFFER)
    cards = [reply for reply in first if reply["kind"] == "check"]
    assert person.slots["language"] == "en"
    assert cards[0]["check"]["limits"].startswith("I ")
    offered = next(reply for reply in first if any(b["title"] == "Українська" for b in reply["buttons"]))
    key = offered["buttons"][0]["payload"]
    again = await person.presses(person.session.buttons[key])
    shown = next(reply for reply in again if reply["kind"] == "check")
    assert shown["check"]["limits"].startswith("Я ")
    assert again[-1]["kind"] == "question" or person.slots.get("asked") is None
