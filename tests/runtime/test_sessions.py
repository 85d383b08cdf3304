"""Sessions hold slots, never words said; forgetting clears everything."""

import pytest

from bot.runtime.sessions import KEPT_MESSAGE_IDS, KEPT_REPLIES, Sessions


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_idle_session_is_forgotten_with_all_it_held(clock: Clock) -> None:
    forgotten: list[str] = []
    sessions = Sessions(1800, forgotten.extend, clock)
    session = sessions.create("uk")
    session.texts.append("секрет")
    session.slots["draft"] = {"text": "секрет"}
    session.say({"kind": "text", "text": "x", "buttons": [{"title": "y", "payload": "/greet"}]})
    clock.now = 1801
    assert sessions.forget_idle() == 1
    assert forgotten == ["секрет"] and sessions.get(session.id) is None and session.ended
    assert not (session.slots or session.replies or session.answered or session.buttons or session.texts)


def test_use_restarts_the_idle_time(clock: Clock) -> None:
    sessions = Sessions(1800, clock=clock)
    session = sessions.create("uk")
    clock.now = 1000
    assert sessions.get(session.id) is session
    clock.now = 2000
    assert sessions.get(session.id) is session
    clock.now = 3801
    assert sessions.get(session.id) is None


def test_only_the_last_replies_and_message_ids_are_kept(clock: Clock) -> None:
    session = Sessions(1800, clock=clock).create("uk")
    for number in range(KEPT_MESSAGE_IDS + 50):
        session.say({"kind": "text", "text": str(number)})
        session.note_answered(str(number), [])
    assert len(session.replies) == KEPT_REPLIES
    assert len(session.answered) == KEPT_MESSAGE_IDS
    assert session.replies[-1]["seq"] == KEPT_MESSAGE_IDS + 50


def test_buttons_go_out_as_opaque_keys(clock: Clock) -> None:
    session = Sessions(1800, clock=clock).create("uk")
    said = session.say({"kind": "text", "text": "", "buttons": [{"title": "Yes", "payload": "/affirm"}]})
    key = said["buttons"][0]["payload"]
    assert "affirm" not in key and session.buttons[key] == "/affirm"


async def test_a_turn_leaves_no_words_in_the_tracker_store(chat) -> None:
    person = chat.open()
    await person.says("мене звати зовсім неважливо як")
    tracker = await chat.assistant.store.retrieve(person.session.id)
    assert "неважливо" not in str([event.as_dict() for event in tracker.events])
    assert "неважливо" not in str(person.slots)
