"""Invariant 1: own words of danger get the emergency card as the very next message, in any state."""

import pytest

LOCKED = {
    "uk": "Мене зачинили і забрали паспорт",
    "ru": "Меня заперли и забрали паспорт",
    "en": "They locked me in and took my passport",
    "pl": "Zamknęli mnie i zabrali mi paszport",
    "de": "Sie haben mich eingesperrt und mir den Pass weggenommen",
    "ro": "M-au încuiat și mi-au luat pașaportul",
}
VARIANTS = [
    "mene zachynyly i zabraly pasport",
    "МЕНЕ ЗАЧИНИЛИ",
    "мене закрили в квартирі, паспорт забрали",
    "zabraly pasport i ne vypuskayut",
]
OFFER = "Робота в Німеччині, прибирання, 1500 євро на місяць, деталі при зустрічі."


async def in_states(chat, language: str) -> list:
    """One person in each state a conversation can stand in."""
    fresh = chat.open(language)
    asked = chat.open(language)
    await asked.says(OFFER)
    leaving = chat.open(language)
    await leaving.presses("/leaving")
    place = chat.open(language)
    await place.presses("/numbers")
    emergency = chat.open(language)
    await emergency.presses('/help{"value": "now"}')
    return [fresh, asked, leaving, place, emergency]


@pytest.mark.parametrize("language", LOCKED)
async def test_the_card_is_the_very_next_message_in_every_state(chat, language: str) -> None:
    for person in await in_states(chat, language):
        replies = await person.says(LOCKED[language])
        assert replies[0]["kind"] == "emergency", person.slots
        assert "112" in replies[0]["text"]


@pytest.mark.parametrize("text", VARIANTS)
async def test_misspelt_mixed_and_latin_typed_words_count_too(chat, text: str) -> None:
    replies = await chat.open().says(text)
    assert replies[0]["kind"] == "emergency"


@pytest.mark.parametrize("language", LOCKED)
async def test_the_open_question_is_not_answered_and_resumes(chat, language: str) -> None:
    person = chat.open(language)
    await person.says(OFFER)
    asked = person.slots["asked"]
    await person.says(LOCKED[language])
    assert person.slots.get("asked") is None and not person.slots.get("answers")
    replies = await person.presses('/deny{"question": "danger"}')
    assert person.slots["asked"] == asked and replies[-1]["kind"] == "question"


@pytest.mark.parametrize("language", LOCKED)
async def test_inside_a_pasted_chat_the_line_and_the_check_come_together(chat, language: str) -> None:
    pasted = f"[21:04] Anna: {LOCKED[language]}\n[21:05] Olga: {LOCKED[language]}"
    person = chat.open(language)
    replies = await person.says(pasted)
    kinds = [reply["kind"] for reply in replies]
    assert "check" in kinds and "112" in replies[0]["text"]
    assert person.slots["asked"] == "material"


async def test_the_safe_word_brings_the_card(chat) -> None:
    replies = await chat.open().says("оберіг")
    assert replies[0]["kind"] == "emergency"
