"""A text that an app cut into several messages is checked as one, over the fake Bot API."""

import asyncio

import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.telegram.webhook import PATH
from tests.telegram.channel import DANGER, channel_on, until

SECRET = "a-secret-of-the-test"
DULL = "Ми працюємо на складі з понеділка до п’ятниці, обід о дванадцятій, додому о четвертій. " * 60
FIRST, LAST = "Робота в Німеччині, 3500 євро без досвіду. ", "Паспорт на час контракту залишається у нас."


@pytest.fixture
async def channel(server, chat):
    async with channel_on(server, chat) as channel:
        yield channel


async def test_the_signs_of_all_parts_are_on_one_card(server, channel, chat) -> None:
    person = server.person()
    parts = person.pastes(FIRST + DULL + LAST)
    assert len(parts) == 2
    await person.hears(LAST[:-1], within=15)
    await until(lambda: not server.unconfirmed)
    assert sum(LAST[:-1] in text for text in person.texts) == 1
    session = chat.sessions.find(channel.rooms.find(person.user.id).session)
    assert session.slots["draft"]["text"].startswith(FIRST) and session.slots["draft"]["text"].endswith(LAST)


async def test_no_part_is_confirmed_before_the_whole_is_answered(server, channel) -> None:
    person = server.person()
    server.faults.too_many("sendMessage", 1)
    person.pastes(FIRST + DULL + LAST)
    await until(lambda: server.calls("sendMessage"), within=15)
    assert len(server.unconfirmed) == 2
    await person.hears(LAST[:-1], within=15)
    await until(lambda: not server.unconfirmed)


async def test_exit_deletes_every_part(server, channel) -> None:
    person = server.person(language_code="en")
    parts = person.pastes(FIRST + DULL + LAST)
    await person.hears(LAST[:-1], within=15)
    person.types("/exit")
    await person.hears("Goodbye")
    await until(lambda: not any(part in person.chat for part in parts))


async def test_danger_in_the_first_part_is_answered_without_waiting_for_another(server, channel, monkeypatch) -> None:
    monkeypatch.setattr(channel._pastes, "_pause", 60.0)
    person = server.person()
    person.types(f"{DANGER}. {DULL}"[:4000])
    await person.hears("112", within=15)


@pytest.fixture
async def hook(server, chat):
    """The channel behind its webhook, over real HTTP, and its address."""
    async with channel_on(server, chat, SECRET) as channel:
        app = FastAPI()
        app.include_router(channel.router)
        web = uvicorn.Server(uvicorn.Config(app, port=0, ws="none", lifespan="off", log_level="critical"))
        serving = asyncio.create_task(web.serve())
        await until(lambda: web.started)
        yield channel, f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}{PATH}"
        web.should_exit = True
        await serving


async def test_behind_a_webhook_the_last_part_brings_the_card_of_the_whole(server, hook, bot, chat) -> None:
    channel, address = hook
    await bot.set_webhook(address, secret_token=SECRET)
    person = server.person()
    person.pastes(FIRST + DULL + LAST)
    await person.hears(LAST[:-1], within=15)
    await until(lambda: not server.unconfirmed)
    held = chat.sessions.find(channel.rooms.find(person.user.id).session).slots["draft"]["text"]
    assert held.startswith(FIRST) and held.endswith(LAST)
