"""A desk's keys, all from its one secret S: D opens its tickets, V signs for it, X keys its index."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.privacy import signing
from bot.privacy.derive import KEY_BYTES, age_identity, hkdf
from bot.privacy.seal import Label, SealError, open_field, recipient_of, seal_field


@dataclass(frozen=True)
class DeskKeys:
    """What a desk works with while a member is logged in; never written.

    Attributes:
        identity: D, the age identity that opens the desk's tickets; `recipient` is its public half.
        signing_key: V, with which the desk signs; `verify_key` is its public half, 64 hexadecimal digits.
        index_key: X, 32 bytes, under which identifiers become index tags.
    """

    identity: str = field(repr=False)
    recipient: str
    signing_key: Ed25519PrivateKey = field(repr=False)
    verify_key: str
    index_key: bytes = field(repr=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> "DeskKeys":
        """Derive the keys from S (HKDF-SHA256, one info each).

        Raises:
            SealError: the secret has another length than 32 bytes.
        """
        if len(secret) != KEY_BYTES:
            raise SealError(f"A desk's secret has {KEY_BYTES} bytes.")
        identity = age_identity(hkdf(secret, "oberih/v1/D"))
        signing_key = signing.signing_key(hkdf(secret, "oberih/v1/V"))
        return cls(
            identity=identity,
            recipient=recipient_of(identity),
            signing_key=signing_key,
            verify_key=signing.verify_key_of(signing_key),
            index_key=hkdf(secret, "oberih/v1/X"),
        )

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return the desk's signature under a message for one purpose; `signing.verify` checks it."""
        return signing.sign(self.signing_key, purpose, message)


def new_secret() -> bytes:
    """Return a new S: 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def wrap_secret(secret: bytes, desk: str, generation: int, recipients: Sequence[str]) -> bytes:
    """Return S as an age file that each recipient (the members' U, and R) can open.

    Args:
        secret: S.
        desk: the desk's id, sealed in with it.
        generation: 1 for a desk's first secret, one more after each rotation; sealed in too.
        recipients: the public halves.

    Raises:
        SealError: there is no recipient, or one is malformed.
    """
    return seal_field(_label(desk, generation), secret, recipients)


def unwrap_secret(wrapped: bytes, desk: str, generation: int, identity: str) -> bytes:
    """Return S.

    Raises:
        SealError: it does not open with this identity, or is another desk's or generation's.
    """
    return open_field(_label(desk, generation), wrapped, identity)


def _label(desk: str, generation: int) -> Label:
    return Label(desk, "desk secret", generation)
