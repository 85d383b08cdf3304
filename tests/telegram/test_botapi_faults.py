"""The fake Bot API fails on purpose: refusals, lost answers, late and doubled updates, limits."""

import pytest
import telegram
from telegram.error import NetworkError, RetryAfter, TimedOut

from evaluation.botapi import FakeTelegram, Person


@pytest.fixture()
def person(server: FakeTelegram) -> Person:
    return server.person()


async def test_calls_fail_as_planned(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.starts()
    chat = person.user.id
    server.faults.too_many("sendMessage", 7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(chat, "x")
    assert caught.value._retry_after.total_seconds() == 7
    server.faults.fail("sendMessage", 500, "Internal Server Error", times=2, chat_id=chat)
    server.faults.garbage("getMe")
    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(chat, "x")
    with pytest.raises(NetworkError):
        await bot.get_me()
    server.faults.drop("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "ні")
    server.faults.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(chat, "так, але")
    server.faults.hang("sendMessage", 1)
    with pytest.raises(TimedOut):
        await bot.send_message(chat, "пізно", read_timeout=0.2)
    assert person.texts == ["так, але", "пізно"]
    file = await bot.get_file(person.sends_voice(b"Ogg").content["voice"]["file_id"])
    server.faults.drop("file")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == b"Ogg"


async def test_a_lost_answer_to_a_poll_loses_no_update(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.types("важливо")
    server.faults.lose_answer("getUpdates")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_an_update_can_come_twice_or_late(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    other = server.person()
    server.updates.hold(person.user.id)
    person.types("перше")
    other.types("друге")
    (second,) = await bot.get_updates()
    assert second.message is not None and second.message.text == "друге"
    server.updates.release(person.user.id)
    (first,) = await bot.get_updates(offset=second.update_id + 1)
    assert first.message is not None and first.message.text == "перше" and first.update_id > second.update_id
    server.updates.repeat(second.update_id)
    again = await bot.get_updates(offset=first.update_id + 1)
    assert [update.update_id for update in again] == [second.update_id]


async def test_limits_are_off_until_set(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.starts()
    for _ in range(5):
        await bot.send_message(person.user.id, "x")
    server.limits.per_chat, server.limits.chat_burst = 1, 2
    await bot.send_message(person.user.id, "x")
    await bot.send_message(person.user.id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(person.user.id, "x")
    other = server.person()
    other.starts()
    await bot.send_message(other.user.id, "x")
    server.limits.overall = 1
    await bot.send_message(other.user.id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(other.user.id, "x")
