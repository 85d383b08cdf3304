"""What whoever takes up the phone later finds: one harmless line, or the numbers to call."""

import re

import pytest

from bot.channels.telegram import bot as bot_module
from bot.channels.telegram.erasing import Erasable
from bot.channels.telegram.noted import MemoryNotes, RedisNotes
from bot.channels.telegram.watched import Watched, Watchlist
from tests.reporting import code_in
from tests.telegram.channel import DANGER, OFFER, channel_on, session_of, to_preview, until
from tests.telegram.own_redis import prefix

KEY = bytes(range(32))


@pytest.fixture
async def channel(server, chat, monkeypatch):
    """A channel that has been up for long: nothing was written before it began to take notes."""
    monkeypatch.setattr(bot_module, "erasable", lambda settings: Erasable(MemoryNotes(started=0)))
    async with channel_on(server, chat) as channel:
        yield channel


@pytest.fixture
def noted_in_redis(redis, monkeypatch) -> None:
    """Channels note in Redis, as one that is killed and the next one do."""
    notes, watchlist = RedisNotes(redis, KEY, prefix()), Watchlist(redis, KEY, prefix())
    monkeypatch.setattr(bot_module, "erasable", lambda settings: Erasable(notes, watchlist))


async def tells_of_danger_and_is_killed(server, chat, person) -> None:
    """Tell of danger to a channel that ends before the chat is silent."""
    async with channel_on(server, chat) as killed:
        person.types("I am locked in and they took my passport")
        await person.hears("Nobody has been alerted")
        await until(lambda: killed.rooms.find(person.user.id).left)


async def silent(channel) -> None:
    """As if nobody had written for half an hour."""
    for room in list(channel.rooms._rooms.values()):
        await until(lambda room=room: not room.turn.locked())
        channel._sessions.forget(room.session)
    await channel._tidying.silent(channel.rooms)


async def sends_report(channel, person, **answers: str) -> str:
    """Make a report and send it; return its code, once the chat is tidied."""
    person.types("/report")
    code = code_in((await to_preview(channel, person, **answers)).text)
    person.presses("📨 Send this")
    await person.hears("The report is sent")
    await until(lambda: len(person.chat) == 3)
    return code


async def test_after_confirm_only_the_numbers_the_receipt_and_the_next_question_are_there(server, channel) -> None:
    person = server.person(language_code="en")
    code = await sends_report(channel, person)
    numbers, receipt, question = person.chat
    assert "112" in numbers.text and code not in numbers.text and "report" not in numbers.text.lower()
    assert code in receipt.text and "In a minute I delete this message" in receipt.text
    assert [button.text for button in receipt.buttons] == ["✍️ I wrote it down"] and len(question.buttons) == 3


async def test_the_receipt_goes_once_it_is_written_down_and_the_question_still_works(server, channel) -> None:
    person = server.person(language_code="en")
    code = await sends_report(channel, person)
    press = person.presses("✍️ I wrote it down")
    assert (await person.answered(press))["text"] == ""
    await until(lambda: len(person.chat) == 2)
    assert not any(code in text for text in person.texts)
    person.presses(person.chat[-1].buttons[-1].text)
    await person.hears("Thank you. The report stays")


async def test_once_it_is_silent_only_the_numbers_are_left_of_a_report(server, channel) -> None:
    person = server.person(language_code="en")
    await sends_report(channel, person)
    person.presses("✍️ I wrote it down")
    await until(lambda: len(person.chat) == 2)
    numbers = person.chat[0]
    await silent(channel)
    assert person.chat == [numbers] and channel.rooms.find(person.user.id) is None


