"""Invariant 14: quick exit works from everywhere in one action and is honest about its limits."""

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_languages

WORDS = {code: language.exit_word for code, language in load_languages(PROJECT_ROOT / "data").items()}
OFFER = "Робота в Німеччині, прибирання, 1500 євро на місяць, деталі при зустрічі."


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("before", [[], ["/numbers"], ["/leaving"], ['/help{"value": "now"}'], ["/check"]])
async def test_the_exit_word_forgets_the_session_from_every_state(chat, language: str, before: list[str]) -> None:
    person = chat.open(language)
    for payload in before:
        await person.presses(payload)
    await person.says(WORDS[language])
    assert person.session.ended and chat.sessions.find(person.session.id) is None


@pytest.mark.parametrize("text", ["/exit", "/EXIT", " /exit "])
async def test_the_command_works_in_the_middle_of_a_question(chat, text: str) -> None:
    person = chat.open()
    await person.says(OFFER)
    await person.says(text)
    assert person.session.ended


async def test_delete_forgets_what_was_said_and_says_what_it_cannot_erase(chat) -> None:
    person = chat.open("en")
    await person.says(OFFER)
    [reply] = await person.says("/delete")
    assert "cannot delete it from your device" in reply["text"]
    assert person.slots.get("draft") is None and not person.session.texts


def test_the_page_says_what_exit_cannot_erase(services) -> None:
    assert "cannot erase" in services.texts.get("page", "exit_note", "en")
