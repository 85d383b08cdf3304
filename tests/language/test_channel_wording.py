"""A text may be worded differently in a channel, and is the common one elsewhere."""

import pytest

from bot.runtime.sessions import TELEGRAM, WEB


@pytest.mark.parametrize("language", ["en", "uk", "pl"])
def test_telegram_is_told_of_exit_and_the_page_of_its_button(services, language) -> None:
    words = {
        channel: services.texts.get("chat", "utter_report_not_now", language, channel) for channel in (WEB, TELEGRAM)
    }
    assert "/exit" in words[TELEGRAM] and "/exit" not in words[WEB]


def test_what_no_channel_words_is_the_same_everywhere(services) -> None:
    assert services.texts.get("chat", "utter_goodbye", "uk", TELEGRAM) == services.texts.get(
        "chat", "utter_goodbye", "uk"
    )


@pytest.mark.parametrize(("channel", "said"), [(WEB, "close this page"), (TELEGRAM, "I delete here")])
async def test_the_assistant_speaks_as_its_channel_does(chat, channel, said) -> None:
    session = chat.sessions.create("en", channel)
    [reply] = await chat.assistant.press(session, "/delete", "1")
    assert said in reply["text"]
