"""Chats that are to be tidied once they fall silent, kept where they outlive the process.

A chat that was about the person themselves is tidied by itself after a while of silence. If the process is killed
before, the next one must know of it, and Redis is where it can: one hash, its fields keyed hashes of chats, its
values sealed with their field (AES-GCM), all of it gone 48 hours after the last change. Without Redis nothing
outlives the process.
"""

import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Optional

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis import Redis, RedisError

from bot.channels.telegram.noted import KEPT_SECONDS
from bot.privacy.derive import hkdf

_log = logging.getLogger("oberih.telegram.erasing")
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Watched:
    """A chat to be tidied.

    Attributes:
        chat: its id.
        keep: the bot's message that stays, reworded.
        text: what that message will say.
        due: when, in Unix time, unless the person writes before.
    """

    chat: int
    keep: int
    text: str
    due: float


class Watchlist:
    """All chats to be tidied. Where Redis does not answer, a chat is only not remembered after a restart."""

    def __init__(
        self, redis: "Optional[Redis[bytes]]" = None, key: bytes = b"", prefix: str = "oberih:telegram:"
    ) -> None:
        self._redis = redis
        if redis is not None:
            self._index_key = hkdf(key, "oberih/telegram/v1/watched/index")
            self._seal = AESGCM(hkdf(key, "oberih/telegram/v1/watched/seal"))
        self._name = f"{prefix}watched"

    def put(self, watched: Watched) -> None:
        """Remember a chat, in the place of what was known of it."""
        if self._redis is None:
            return
        field, nonce = self._field(watched.chat), os.urandom(_NONCE_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, json.dumps(asdict(watched)).encode(), field)
        with _unharmed(), self._redis.pipeline() as commands:
            commands.hset(self._name, field, sealed)
            commands.expire(self._name, KEPT_SECONDS)
            commands.execute()

    def drop(self, chat: int) -> None:
        """Forget a chat."""
        if self._redis is not None:
            with _unharmed():
                self._redis.hdel(self._name, self._field(chat))

    def all(self) -> list[Watched]:
        """Return the chats that an earlier process has left."""
        found: dict[bytes, bytes] = {}
        if self._redis is not None:
            with _unharmed():
                found = self._redis.hgetall(self._name)
        opened = (self._opened(field, sealed) for field, sealed in found.items())
        return [watched for watched in opened if watched is not None]

    def _field(self, chat: int) -> bytes:
        return hmac.digest(self._index_key, str(chat).encode(), "sha256").hex().encode()

    def _opened(self, field: bytes, sealed: bytes) -> Optional[Watched]:
        try:
            return Watched(**json.loads(self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], field)))
        except (InvalidTag, ValueError, TypeError):
            # Somebody else wrote it, or it is of another key: it is none of ours.
            return None


@contextmanager
def _unharmed() -> Iterator[None]:
    """Go on without Redis where it does not answer."""
    try:
        yield
    except RedisError as error:
        _log.warning("redis: %s", type(error).__name__)
