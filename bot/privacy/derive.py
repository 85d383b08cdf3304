"""One secret into several keys: HKDF for strong secrets, argon2id for those that people type."""

from dataclasses import dataclass

import bech32
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
"""Length of every secret and every derived key, in bytes."""
SALT_BYTES = 16
"""Shortest salt that is accepted, in bytes (RFC 9106, section 3.1)."""

_LEAST_SECRET_BYTES = 16


@dataclass(frozen=True)
class Cost:
    """What one guess costs under argon2id (RFC 9106): memory in KiB, passes over it, lanes."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 1


def hkdf(secret: bytes, info: str) -> bytes:
    """Return the 32-byte key that a strong secret has for one use (HKDF-SHA256, RFC 5869, no salt).

    Args:
        secret: at least 16 random bytes.
        info: the use, for example `oberih/v1/D`; another use gives an unrelated key.
    """
    if len(secret) < _LEAST_SECRET_BYTES:
        raise ValueError(f"A secret needs at least {_LEAST_SECRET_BYTES} bytes.")
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info.encode("ascii")).derive(secret)


def stretch(typed: bytes, salt: bytes, length: int, cost: Cost = Cost()) -> bytes:
    """Return `length` bytes from something typed, slowly enough that guessing is dear (argon2id)."""
    if len(salt) < SALT_BYTES:
        raise ValueError(f"A salt needs at least {SALT_BYTES} bytes.")
    return hash_secret_raw(typed, salt, cost.passes, cost.memory_kib, cost.lanes, length, Type.ID)


def age_identity(key: bytes) -> str:
    """Return 32 bytes as the text of an age identity (X25519; the age specification, "native identities")."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"An identity has {KEY_BYTES} bytes.")
    return bech32_text("age-secret-key-", key)


def bech32_text(prefix: str, data: bytes) -> str:
    """Return bytes as Bech32 in capitals: a prefix, `1`, the data and six check characters (BIP 173)."""
    text: str = bech32.bech32_encode(prefix, bech32.convertbits(data, 8, 5))
    return text.upper()


def bech32_bytes(prefix: str, text: str) -> bytes:
    """Return the bytes of a Bech32 text.

    Raises:
        ValueError: a check character is wrong, or the text has another prefix.
    """
    found, groups = bech32.bech32_decode(text)
    data = bech32.convertbits(groups, 5, 8, False) if found == prefix else None
    if data is None:
        raise ValueError("not such a code")
    return bytes(data)
