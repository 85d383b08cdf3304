"""What someone does with a seized database who knows every phone number there is: tries each on every stored value.

An identifier is found where a stored value is a hash of it, plain or under any secret that was seized, in any of the
forms in which a number is written. A link is found where two tickets share a value that is their own.
"""

import hashlib
import hmac
import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.privacy.derive import hkdf

_PURPOSES = ("oberih/v1/X", "oberih/v1/K", "oberih/v1/V", "oberih/v1/D")
_HASHES = ("sha256", "sha1", "md5", "sha512", "blake2b", "sha3_256")
_SHORTEST = 16
_AGE = b"age-encryption.org/"
"""All age files begin alike."""
_COMMON_TO_ALL = frozenset({"desk", "day", "state", "kind", "concern", "level", "platform_kind", "direction"})
"""Columns that tickets share without being linked: the clear fields of the design."""


def _rows(database: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield everything that is stored, with its table."""
    connection = sqlite3.connect(database)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            yield from ((table, dict(zip(names, row, strict=True))) for row in rows)
    finally:
        connection.close()


def guessed(database: Path, secrets: Iterable[bytes], dictionary: Iterable[str]) -> list[str]:
    """Return every identifier of the dictionary that a stored value gives away."""
    stored = b"\0".join(_bytes(value) for _, row in _rows(database) for value in row.values() if value is not None)
    keys = [derived for secret in secrets for derived in (secret, *(hkdf(secret, purpose) for purpose in _PURPOSES))]
    return [word for word in dictionary if any(_shows(stored, guess) for guess in _guesses(word, keys))]


def linked(database: Path) -> set[tuple[str, str]]:
    """Return the pairs of tickets that share a value that only they have."""
    owners: dict[bytes, set[str]] = {}
    for table, row in _rows(database):
        ticket = row["id"] if table == "ticket" else row.get("ticket")
        for name in set(row) - _COMMON_TO_ALL - {"ticket"} if ticket else ():
            for value in _pieces(row[name]):
                owners.setdefault(value, set()).add(ticket)
    shared = (sorted(tickets) for tickets in owners.values() if len(tickets) > 1)
    return {pair for tickets in shared for pair in itertools.combinations(tickets, 2)}


def _pieces(value: Any) -> Iterator[bytes]:
    """Yield a value, and where it is long each of its 16-byte pieces at the places where a list would have them."""
    content = _bytes(value)
    if len(content) >= _SHORTEST:
        yield content
    if content.startswith(_AGE):
        return
    for size in (16, 32):
        if len(content) % size == 0:
            yield from (content[start : start + size] for start in range(0, len(content), size))


def _guesses(word: str, keys: list[bytes]) -> Iterator[bytes]:
    for form in dict.fromkeys((word, word.lstrip("+"), f"phone:{word}", f"phone|{word}", f"phone\0{word}")):
        text = form.encode()
        yield text
        for name in _HASHES:
            yield hashlib.new(name, text).digest()
        for key in keys:
            yield hmac.digest(key, text, "sha256")


def _shows(stored: bytes, guess: bytes) -> bool:
    """Say whether a value, or its beginning, is stored, as bytes or in hexadecimal."""
    head = guess[:_SHORTEST] if len(guess) > _SHORTEST else guess
    return head in stored or head.hex().encode() in stored


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
