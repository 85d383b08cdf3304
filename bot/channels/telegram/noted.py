"""Where message ids are noted for as long as Telegram lets a bot delete them: in memory, or sealed in Redis.

Ids are noted one by one, and a count tells how many a chat has had: what the count has more than is still noted is
beyond erasing. In Redis every id is an entry of its own that ends by itself; names are keyed hashes and values are
sealed (AES-GCM) with their name, so that whoever reads Redis, or its file, learns neither chats nor ids nor times.
"""

import hmac
import os
import struct
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Optional, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis import Redis

from bot.privacy.derive import hkdf

KEPT_SECONDS = 48 * 3600
"""Telegram: "A message can only be deleted if it was sent less than 48 hours ago" (Bot API, deleteMessage)."""
NO_ID = 0
"""Stands for the id of a message that may have arrived: Telegram's answer to it, which tells the id, was lost."""
_NONCE_BYTES = 12
_PIECE = 100
_ENTRY = struct.Struct(">qd")


@dataclass(frozen=True)
class Noted:
    """One message of a chat: its id, and when it was sent, in seconds of Unix time."""

    message: int
    at: float


class Notes(Protocol):
    """What can be erased, by chat."""

    def since(self) -> float:
        """When this place began to remember, Unix time: of messages before that it knows nothing."""

    def add(self, chat: int, noted: Noted) -> None:
        """Remember a message for 48 hours after it was sent."""

    def of(self, chat: int) -> list[Noted]:
        """Return what is remembered of a chat, oldest first; some may be past their time."""

    def count(self, chat: int) -> int:
        """Return how many entries a chat has had, ended ones included, since it was last quiet for 48 hours."""

    def replace(self, chat: int, noted: Iterable[Noted], lost: int = 0) -> None:
        """Remember these alone, and that `lost` others can no longer be erased."""


@dataclass
class _Chat:
    noted: list[Noted] = field(default_factory=list)
    count: int = 0


class MemoryNotes:
    """Notes of this process; a restart loses them."""

    def __init__(self, started: Optional[float] = None) -> None:
        self._since = time.time() if started is None else started
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    def since(self) -> float:
        return self._since

    def add(self, chat: int, noted: Noted) -> None:
        kept = self._chats.setdefault(chat, _Chat())
        kept.noted = [old for old in kept.noted if noted.at - old.at < KEPT_SECONDS] + [noted]
        kept.count += 1
        self._chats.move_to_end(chat)
        self._drop_quiet(noted.at)

    def of(self, chat: int) -> list[Noted]:
        return list(self._chats[chat].noted) if chat in self._chats else []

    def count(self, chat: int) -> int:
        return self._chats[chat].count if chat in self._chats else 0

    def replace(self, chat: int, noted: Iterable[Noted], lost: int = 0) -> None:
        self._chats.pop(chat, None)
        kept = list(noted)
        if kept or lost:
            self._chats[chat] = _Chat(kept, len(kept) + lost)

    def _drop_quiet(self, now: float) -> None:
        """Forget chats whose last message is past its time: they stand first."""
        while self._chats:
            oldest = next(iter(self._chats.values()))
            if oldest.noted and now - oldest.noted[-1].at < KEPT_SECONDS:
                return
            self._chats.popitem(last=False)


class RedisNotes:
    """Notes that survive a restart of the program, sealed under `key`.

    Every method raises `redis.RedisError` where Redis does not answer.
    """

    def __init__(self, redis: "Redis[bytes]", key: bytes, prefix: str = "oberih:telegram:") -> None:
        self._redis = redis
        self._index_key = hkdf(key, "oberih/telegram/v1/index")
        self._seal = AESGCM(hkdf(key, "oberih/telegram/v1/seal"))
        self._prefix = prefix.encode()

    def since(self) -> float:
        """When this Redis began to remember under this key: if either was lost, it begins anew."""
        name = self._name("since")
        self._redis.set(name, self._sealed(name, Noted(0, time.time())), nx=True)
        found = self._opened(name, self._redis.get(name))
        return time.time() if found is None else found.at

    def add(self, chat: int, noted: Noted) -> None:
        ends = int((noted.at + KEPT_SECONDS) * 1000)
        number = int(self._redis.incr(self._name(chat, "count")))
        name = self._name(chat, number)
        with self._redis.pipeline() as commands:
            commands.set(name, self._sealed(name, noted), pxat=ends)
            commands.pexpireat(self._name(chat, "count"), max(ends, int((time.time() + KEPT_SECONDS) * 1000)))
            commands.execute()

    def of(self, chat: int) -> list[Noted]:
        """Look from the newest back, until a whole piece has ended: all before it has ended too."""
        found: list[Noted] = []
        last = self.count(chat)
        while last > 0:
            names = [self._name(chat, number) for number in range(max(1, last - _PIECE + 1), last + 1)]
            values = self._redis.mget(names)
            opened = [self._opened(name, value) for name, value in zip(names, values, strict=True)]
            if not any(opened):
                break
            found = [noted for noted in opened if noted is not None] + found
            last -= _PIECE
        return found

    def count(self, chat: int) -> int:
        return int(self._redis.get(self._name(chat, "count")) or 0)

    def replace(self, chat: int, noted: Iterable[Noted], lost: int = 0) -> None:
        kept = list(noted)
        number = self.count(chat)
        ends = int((max((entry.at for entry in kept), default=time.time()) + KEPT_SECONDS) * 1000)
        with self._redis.pipeline() as commands:
            for first in range(1, number + 1, _PIECE):
                last = min(first + _PIECE, number + 1)
                commands.delete(*(self._name(chat, old) for old in range(first, last)))
            commands.delete(self._name(chat, "count"))
            if kept or lost:
                commands.set(self._name(chat, "count"), lost + len(kept), pxat=ends)
            for at, entry in enumerate(kept, start=lost + 1):
                name = self._name(chat, at)
                commands.set(name, self._sealed(name, entry), pxat=int((entry.at + KEPT_SECONDS) * 1000))
            commands.execute()

    def _name(self, *parts: object) -> bytes:
        return self._prefix + hmac.digest(self._index_key, repr(parts).encode(), "sha256").hex().encode()

    def _sealed(self, name: bytes, noted: Noted) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, _ENTRY.pack(noted.message, noted.at), name)

    def _opened(self, name: bytes, value: Optional[bytes]) -> Optional[Noted]:
        if value is None:
            return None
        try:
            return Noted(*_ENTRY.unpack(self._seal.decrypt(value[:_NONCE_BYTES], value[_NONCE_BYTES:], name)))
        except (InvalidTag, ValueError):
            # Somebody else wrote it: it is none of ours.
            return None
