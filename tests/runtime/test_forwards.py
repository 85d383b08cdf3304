"""A forward is someone else's words: material for danger, never an answer or a wish."""

import pytest

from tests.conftest import kinds

DANGER = {
    "uk": "Мене зачинили і забрали паспорт",
    "ru": "Меня заперли и забрали паспорт",
    "en": "I am locked in and they took my passport",
    "pl": "Zamknęli mnie i zabrali paszport",
    "de": "Ich bin eingesperrt und sie haben meinen Pass genommen",
    "ro": "M-au încuiat și mi-au luat pașaportul",
}
OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."


async def forwards(person, text: str) -> list[dict]:
    person.count += 1
    return await person.talk.assistant.hear_out(person.session, text, f"m{person.count}", passed_on=True)


@pytest.mark.parametrize("language", DANGER)
@pytest.mark.parametrize("before", [None, OFFER, "/leaving", "/numbers"])
async def test_danger_in_a_forward_brings_the_question_and_the_check_in_any_state(chat, language, before) -> None:
    person = chat.open(language)
    if before is not None:
        await person.says(before)
    replies = await forwards(person, DANGER[language])
    assert "check" in kinds(replies) and person.slots["asked"] == "material"
    assert "112" in replies[0]["text"] and len(replies[0]["buttons"]) == 2


async def test_danger_in_a_forward_given_to_a_report_gets_the_card_first(chat) -> None:
    person = chat.open("uk")
    await person.says("/report")
    asked = person.slots["asked"]
    replies = await forwards(person, DANGER["uk"])
    assert kinds(replies)[0] == "emergency" and person.slots["suspended"]["asked"] == asked


@pytest.mark.parametrize("words", ["так", "ні", "видали все", "/exit", "погода", "хочу поскаржитися"])
async def test_a_forward_neither_answers_nor_wishes(chat, words) -> None:
    person = chat.open("uk")
    await person.says(OFFER)
    answers = dict(person.slots.get("answers") or {})
    await forwards(person, words)
    assert not person.session.ended
    assert dict(person.slots.get("answers") or {}) == answers and person.slots.get("flow") != "report"


async def test_a_forward_in_another_language_leaves_the_language_of_the_answers(chat) -> None:
    person = chat.open("uk")
    await forwards(person, "We are looking for waitresses in Berlin, good pay, we will arrange everything for you.")
    assert person.slots["language"] == "uk"
