"""What tests of Telegram share: the fake server, and a bot that talks to it through python-telegram-bot."""

import os
from collections.abc import AsyncIterator

import pytest
import telegram
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from telegram.request import HTTPXRequest

from evaluation.botapi import FakeTelegram


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


@pytest.fixture
def redis_url() -> str:
    """A Redis for programs under test: every one has a key of its own there, and cleans up what it wrote."""
    url = "redis://127.0.0.1:6379/13"
    try:
        Redis.from_url(url).ping()
    except RedisConnectionError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis on 127.0.0.1:6379")
    return url
