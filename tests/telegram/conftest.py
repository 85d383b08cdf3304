"""What tests of Telegram share: the fake server, and a bot that talks to it through python-telegram-bot."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.request import HTTPXRequest

from tests.telegram.botapi import FakeTelegram


@pytest.fixture()
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(conflict_pause=0.05, webhook_scale=0.02, webhook_seconds=0.5) as running:
        yield running


@pytest.fixture()
async def bot(server: FakeTelegram) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(
        server.token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=HTTPXRequest(read_timeout=2),
    ) as talking:
        yield talking
