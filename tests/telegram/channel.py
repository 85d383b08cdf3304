"""What tests of the Telegram channel share: the channel on a fake Telegram, with the real assistant."""

import contextlib
import io
from collections.abc import AsyncIterator
from typing import Any, Optional

from PIL import Image

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from evaluation.botapi import FakeTelegram

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
