"""Index tags: what stands for an identifier while a desk is at work, and how a ticket's tags are kept until then.

Tags of equal identifiers are equal, so tags in the clear would tell which tickets belong together, even to someone
who can read no identifier. They are stored sealed, a ticket's together, and filled up with random ones so that their
number tells little.
"""

import hmac
import os
from collections.abc import Collection

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy.derive import KEY_BYTES, hkdf
from bot.privacy.seal import SealError

TAG_BYTES = 32
_NONCE_BYTES = 12
_AT_LEAST = 8
"""Tags are filled up to a multiple of this: most reports name fewer identifiers."""


def tag(key: bytes, kind: str, value: str) -> bytes:
    """Return an identifier's tag: HMAC-SHA256 of its kind and normal form.

    Args:
        key: X, the desk's own, or K, which all desks share; 32 bytes.
        kind, value: from `bot.reports.identifiers`.
    """
    return hmac.digest(key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), "sha256")


def seal_tags(key: bytes, ticket: str, tags: Collection[bytes]) -> bytes:
    """Return a ticket's tags sealed with its id (AES-256-GCM under a key derived from `key`)."""
    filled = [*tags, *(os.urandom(TAG_BYTES) for _ in range(-len(tags) % _AT_LEAST or (0 if tags else _AT_LEAST)))]
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, b"".join(sorted(filled)), ticket.encode())


class TagOpener:
    """Opens the tags of many tickets that were sealed under one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = _cipher(key)

    def open(self, ticket: str, sealed: bytes) -> frozenset[bytes]:
        """Return a ticket's tags, with the random ones, which equal no other.

        Raises:
            SealError: they were sealed under another key or for another ticket, or were changed.
        """
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], ticket.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError(
                f"The index entry of ticket {ticket} does not open: it is made anew with its key."
            ) from error
        return frozenset(opened[start : start + TAG_BYTES] for start in range(0, len(opened), TAG_BYTES))


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"An index key has {KEY_BYTES} bytes.")
    return AESGCM(hkdf(key, "oberih/v1/index"))
