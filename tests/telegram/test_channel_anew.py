"""After a restart all is forgotten: whoever may have been cut off is told so, once, and starts anew."""

import asyncio

import pytest

from tests.telegram.channel import OFFER, channel_on

ANEW = "We start anew"


@pytest.fixture
async def channel(server, chat):
    async with channel_on(server, chat, restarted=True) as channel:
        yield channel


async def test_words_after_a_restart_are_answered_and_told_that_all_before_is_forgotten(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("near the station")
    await person.hears(ANEW)
    person.types("and then?")
    await _says_no_more(person, after=3)
    assert sum(ANEW in text for text in person.texts) == 1


async def test_who_presses_start_after_a_restart_is_only_greeted(server, channel) -> None:
    person = server.person(language_code="en")
    person.starts()
    await _says_no_more(person, after=1)
    assert "Hello" in person.texts[0]


async def test_who_leaves_after_a_restart_is_not_told_of_anything_before(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/exit")
    await person.hears("Goodbye")
    await _says_no_more(person, after=2)
    assert not any(ANEW in text for text in person.texts)


async def test_a_channel_that_has_run_longer_than_conversations_last_tells_nobody(server, chat) -> None:
    async with channel_on(server, chat):
        person = server.person(language_code="en")
        person.types(OFFER)
        await _says_no_more(person, after=3)
        assert not any(ANEW in text for text in person.texts)


async def test_two_old_buttons_pressed_meanwhile_begin_anew_once(server, chat) -> None:
    person = server.person(language_code="en")
    note = person.types("hello")
    presses = [person.presses_data(note, data) for data in ("one", "two")]
    server.updates.take(server.updates.pending()[1].id, 100)  # the words themselves are answered and confirmed
    async with channel_on(server, chat, restarted=True):
        await person.hears(ANEW)
        answers = [(await person.answered(press))["text"] for press in presses]
        assert answers == ["", "This button is no longer in use."]
        await _says_no_more(person, after=2)


async def _says_no_more(person, after: int) -> None:
    """Wait for so many messages, and that no other follows."""
    for _ in range(250):
        if len(person.texts) >= after:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    assert len(person.texts) == after, person.texts
