"""Invariant 2: the bot never claims help that is not coming."""

import re
from dataclasses import replace

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_languages

LANGUAGES = list(load_languages(PROJECT_ROOT / "data"))
CARDS = ["utter_emergency", "utter_emergency_child", "utter_emergency_self_harm", "utter_emergency_quiet"]


def test_every_card_says_that_nobody_was_told_and_that_it_cannot_call(services) -> None:
    for card in CARDS:
        text = services.texts.get("chat", card, "en")
        assert re.search(r"Nobody has been (alerted|told)", text) and "cannot call for you" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_translated_and_shows_112(services, language: str) -> None:
    for card in CARDS:
        text = services.texts.get("chat", card, language)
        assert "112" in text
        assert language == "en" or text != services.texts.get("chat", card, "en")


def test_the_quiet_card_does_without_police_and_danger(services) -> None:
    assert not re.search(r"police|danger", services.texts.get("chat", "utter_emergency_quiet", "en"), re.IGNORECASE)


async def test_while_no_shift_is_open_no_card_offers_a_person(chat) -> None:
    replies = await chat.open("en").says("They locked me in and took my passport")
    titles = [button["title"] for reply in replies for button in reply["buttons"]]
    assert not any("person" in title.lower() for title in titles)


async def test_asking_for_a_person_is_answered_honestly(chat) -> None:
    [reply] = await chat.open("en").presses("/human")
    assert "Nobody is on shift" in reply["text"]


async def test_reporting_says_that_nothing_is_passed_on_where_no_desk_is_connected(chat, services, monkeypatch) -> None:
    monkeypatch.setattr("actions.turn.current", lambda: replace(services, reporting=None))
    [reply] = await chat.open("en").presses("/report")
    assert "cannot pass anything on" in reply["text"] and "Nothing has been sent" in reply["text"]
