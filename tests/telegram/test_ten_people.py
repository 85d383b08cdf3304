"""Ten people in six languages at once, over polling and over the webhook, while much goes wrong and the real program is
killed twice: every message is answered, no ticket is lost or doubled, no word is on a disk."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import PROJECT_ROOT
from bot.runtime import desk_session
from bot.runtime.services import Services
from evaluation.botapi import FakeTelegram
from tests.leaks import leaks
from tests.telegram.program import Program, installed
from tests.telegram.scripts import Somebody
from tests.telegram.trouble import KINDS, Trouble

CAST = (
    ("uk", "Жмеринкотест"), ("ru", "Сызраньтест"), ("en", "Brackleytest"), ("pl", "Grodziskotest"),
    ("de", "Zwickautest"), ("ro", "Buzăutest"), ("uk", "Калушотест"), ("ru", "Вязьматест"), ("en", "Tiptontest"),
    ("uk", "Бродитест"),
)  # fmt: skip
_LOOK_SECONDS = 0.005
_DYING_SECONDS = 0.2


async def test_ten_people_at_once_lose_nothing_over_polling(tmp_path: Path, services: Services) -> None:
    async with FakeTelegram(conflict_pause=0.05) as server:
        await lose_nothing(server, installed("poll", tmp_path, server), services)


async def test_ten_people_at_once_lose_nothing_over_the_webhook(
    tmp_path: Path, services: Services, redis_url: str
) -> None:
    async with FakeTelegram(webhook_scale=0.05, webhook_seconds=3.0) as server:
        program = installed("webhook", tmp_path, server, OBERIH_REDIS=redis_url)
        await lose_nothing(server, program, services)
        program.clean_up(server.world.chats)


async def lose_nothing(server: FakeTelegram, program: Program, services: Services) -> None:
    since = time.time() - 1
    people = [
        Somebody(
            server.person(word, language_code=language), services.texts, word,
            danger_at=number % 4, takes_back=number % 3 == 0, forwards=number % 5 == 4,
        )
        for number, (language, word) in enumerate(CAST)
    ]  # fmt: skip
    trouble = Trouble(server, [somebody.person for somebody in people])
    try:
        told = await all_go_through(program, people, trouble)
    finally:
        await program.stop()
    assert set(trouble.made) >= {"cut", "time-out", *KINDS}
    for somebody in people:
        assert somebody.cuts == told[somebody.word], somebody
        again = twice(server, program, somebody)
        assert len(again) <= trouble.unsure[somebody.person.user.id]
        assert sum(press.answer is None for press in somebody.presses_made) <= len(program.killed_at)
        assert left_behind(program, somebody, [*again, *unheard(server, somebody)]) == []
    assert_tickets_are_those_sent(program, people)
    assert leaks([program.folder, PROJECT_ROOT / "var"], since, secrets_of(people)) == []


async def all_go_through(program: Program, people: Sequence[Somebody], trouble: Trouble) -> Counter[str]:
    """Let all go through their scripts, with two kills on the way; return how often each was in the middle of
    something then, and so must be told, once for each kill, that all starts anew."""
    told: Counter[str] = Counter()

    async def until(due: Callable[[], bool]) -> None:
        while not due():
            for talk in talks:
                if talk.done():
                    talk.result()
            await asyncio.sleep(_LOOK_SECONDS)

    async def killed() -> None:
        await program.kill()
        told.update(somebody.word for somebody in people if somebody.at not in ("", "exit"))
        await program.start()

    await program.start()
    trouble.cuts_connections()
    going_on = asyncio.create_task(trouble.goes_on())
    talks = [asyncio.create_task(somebody.goes_through_all()) for somebody in people]
    late = people[-1]
    try:
        await until(lambda: all(somebody.at and somebody.acts > 2 for somebody in people))
        await killed()
        await until(lambda: all(s.cuts for s in people) and any(somebody.sends_now for somebody in people))
        await killed()
        await until(lambda: late.cuts == told[late.word])
        trouble.times_out(late.person)
        await asyncio.gather(*talks)
    finally:
        for task in (going_on, *talks):
            task.cancel()
    return told


def twice(server: FakeTelegram, program: Program, somebody: Somebody) -> list[int]:
    """Return the ids of messages that one life of the program sent again right after: the same words, the same keys."""
    calls = [call for call in server.calls("sendMessage") if call.params["chat_id"] == str(somebody.person.user.id)]
    sent = [call for call in calls if call.result is not None]
    return [
        first.result["message_id"]
        for first, second in itertools.pairwise(sent)
        if first.params == second.params and not any(first.at < killed < second.at for killed in program.killed_at)
    ]


def unheard(server: FakeTelegram, somebody: Somebody) -> list[int]:
    """Return the ids of messages whose sending was never answered, so that the channel does not know them."""
    calls = (call for call in server.calls("sendMessage") if call.params["chat_id"] == str(somebody.person.user.id))
    return [call.result["message_id"] for call in calls if call.unheard and call.result is not None]


def left_behind(program: Program, somebody: Somebody, unknown: Sequence[int]) -> list[str]:
    """Return what either side still has after leaving, but for the harmless line and for what is beyond erasing.

    That is what the channel cannot know: ids that Telegram never told it, because the answer was lost or the process
    died before it came, and, without Redis, all that an earlier process knew.
    """
    not_erased = somebody.text("utter_telegram_not_erased").partition("{")[0]
    perhaps = ("utter_telegram_perhaps_not_erased", "utter_telegram_perhaps_arrived")
    harmless = (somebody.text("utter_exit"), *map(somebody.text, perhaps), not_erased)
    if program.settings.redis_url is None:
        lost = [(0.0, program.killed_at[-1])]
    else:
        lost = [(killed - _DYING_SECONDS, killed) for killed in program.killed_at]
    return [
        message.text
        for message in somebody.person.chat
        if not message.text.startswith(harmless)
        and message.id not in unknown
        and not any(first <= message.date <= last for first, last in lost)
    ]


def secrets_of(people: Sequence[Somebody]) -> list[str]:
    """Return all that no file may hold: words, codes, ids."""
    codes = [code for somebody in people for code in somebody.codes]
    ids = [str(somebody.person.user.id) for somebody in people]
    return [*(word for _, word in CAST), *codes, *(code.replace(" ", "") for code in codes), *ids]


def assert_tickets_are_those_sent(program: Program, people: Sequence[Somebody]) -> None:
    """Every report that somebody was told is sent is there once; no other is there but one cut off while sending."""
    desk = desk_session.log_in(program.settings, program.desk, program.member, program.passphrase)
    stored = [str(opened.content) for opened in desk.tickets() if opened.content is not None]
    confirmed = [mark for somebody in people for mark in somebody.confirmed]
    assert all(sum(mark in ticket for mark in confirmed) == 1 for ticket in stored)
    for somebody in people:
        for mark in somebody.confirmed:
            found = sum(mark in ticket for ticket in stored)
            if mark not in somebody.sent:
                assert found <= 1, mark
            else:
                assert found == (mark not in somebody.taken_back), mark
