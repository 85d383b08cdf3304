"""Invariant 8: every question can be skipped, skipping counts as neither, and still leads to help."""

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.languages import load_languages

OFFER = "Робота в Німеччині, прибирання, 1500 євро на місяць, деталі при зустрічі."


@pytest.mark.parametrize("skip", ["skip", "dont_know"])
@pytest.mark.parametrize("language", list(load_languages(PROJECT_ROOT / "data")))
async def test_skipping_everything_still_leads_to_help(chat, language: str, skip: str) -> None:
    person = chat.open(language)
    first = await person.says(OFFER)
    level = next(reply["check"]["level"] for reply in first if reply["kind"] == "check")
    replies = first
    while person.slots.get("asked"):
        titles = [button["title"] for button in replies[-1]["buttons"]]
        assert len(titles) == 4
        replies = await person.presses(f'/{skip}{{"question": "{person.slots["asked"]}"}}')
    card = next(reply["check"] for reply in replies if reply["kind"] == "check")
    assert card["level"] == level and not any(sign["confirmed_text"] for sign in card["signs"])
    assert any("/numbers" in person.session.buttons.get(b["payload"], "") for b in replies[-1]["buttons"])


async def test_the_place_can_be_skipped_too(chat) -> None:
    person = chat.open("en")
    await person.presses("/numbers")
    [reply] = await person.says("skip")
    assert "112" in reply["text"]


@pytest.mark.parametrize("language", list(load_languages(PROJECT_ROOT / "data")))
async def test_a_report_in_which_everything_is_skipped_still_leads_to_a_preview(chat, language: str) -> None:
    person = chat.open(language)
    await person.says(OFFER)
    replies = await person.presses("/report")
    for _ in range(30):
        asked = person.slots["asked"]
        if asked == "report.preview":
            break
        skip = f'/skip{{"question": "{asked}"}}'
        assert skip in [person.session.buttons[b["payload"]] for b in replies[-1]["buttons"]], asked
        replies = await person.presses(skip)
    assert person.slots["asked"] == "report.preview"
    assert not any(answer.endswith("yes") for answer in person.slots["answers"].values())