async def test_a_chat_about_oneself_is_tidied_by_itself_and_without_a_new_message(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("I am locked in and they took my passport")
    await person.hears("Nobody has been alerted")
    await until(lambda: channel.rooms.find(person.user.id).left)
    before = [message.id for message in person.chat]
    await silent(channel)
    [left] = person.chat
    assert left.id in before and left.from_bot and "112" in left.text and not left.buttons
    assert not re.search("danger|police|alerted|locked", left.text)


async def test_a_report_about_oneself_that_was_stopped_is_tidied_too(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/report")
    await to_preview(channel, person, about_whom="me")
    person.presses("✖️ Do not send")
    await person.hears("Nothing was sent")
    await silent(channel)
    assert len(person.chat) == 1


async def test_a_checked_offer_stays_for_who_checks_offers(server, channel) -> None:
    person = server.person()
    person.types(OFFER)
    await person.hears("СИЛЬНІ")
    await person.hears(lambda message: bool(message.buttons))
    shown = len(person.chat)
    await silent(channel)
    assert len(person.chat) == shown


async def test_who_writes_again_in_time_is_not_cut_off(server, channel) -> None:
    person = server.person()
    person.types(DANGER)
    await person.hears("112")
    await until(lambda: channel.rooms.find(person.user.id).left)
    shown = len(person.chat)
    await channel._tidying.silent(channel.rooms)
    assert len(person.chat) == shown


async def test_delete_tidies_the_chat_and_says_so(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("my words")
    await person.hears()
    person.types("/delete")
    await person.hears("I delete here what both of us wrote")
    await until(lambda: not any("my words" in message.text for message in person.chat))


async def test_a_typed_receipt_code_goes_as_a_shown_one_does(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/receipt")
    await person.hears("code")
    typed = person.types("000 000 000 000 000 000")
    await person.hears(lambda message: message.id > typed.id)
    assert len(channel._receipts) == 1
    await channel._receipts.close()
    assert typed not in person.chat


async def test_previews_and_receipts_cannot_be_passed_on_and_cards_can(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("Work in Germany, 3500 euro, no experience. We keep your passport until the contract ends.")
    card = await person.hears("STRONG")
    await person.hears(lambda message: bool(message.buttons))
    person.types("/report")
    preview = await to_preview(channel, person)
    assert preview.protected and not card.protected


async def test_after_the_kill_of_a_process_the_next_one_tidies(server, chat, redis, noted_in_redis) -> None:
    person = server.person(language_code="en")
    await tells_of_danger_and_is_killed(server, chat, person)
    async with channel_on(server, chat) as next_one:
        await next_one._tidying.silent(next_one.rooms)
        assert len(person.chat) > 1  # it is not yet half an hour
        later = next_one._tidying._left[0].due + 1
        await next_one._tidying.silent(next_one.rooms, now=lambda: later)
        await next_one._tidying.silent(next_one.rooms, now=lambda: later)
    [left] = person.chat
    assert "112" in left.text and "alerted" not in left.text
    assert not Watchlist(redis, KEY, prefix()).all()


async def test_who_writes_after_a_kill_is_as_private_as_before(server, chat, noted_in_redis) -> None:
    person = server.person(language_code="en")
    await tells_of_danger_and_is_killed(server, chat, person)
    async with channel_on(server, chat) as next_one:
        person.types("/start")
        await person.hears("Hello")
        await session_of(next_one, person)
        await next_one._tidying.silent(next_one.rooms)
        person.types("hello")
        await person.hears()
        await until(lambda: next_one.rooms.find(person.user.id).left)
        await silent(next_one)
    assert len(person.chat) == 1


def test_redis_learns_nothing_of_who_is_watched(redis) -> None:
    watchlist = Watchlist(redis, KEY, prefix())
    watchlist.put(Watched(424_242_424, 7, "Poland: 112", 1.0))
    held = repr(redis.hgetall(f"{prefix()}watched"))
    assert not any(word in held for word in ("424242424", "Poland", "112"))
    assert watchlist.all() == [Watched(424_242_424, 7, "Poland: 112", 1.0)]
    assert Watchlist(redis, bytes(32), prefix()).all() == [] and 0 < redis.ttl(f"{prefix()}watched") <= 48 * 3600
    watchlist.drop(424_242_424)
    assert watchlist.all() == []


async def test_what_may_have_arrived_without_a_word_from_telegram_is_told_at_exit(server, channel) -> None:
    person = server.person(language_code="en")
    server.faults.lose_answer("sendMessage")
    person.types("/start")
    await person.hears("Hello")
    await person.hears("Hello")
    person.types("/exit")
    await person.hears("If you still see something I wrote")
