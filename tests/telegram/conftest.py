"""What tests of Telegram share: the fake server, and a bot that talks to it through python-telegram-bot."""

from collections.abc import AsyncIterator, Iterator

import pytest
import telegram
from redis import Redis
from telegram.request import HTTPXRequest

from evaluation.botapi import FakeTelegram
from tests.telegram import own_redis


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
    own_redis.client().close()
    return own_redis.URL


@pytest.fixture
def redis() -> Iterator["Redis[bytes]"]:
    """A Redis for tests of the notes themselves: what has the run's prefix goes afterwards."""
    client = own_redis.client()
    yield client
    for name in client.scan_iter(match=f"{own_redis.prefix()}*"):
        client.delete(name)
    client.close()
