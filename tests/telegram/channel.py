"""What tests of the Telegram channel share: the channel on a fake Telegram, with the real assistant."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Callable
from typing import Any, Optional

from PIL import Image

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from tests.telegram.botapi import FakeTelegram

OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
DANGER = "Мене зачинили і забрали паспорт"


def picture() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30)).save(file, "PNG")
    return file.getvalue()


@contextlib.asynccontextmanager
async def channel_on(
    server: FakeTelegram, chat: Any, secret: Optional[str] = None, *, started: bool = True
) -> AsyncIterator[TelegramChannel]:
    """A channel for the fake server, with the sessions and the assistant of `chat`."""
    settings = TelegramSettings(server.token, server.base_url, secret)
    channel = TelegramChannel(settings, chat.services, chat.sessions, chat.assistant)
    if started:
        await channel.start()
    try:
        yield channel
    finally:
        await channel.stop()


async def until(condition: Callable[[], Any], within: float = 5.0) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: it did not, for so many seconds.
    """
    for _ in range(int(within / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It did not come to this.")
