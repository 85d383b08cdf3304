"""The Redis of the Telegram tests: database 13, with a prefix for each run."""

import os

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

URL = "redis://127.0.0.1:6379/13"


def client() -> "Redis[bytes]":
    """Return a connection; without a Redis the test is skipped, except where all must run (`CI=true`)."""
    found: Redis[bytes] = Redis.from_url(URL)
    try:
        found.ping()
    except RedisConnectionError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no Redis on 127.0.0.1:6379")
    return found


def prefix() -> str:
    """Return what all names of this run begin with."""
    return f"test-{os.getpid()}:"
