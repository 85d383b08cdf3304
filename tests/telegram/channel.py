"""What tests of the Telegram channel share: the channel on a fake Telegram, with the real assistant."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Callable
from typing import Any, Optional

from PIL import Image

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from bot.runtime.sessions import Session
from evaluation.botapi import FakeTelegram
from evaluation.botapi.messages import Message
from evaluation.botapi.person import Person
from tests.reporting import ANSWERS

OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
DANGER = "Мене зачинили і забрали паспорт"


def picture() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30)).save(file, "PNG")
    return file.getvalue()


@contextlib.asynccontextmanager
async def channel_on(
    server: FakeTelegram, chat: Any, secret: Optional[str] = None, *, started: bool = True, restarted: bool = False
) -> AsyncIterator[TelegramChannel]:
    """A channel for the fake server, with the sessions and the assistant of `chat`.

    It has run for a day, so that no conversation can have been cut off by its start, unless it was just `restarted`.
    """
    settings = TelegramSettings(server.token, server.base_url, secret)
    channel = TelegramChannel(settings, chat.services, chat.sessions, chat.assistant)
    if started:
        await channel.start()
    if not restarted:
        channel._started -= 24 * 3600
    try:
        yield channel
    finally:
        await channel.stop()


async def session_of(channel: TelegramChannel, person: Person) -> Session:
    """The session of a person, once there is one."""
    room = await until(lambda: channel.rooms.find(person.user.id))
    return await until(lambda: channel._sessions.find(room.session))


async def to_preview(channel: TelegramChannel, person: Person, **changed: str) -> Message:
    """Answer every question of a report that was asked for, by its buttons; return the preview."""
    answers = {**ANSWERS, **{f"report.{name}": code for name, code in changed.items()}}
    session = await session_of(channel, person)
    shown = await person.hears(lambda message: bool(message.buttons))
    while session.slots["asked"] != "report.preview":
        asked, given = session.slots["asked"], answers.get(session.slots["asked"])
        wanted = [f'/affirm{{"question": "{asked}", "value": "{given}"}}', f'/skip{{"question": "{asked}"}}']
        keys = {payload: key for key, payload in session.buttons.items()}
        person.presses(next(keys[payload] for payload in wanted if payload in keys))
        last = shown.id
        shown = await person.hears(lambda message, last=last: bool(message.buttons) and message.id > last)
    return shown


async def until(condition: Callable[[], Any], within: float = 5.0) -> Any:
    """Wait until something is so, and return it."""
    for _ in range(int(within / 0.02)):
        if found := condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("It did not come to this.")
