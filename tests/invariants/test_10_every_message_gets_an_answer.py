"""Invariant 10: every message gets an answer, and a failure is told plainly."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=120).filter(str.strip))
async def test_any_text_is_answered(chat, text: str) -> None:
    replies = await chat.open().says(text)
    assert replies and all(reply["kind"] != "error" for reply in replies), replies


WISHES = (
    "greet", "check", "leaving", "report", "numbers", "signs", "human", "language", "receipt", "delete", "thank",
    "goodbye", "other", "help",
)  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
async def test_any_wish_is_answered(chat, wish: str) -> None:
    assert await chat.open().presses(f"/{wish}")


async def test_a_failing_action_is_told_and_the_session_goes_on(chat, monkeypatch) -> None:
    import actions.turn

    def fail(*arguments, **options):
        raise RuntimeError("внутрішня помилка зі словами людини")

    monkeypatch.setattr(actions.turn, "advance", fail)
    person = chat.open("en")
    [reply] = await person.says("hello there")
    assert "Something went wrong" in reply["text"] and "112" in reply["text"]
    monkeypatch.undo()
    assert (await person.says("hello there"))[0]["kind"] != "error"


async def test_while_a_person_owns_the_chat_the_bot_is_silent(chat) -> None:
    person = chat.open()
    person.session.owner = "person"
    assert await person.presses("/greet") == []


async def test_a_report_that_breaks_while_it_is_sent_is_told_and_kept(chat, monkeypatch) -> None:
    from bot.runtime.reporting import Reporting
    from tests.writing import SEND, WORDS, to_preview

    def fail(*arguments):
        raise RuntimeError("внутрішня помилка зі словами людини")

    person = chat.open("en")
    await to_preview(person, WORDS)
    draft = person.slots["draft"]
    monkeypatch.setattr(Reporting, "send", fail)
    [reply] = await person.presses(SEND)
    assert reply["kind"] == "error" and "was not worked on" in reply["text"] and "112" in reply["text"]
    assert "sent" not in reply["text"].lower().replace("send", "") and person.slots["draft"] == draft
    monkeypatch.undo()
    [sent, _] = await person.presses(SEND)
    assert "The report is sent" in sent["text"]
