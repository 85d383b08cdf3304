"""In which language the assistant answers: the page's, until words or a choice say otherwise."""

import pytest

from bot.conversation.heard import Certainty
from bot.runtime.turns import heard_in

OFFER = "Робота в Німеччині, прибирання, 1500 євро на місяць, деталі при зустрічі."


SURE, SHORT, LIKELY, READ_ONLY, UNKNOWN = (each.value for each in Certainty)


@pytest.mark.parametrize(
    ("page", "words", "language", "certainty"),
    [
        ("en", "Мене зачинили і забрали паспорт", "uk", SURE),
        ("de", "мне нужна помощь", "ru", SURE),
        ("uk", "help me please", "en", SURE),
        ("uk", "am nevoie de ajutor", "ro", SURE),
        ("en", "Добрий день", "uk", SHORT),
        ("uk", "mene zachynyly", "uk", SHORT),
        ("en", "dobrý den, chtěl bych se zeptat na tu práci", "cs", READ_ONLY),
        ("uk", "Merhaba, bu işi arkadaşım için soruyorum", "", UNKNOWN),
        ("en", "สวัสดีครับ ผมอยากถามเรื่องงาน", "", UNKNOWN),
        ("en", "您好我想问一下这个工作的情况可以吗谢谢", "", UNKNOWN),
        ("en", "我被困在这里了", "", UNKNOWN),
    ],
)
def test_of_a_language_it_is_said_how_sure_it_is(services, page: str, words: str, language: str, certainty) -> None:
    heard = heard_in(services, words, page)
    assert heard is not None and heard.certainty.value == certainty
    assert heard.language == language or not language


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("uk", "ok"),
        ("uk", "/language help me please"),
        ("uk", "123 456 78 90"),
        ("en", "👍👍 🙏"),
        ("en", "https://www.facebook.com/groups/12345"),
        ("en", "@recruiter_berlin_jobs"),
        ("en", "jobs.berlin@gmail.com"),
        ("en", "ok https://example.org/arbeit-in-deutschland"),
    ],
)
def test_what_is_no_language_or_hardly_one_says_nothing(services, page: str, words: str) -> None:
    assert heard_in(services, words, page) is None


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


async def test_two_words_change_no_language_but_lead_to_a_question_in_theirs(chat) -> None:
    person = chat.open("en")
    replies = await person.says("Добрий день")
    assert person.slots["language"] == "en"
    assert "Це так?" in replies[-1]["text"]
    assert [button["title"] for button in replies[-1]["buttons"]] == ["Українська"]
    await person.says("так")
    assert person.slots["language"] == "uk" and person.slots.get("asked") is None


async def test_a_language_that_was_declined_is_not_asked_about_again(chat) -> None:
    person = chat.open("en")
    await person.says("Добрий день")
    kept = await person.says("ні")
    assert "I go on in English" in kept[-1]["text"] and person.slots["language"] == "en"
    assert not any("Це так?" in reply["text"] for reply in await person.says("Добрий день"))


async def test_an_open_question_about_a_language_keeps_nobody_from_going_on(chat) -> None:
    person = chat.open("en")
    await person.says("Добрий день")
    replies = await person.says(OFFER)
    assert any(reply["kind"] == "check" for reply in replies)


async def test_the_button_answers_the_question_about_a_language_too(chat) -> None:
    person = chat.open("en")
    await person.says("Добрий день")
    await person.presses('/language{"value": "de"}')
    assert person.slots["language"] == "de" and person.slots.get("asked") is None
    await person.says("ja")
    assert person.slots["language"] == "de"


async def test_no_second_question_is_asked_beside_one_that_is_open(chat) -> None:
    person = chat.open("uk")
    replies = await person.says("report this")
    assert person.slots["asked"] == "report.safe"
    assert not any("Is that right?" in reply["text"] for reply in replies)


async def test_clear_words_are_followed_while_the_question_is_open(chat) -> None:
    person = chat.open("de")
    await person.says("Добрый день")
    replies = await person.says("мне нужна помощь")
    assert person.slots["language"] == "ru" and person.slots.get("asked") is None
    assert "по-русски" in replies[-1]["text"]


async def test_danger_in_words_that_look_like_no_language_is_answered_in_the_nearest(chat) -> None:
    person = chat.open("en")
    replies = await person.says("blocat in camera, au pus lacat")
    assert replies[0]["kind"] == "emergency" and person.slots["language"] == "ro"


async def test_danger_in_two_words_is_answered_in_their_language(chat) -> None:
    person = chat.open("en")
    replies = await person.says("Мене зачинили")
    assert replies[0]["kind"] == "emergency" and person.slots["language"] == "uk"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dobrý den, ráda bych se zeptala", "Мова вашого повідомлення: чеська"),
        ("Merhaba, bir şey sormak istiyorum", "Я не знаю мови вашого повідомлення"),
    ],
)
async def test_a_language_that_cannot_be_answered_is_told_to_be_so_once(chat, words: str, said: str) -> None:
    person = chat.open("uk")
    last = (await person.says(words))[-1]
    assert said in last["text"]
    assert {button["title"] for button in last["buttons"]} >= {"English", "Polski", "Română"}
    assert not any(said in reply["text"] for reply in await person.says(words))


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
