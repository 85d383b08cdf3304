"""Both sides of a chat are erased as far as Telegram allows, and what stays is told."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import telegram
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram import deleting
from bot.channels.telegram.erasing import Erasable, erasable
from bot.channels.telegram.erasing_key import erasing_key, key_path
from bot.channels.telegram.noted import KEPT_SECONDS, MemoryNotes, Noted, Notes, RedisNotes
from bot.channels.telegram.receipts import SHOWN_SECONDS, ShownReceipts, seconds_left
from bot.settings import Settings, SettingsError, load
from evaluation.botapi import FakeTelegram
from tests.telegram import own_redis
from tests.telegram.own_redis import URL, prefix

HOUR = 3600.0
CHAT, OTHER = 5_000_000_001, 5_000_000_002
KEY = bytes(range(32))


@pytest.fixture(params=["memory", "redis"])
def notes(request: pytest.FixtureRequest) -> Notes:
    if request.param == "memory":
        return MemoryNotes(started=time.time() - 60 * HOUR)
    return RedisNotes(request.getfixturevalue("redis"), KEY, prefix())


class Telegram:
    """Holds messages as Telegram does: one call deletes at most 100, and fails if one of them cannot be deleted."""

    def __init__(self, *messages: int) -> None:
        self.there = set(messages)
        self.fixed: set[int] = set()
        self.errors: list[TelegramError] = []
        self.calls = 0

    async def delete_messages(self, chat: int, messages: Sequence[int]) -> bool:
        self.calls += 1
        assert chat == CHAT and 1 <= len(messages) <= 100
        if self.errors:
            raise self.errors.pop(0)
        if self.fixed & set(messages):
            raise BadRequest("message can't be deleted for everyone")
        self.there -= set(messages)
        return True


async def test_both_sides_go_but_for_the_harmless_line(notes: Notes) -> None:
    now, telegram, chat = time.time(), Telegram(*range(1, 252)), Erasable(notes)
    for message in range(1, 252):
        chat.note(CHAT, message, now - 10)
    erased = await chat.erase(telegram, CHAT, keep=[251])  # type: ignore[arg-type]
    assert telegram.there == {251} and telegram.calls == 3
    assert (erased.done, erased.failed, erased.lost) == (250, 0, 0)
    assert chat.to_erase(CHAT, now) == [251]


async def test_another_chat_is_not_touched(notes: Notes) -> None:
    now, chat = time.time(), Erasable(notes)
    chat.note(CHAT, 1, now)
    chat.note(OTHER, 2, now)
    await chat.erase(Telegram(1), CHAT)  # type: ignore[arg-type]
    assert chat.to_erase(CHAT, now) == [] and chat.to_erase(OTHER, now) == [2]


def test_what_is_older_than_48_hours_is_counted_not_tried(notes: Notes) -> None:
    now, chat = time.time(), Erasable(notes)
    for message, hours in enumerate((49, 48.5, 47.9, 1), start=1):
        chat.note(CHAT, message, now - hours * HOUR)
    assert chat.to_erase(CHAT, now) == [3, 4]
    assert chat.lost(CHAT, now) == 2 and chat.too_old(CHAT, now)


async def test_what_is_beyond_erasing_is_told_each_time_until_the_chat_is_quiet(notes: Notes) -> None:
    now, chat = time.time(), Erasable(notes)
    chat.note(CHAT, 1, now - 49 * HOUR)
    chat.note(CHAT, 2, now)
    first = await chat.erase(Telegram(1, 2), CHAT)  # type: ignore[arg-type]
    chat.note(CHAT, 3, now)
    second = await chat.erase(Telegram(1, 3), CHAT)  # type: ignore[arg-type]
    assert (first.done, first.lost, first.says) == (1, 1, "utter_telegram_not_erased")
    assert (second.done, second.lost) == (1, 1)


def test_a_chat_that_has_everything_noted_is_not_called_old(notes: Notes) -> None:
    now, chat = time.time(), Erasable(notes)
    chat.note(CHAT, 1, now)
    chat.note(CHAT, 1, now)  # the same update again, after a crash
    assert chat.to_erase(CHAT, now) == [1] and not chat.too_old(CHAT, now)


def test_forgetting_leaves_nothing(notes: Notes) -> None:
    now, chat = time.time(), Erasable(notes)
    for message in range(1, 130):
        chat.note(CHAT, message, now)
    chat.forget(CHAT)
    assert chat.to_erase(CHAT, now) == [] and not chat.too_old(CHAT, now)


MOMENTS = st.lists(st.integers(0, 100 * 3600), min_size=0, max_size=30)


@given(MOMENTS, st.integers(0, 200 * 3600))
@settings(max_examples=200)
def test_exactly_what_is_younger_than_48_hours_can_be_erased(moments: list[int], later: int) -> None:
    chat = Erasable(MemoryNotes())
    for message, at in enumerate(sorted(moments), start=1):
        chat.note(CHAT, message, at)
    now = max(moments, default=0) + later
    young = [message for message, at in enumerate(sorted(moments), start=1) if now - at < 48 * 3600]
    assert chat.to_erase(CHAT, now) == young
    assert chat.lost(CHAT, now) == len(moments) - len(young) or not young


@given(st.lists(st.floats(-60 * HOUR, 0), max_size=12), st.floats(0, 60 * HOUR))
@settings(max_examples=25, deadline=None)
def test_redis_holds_to_the_same_bound(ages: list[float], later: float) -> None:
    client = own_redis.client()
    start, chat = time.time(), Erasable(RedisNotes(client, os.urandom(32), prefix()))
    for message, age in enumerate(sorted(ages), start=1):
        chat.note(CHAT, message, start + age)
    now = start + later
    # Redis ends entries by its own clock: what is within a second of the bound may be gone there.
    young = [m for m, age in enumerate(sorted(ages), start=1) if later - age < KEPT_SECONDS and -age < KEPT_SECONDS - 1]
    found = chat.to_erase(CHAT, now)
    assert set(young) <= set(found)
    assert all(later - sorted(ages)[m - 1] < KEPT_SECONDS for m in found)
    assert chat.lost(CHAT, now) == len(ages) - len(found)
    chat.forget(CHAT)


async def test_one_message_that_cannot_be_deleted_does_not_save_the_others(notes: Notes) -> None:
    now, telegram, chat = time.time(), Telegram(*range(1, 101)), Erasable(notes)
    telegram.fixed = {37, 80}
    for message in range(1, 101):
        chat.note(CHAT, message, now)
    erased = await chat.erase(telegram, CHAT)  # type: ignore[arg-type]
    assert telegram.there == {37, 80} and (erased.done, erased.failed) == (98, 2)
    assert erased.says == "utter_telegram_not_erased" and chat.to_erase(CHAT, now) == [37, 80]


@pytest.mark.parametrize("error", [NetworkError("lost"), RetryAfter(0)])
async def test_a_call_that_did_not_arrive_is_made_again(error: TelegramError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "_PAUSE_SECONDS", 0)
    chat, telegram = Erasable(MemoryNotes()), Telegram(1)
    telegram.errors = [error, error]
    chat.note(CHAT, 1, time.time())
    assert (await chat.erase(telegram, CHAT)).done == 1 and not telegram.there  # type: ignore[arg-type]


@pytest.mark.parametrize("errors", [[NetworkError("lost")] * 3, [RetryAfter(3600)], [Forbidden("blocked")]])
async def test_what_was_not_deleted_is_said_and_tried_the_next_time(
    errors: list[TelegramError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "_PAUSE_SECONDS", 0)
    chat, telegram, now = Erasable(MemoryNotes()), Telegram(1), time.time()
    telegram.errors = list(errors)
    chat.note(CHAT, 1, now)
    erased = await chat.erase(telegram, CHAT)  # type: ignore[arg-type]
    assert (erased.done, erased.failed) == (0, 1) and chat.to_erase(CHAT, now) == [1]
    assert (await chat.erase(telegram, CHAT)).done == 1  # type: ignore[arg-type]


async def test_messages_whose_ids_never_came_back_are_told_each_time(notes: Notes) -> None:
    chat, telegram = Erasable(notes), Telegram(1)
    chat.note(CHAT, 1, time.time())
    chat.note_unsure(CHAT)
    chat.note_unsure(CHAT)
    first = await chat.erase(telegram, CHAT)  # type: ignore[arg-type]
    assert (first.done, first.unsure, first.says) == (1, 2, "utter_telegram_perhaps_arrived")
    assert (await chat.erase(telegram, CHAT)).unsure == 2  # type: ignore[arg-type]


async def test_what_is_noted_while_deleting_is_not_lost(notes: Notes) -> None:
    chat, now = Erasable(notes), time.time()
    chat.note(CHAT, 1, now)

    class Busy(Telegram):
        async def delete_messages(self, number: int, messages: Sequence[int]) -> bool:
            chat.note(CHAT, 2, now)
            return await super().delete_messages(number, messages)

    await chat.erase(Busy(1, 2), CHAT)  # type: ignore[arg-type]
    assert chat.to_erase(CHAT, now) == [2]


async def test_after_a_restart_with_redis_everything_is_erased_at_hour_40(redis: "Redis[bytes]") -> None:
    start = time.time()
    before = Erasable(RedisNotes(redis, KEY, prefix()))
    for message in range(1, 8):
        before.note(CHAT, message, start - 40 * HOUR)
    after, telegram = Erasable(RedisNotes(redis, KEY, prefix())), Telegram(*range(1, 8))
    assert (await after.erase(telegram, CHAT)).done == 7 and not telegram.there  # type: ignore[arg-type]


async def test_after_a_restart_without_redis_it_says_from_when_it_knows_nothing() -> None:
    now = time.time()
    chat = Erasable(MemoryNotes(started=now - HOUR))
    chat.note(CHAT, 9, now)
    erased = await chat.erase(Telegram(1, 9), CHAT)  # type: ignore[arg-type]
    assert erased.done == 1 and erased.unknown_before == now - HOUR
    assert erased.says == "utter_telegram_perhaps_not_erased"
    settled = await Erasable(MemoryNotes(started=now - 49 * HOUR)).erase(Telegram(), CHAT)  # type: ignore[arg-type]
    assert settled.unknown_before is None and settled.says is None


def test_redis_that_was_emptied_is_no_longer_believed_to_know_all(redis: "Redis[bytes]") -> None:
    kept = RedisNotes(redis, KEY, prefix())
    began = kept.since()
    assert RedisNotes(redis, KEY, prefix()).since() == began
    assert RedisNotes(redis, os.urandom(32), prefix()).since() > began
    for name in redis.scan_iter(match=f"{prefix()}*"):
        redis.delete(name)
    assert kept.since() > began


def test_redis_learns_neither_chats_nor_messages_nor_times(redis: "Redis[bytes]") -> None:
    now = time.time()
    chat = Erasable(RedisNotes(redis, KEY, prefix()))
    for message in (424_242, 424_243):
        chat.note(CHAT, message, now)
    names = list(redis.scan_iter(match=f"{prefix()}*"))
    held = b" ".join(names + [redis.get(name) or b"" for name in names])
    assert len(names) == 3
    for secret in (str(CHAT), "424242", str(int(now)), f"{CHAT:x}"):
        assert secret.encode() not in held
    for number in (CHAT, 424_242):
        assert number.to_bytes(8, "big") not in held
    assert all(47.9 * HOUR < redis.ttl(name) <= 48 * HOUR for name in names)


def test_entries_moved_or_made_in_redis_are_not_believed(redis: "Redis[bytes]") -> None:
    notes = RedisNotes(redis, KEY, prefix())
    notes.add(CHAT, Noted(1, time.time()))
    notes.add(OTHER, Noted(2, time.time()))
    redis.set(notes._name(CHAT, 1), redis.get(notes._name(OTHER, 1)) or b"")
    assert notes.of(CHAT) == []
    redis.set(notes._name(CHAT, 1), b"x")
    assert notes.of(CHAT) == []


async def test_without_an_answer_from_redis_ids_are_kept_here_and_the_gap_is_told() -> None:
    closed: Redis[bytes] = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    chat, now = Erasable(RedisNotes(closed, KEY)), time.time()
    chat.note(CHAT, 1, now)
    assert chat.to_erase(CHAT, now) == [1] and not chat.too_old(CHAT, now)
    erased = await chat.erase(Telegram(1), CHAT)  # type: ignore[arg-type]
    assert erased.done == 1 and erased.unknown_before is not None and chat.to_erase(CHAT, now) == []


def test_memory_forgets_quiet_chats() -> None:
    notes = MemoryNotes()
    for chat in range(1000):
        notes.add(chat, Noted(chat, chat))
    notes.add(CHAT, Noted(1, 1000 + KEPT_SECONDS))
    assert len(notes._chats) == 1


def test_the_key_is_found_by_the_next_start_and_closed_to_others(tmp_path: Path) -> None:
    var, folder = tmp_path / "var", tmp_path / "shm"
    folder.mkdir()
    key = erasing_key(var, folder)
    assert len(key) == 32 and erasing_key(var, folder) == key and erasing_key(tmp_path, folder) != key
    assert key_path(var, folder).stat().st_mode & 0o777 == 0o600
    assert sorted(path.name[:7] for path in folder.iterdir()) == ["oberih-", "oberih-"]


def test_a_key_that_others_could_have_put_there_is_not_used(tmp_path: Path) -> None:
    path = key_path(tmp_path / "var", tmp_path)
    path.write_bytes(KEY)
    path.chmod(0o644)
    assert erasing_key(tmp_path / "var", tmp_path) != KEY and path.read_bytes() == KEY
    path.unlink()
    (tmp_path / "theirs").write_bytes(KEY)
    (tmp_path / "theirs").chmod(0o600)
    path.symlink_to(tmp_path / "theirs")
    assert erasing_key(tmp_path / "var", tmp_path) != KEY


def test_where_there_is_no_tmpfs_the_key_is_in_memory_only(tmp_path: Path) -> None:
    assert erasing_key(tmp_path, tmp_path / "none") != erasing_key(tmp_path, tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_settings_choose_where_ids_are_noted(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    assert isinstance(erasable(settings)._notes, MemoryNotes)
    with_redis = load({"OBERIH_REDIS": URL, "OBERIH_VAR": str(tmp_path)})
    assert isinstance(erasable(with_redis)._notes, RedisNotes)
    key_path(tmp_path).unlink()
    with pytest.raises(SettingsError, match="OBERIH_REDIS must be an address") as caught:
        erasable(replace(settings, redis_url="http://:secret@host"))
    assert "secret" not in str(caught.value)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.booleans())
def test_a_receipt_is_shown_for_a_minute_at_most(shown_at: float, later: float, written_down: bool) -> None:
    left = seconds_left(shown_at, shown_at + later, written_down=written_down)
    assert 0 <= left <= SHOWN_SECONDS
    assert (left == 0) == (written_down or (shown_at + later) - shown_at >= SHOWN_SECONDS)


async def test_a_receipt_goes_by_itself_or_when_written_down_or_at_the_end() -> None:
    gone: list[tuple[int, int]] = []

    async def delete(chat: int, message: int) -> None:
        gone.append((chat, message))

    soon = ShownReceipts(delete, seconds=0.02)
    soon.show(CHAT, 1)
    await asyncio.sleep(0.1)
    assert gone == [(CHAT, 1)] and len(soon) == 0

    later = ShownReceipts(delete)
    later.show(CHAT, 2)
    later.show(OTHER, 3)
    await asyncio.sleep(0)
    later.written_down(CHAT)
    await asyncio.sleep(0.02)
    assert gone[1:] == [(CHAT, 2)] and len(later) == 1
    await later.close()
    assert gone[2:] == [(OTHER, 3)] and len(later) == 0


async def test_after_leaving_the_chat_holds_the_harmless_line_alone(server: FakeTelegram, bot: telegram.Bot) -> None:
    person, chat = server.person(), Erasable(MemoryNotes())
    number = person.user.id
    for words in ("робота", "паспорт", "їду"):
        heard = person.types(words)
        chat.note(number, heard.id, server.clock.now())
        sent = await bot.send_message(number, "відповідь", disable_notification=True)
        chat.note(number, sent.message_id, sent.date.timestamp())
    line = await bot.send_message(number, "До побачення.", disable_notification=True)
    chat.note(number, line.message_id, line.date.timestamp())
    erased = await chat.erase(bot, number, keep=[line.message_id])
    assert [message.text for message in person.chat] == ["До побачення."]
    assert (erased.done, erased.failed) == (6, 0)


async def test_who_blocked_the_bot_keeps_the_chat_and_nothing_raises(server: FakeTelegram, bot: telegram.Bot) -> None:
    person, chat = server.person(), Erasable(MemoryNotes())
    chat.note(person.user.id, person.types("слово").id, server.clock.now())
    person.blocks()
    assert (await chat.erase(bot, person.user.id)).failed == 1


async def test_where_telegram_counts_48_hours_otherwise_the_rest_still_goes(
    server: FakeTelegram, bot: telegram.Bot
) -> None:
    person, chat = server.person(), Erasable(MemoryNotes(), clock=server.clock.now)
    number = person.user.id
    old = person.types("давно")
    server.clock.advance(hours=48, seconds=5)
    young = person.types("щойно")
    # Noted later than it was sent: what a slow machine does.
    chat.note(number, old.id, server.clock.now() - 47 * HOUR)
    chat.note(number, young.id, server.clock.now())
    erased = await chat.erase(bot, number)
    assert (erased.done, erased.failed) == (1, 1)
    assert [message.text for message in person.chat] == ["давно"]
