"""Parts of one pasted text are one text, whatever comes when, and none is confirmed before it is answered."""

import asyncio
from dataclasses import replace

import pytest

from bot.channels.telegram.chats import ChatRoom
from bot.channels.telegram.incoming import Heard, Kind
from bot.channels.telegram.pasted import Pastes, goes_on, joined, may_go_on
from bot.channels.telegram.splitting import LONGEST
from bot.channels.telegram.talk import MAX_TEXT
from bot.reports.contact import Contact, Source

NEVER = 60.0
"""A pause that no test waits for."""
LONG = "слово " * 400


def part(message: int, text: str, **details) -> Heard:
    return Heard(Kind.WORDS, 5, message, 100.0, text=text.strip(), written=details.pop("written", 100.0), **details)


def test_only_what_fills_half_a_message_may_go_on() -> None:
    assert may_go_on(part(1, "я" * (LONGEST // 2))) and may_go_on(part(1, "🏠" * (LONGEST // 4)))
    assert not may_go_on(part(1, "я" * (LONGEST // 2 - 1)))
    assert not may_go_on(part(1, "/check " + LONG))


WRITER = Contact(Source.ORIGIN, "person", "Ігор")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (part(2, "кінець"), True),
        (part(2, "кінець", written=102.0), True),
        (part(2, "кінець", written=103.0), False),
        (part(1, "кінець"), False),
        (part(2, "/exit"), False),
        (part(2, "кінець", passed_on=True), False),
        (part(2, "кінець", contacts=(WRITER,)), False),
    ],
)
def test_a_part_follows_at_once_from_the_same_hand_and_is_no_command(after, expected) -> None:
    assert goes_on(part(1, LONG), after) is expected
    assert not goes_on(part(1, "коротко"), after)


def test_parts_are_joined_in_the_order_of_their_ids_at_a_space_or_a_line() -> None:
    whole = joined([part(3, "Кінець"), part(1, "Робота в"), part(2, "Берліні.")])
    assert whole.text == "Робота в Берліні.\nКінець" and whole.message == 1


class Chat:
    """One chat whose answers are noted."""

    def __init__(self, pause: float = NEVER, urgent: str = "!!!") -> None:
        self.pastes = Pastes(self.is_urgent, pause)
        self.room, self.urgent = ChatRoom(), urgent
        self.answers: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def is_urgent(self, text: str) -> bool:
        return self.urgent in text

    async def answer(self, heard: Heard) -> None:
        await self.may_answer.wait()
        self.answers.append(heard.text)

    def gets(self, heard: Heard) -> "asyncio.Task[None]":
        return asyncio.create_task(self.pastes.words(self.room, heard, self.answer))


async def test_parts_are_answered_once_and_all_are_done_only_then() -> None:
    chat = Chat()
    chat.may_answer.clear()
    tasks = [chat.gets(part(1, LONG)), chat.gets(part(2, LONG)), chat.gets(part(3, "кінець"))]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in tasks) and not chat.answers
    chat.may_answer.set()
    await asyncio.gather(*tasks)
    assert chat.answers == [f"{LONG.strip()} {LONG.strip()} кінець"]


async def test_a_text_that_ends_there_is_answered_after_the_pause() -> None:
    chat = Chat(pause=0.01)
    await chat.gets(part(1, LONG))
    assert chat.answers == [LONG.strip()]


async def test_short_words_and_danger_wait_for_nothing() -> None:
    chat = Chat()
    await chat.gets(part(1, "привіт"))
    await chat.gets(part(2, f"{LONG} !!! {LONG}"))
    assert len(chat.answers) == 2


async def test_danger_in_any_part_ends_the_waiting() -> None:
    chat = Chat()
    await asyncio.gather(chat.gets(part(1, LONG)), chat.gets(part(2, f"{LONG}!!!")))
    assert chat.answers == [f"{LONG.strip()} {LONG.strip()} !!!"]


async def test_what_is_no_part_waits_for_its_turn_and_is_answered_alone() -> None:
    chat = Chat()
    await asyncio.gather(chat.gets(part(1, LONG)), chat.gets(part(2, "/exit")))
    assert chat.answers == [LONG.strip(), "/exit"]
    before = chat.gets(part(3, LONG))
    await asyncio.sleep(0)
    await chat.pastes.settle(chat.room)
    assert chat.answers[2:] == [LONG.strip()]
    await before


async def test_another_paste_right_behind_is_a_text_of_its_own() -> None:
    chat = Chat()
    forward = {"passed_on": True}
    await asyncio.gather(
        chat.gets(part(1, LONG)), chat.gets(part(2, LONG, **forward)), chat.gets(part(3, "кінець", **forward))
    )
    assert chat.answers == [LONG.strip(), f"{LONG.strip()} кінець"]


async def test_a_text_that_comes_while_another_is_answered_gathers_its_own_parts() -> None:
    chat = Chat()
    chat.may_answer.clear()
    first = chat.gets(part(1, f"{LONG}!!!"))
    await asyncio.sleep(0.02)
    forward = {"passed_on": True}
    second = chat.gets(part(2, LONG, **forward))
    await asyncio.sleep(0)
    chat.may_answer.set()
    await first
    await asyncio.gather(second, chat.gets(part(3, "кінець", **forward)))
    assert chat.answers == [f"{LONG}!!!", f"{LONG.strip()} кінець"]


async def test_a_part_that_comes_after_the_answer_brings_an_answer_to_the_whole() -> None:
    chat = Chat(pause=0)  # as behind a webhook
    for number, text in ((1, LONG), (2, LONG), (3, "кінець"), (4, "дякую")):
        await chat.gets(part(number, text))
    whole = f"{LONG.strip()} {LONG.strip()} кінець"
    assert chat.answers == [LONG.strip(), f"{LONG.strip()} {LONG.strip()}", whole, "дякую"]


async def test_anything_between_ends_a_text_and_nothing_of_it_is_kept() -> None:
    chat = Chat(pause=0)
    await chat.gets(part(1, LONG))
    await chat.pastes.settle(chat.room)
    assert not chat.pastes._before and not chat.pastes._open
    await chat.gets(part(2, "кінець"))
    assert chat.answers[-1] == "кінець"


async def test_what_was_answered_is_forgotten_after_a_moment(monkeypatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.pasted._KEPT_SECONDS", 0.01)
    chat = Chat(pause=0)
    await chat.gets(part(1, LONG))
    assert chat.pastes._before
    await asyncio.sleep(0.05)
    assert not chat.pastes._before


async def test_more_than_is_read_as_one_text_begins_another() -> None:
    chat = Chat(pause=0.01)
    parts = [part(number, "слово " * 680) for number in range(1, 8)]
    await asyncio.gather(*(chat.gets(one) for one in parts))
    assert len(chat.answers) == 2 and all(len(answer) <= MAX_TEXT for answer in chat.answers)
    assert sum(answer.count("слово") for answer in chat.answers) == 7 * 680


async def test_a_failure_to_answer_leaves_no_part_waiting() -> None:
    chat = Chat()

    async def fails(heard: Heard) -> None:
        raise OSError

    first = asyncio.create_task(chat.pastes.words(chat.room, part(1, LONG), fails))
    second = chat.gets(replace(part(2, "кінець")))
    with pytest.raises(OSError):
        await first
    await second
    assert not chat.pastes._open
