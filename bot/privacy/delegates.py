"""Signing at a desk without its secret: a member's own key, certified by the desk.

An auditor and an administrator act at a desk (they log in, they invite), and that must stand in the audit log; but V
comes from S, which opens tickets. So each of them has a signing key of their own, derived from U, and the desk signs
which member's it is. A signature of theirs carries that certificate: whoever has the pins can check it, later too.
It counts as that member's and nobody else's, for one generation of the desk's keys.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.privacy import signing
from bot.privacy.derive import hkdf
from bot.privacy.pins import Pin

SIGNATURE_BYTES = 64
DELEGATED_BYTES = 160
"""A delegate's signature: their own (64), their public key (32), the desk's certificate (64)."""
_KEY_END = SIGNATURE_BYTES + 32
_PURPOSE = "delegate"


class Writer(Protocol):
    """Whoever signs at a desk: its own keys, or a delegate."""

    @property
    def pin(self) -> Pin:
        """The desk's public keys."""

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return a signature that `verify` accepts."""


@dataclass(frozen=True)
class Delegate:
    """A member who signs in their own name; `certificate` is the desk's over it."""

    pin: Pin
    key: Ed25519PrivateKey = field(repr=False)
    certificate: bytes

    def sign(self, purpose: str, message: bytes) -> bytes:
        """Return a signature that carries its certificate."""
        public = bytes.fromhex(signing.verify_key_of(self.key))
        return signing.sign(self.key, purpose, message) + public + self.certificate


def member_id(recipient: str) -> str:
    """Return the id of the member with this public key: whoever has another key is another member."""
    return sha256(b"oberih/v1/member\0" + recipient.encode("ascii")).hexdigest()[:32]


def signing_seed(identity: str) -> bytes:
    """Return the seed of a member's own signing key, from U."""
    return hkdf(identity.encode("ascii"), "oberih/v1/U/sign")


def certificate_message(pin: Pin, member: str, verify_key: str) -> bytes:
    """Return what a desk signs, for the purpose of `certify`, to say whose key this is."""
    return json.dumps([pin.desk, pin.generation, member, verify_key]).encode("ascii")


def certify(desk: Writer, member: str, verify_key: str) -> bytes:
    """Return the desk's certificate that a key is a member's; `desk` signs with V."""
    return desk.sign(_PURPOSE, certificate_message(desk.pin, member, verify_key))


def verify(pin: Pin, member: str, purpose: str, message: bytes, signature: bytes) -> str:
    """Check a signature of the desk, or of one of its delegates; return the delegate's public key, or nothing.

    Args:
        pin: the desk's public keys of the generation in which it was signed.
        member: the id of whoever is said to have signed.
        purpose, message, signature: as for `signing.verify`.

    Raises:
        SignatureError: it is neither the desk's, nor that member's own with a certificate.
    """
    if len(signature) != DELEGATED_BYTES:
        signing.verify(pin.verify_key, purpose, message, signature)
        return ""
    own, key, certificate = (
        signature[:SIGNATURE_BYTES],
        signature[SIGNATURE_BYTES:_KEY_END].hex(),
        signature[_KEY_END:],
    )
    signing.verify(pin.verify_key, _PURPOSE, certificate_message(pin, member, key), certificate)
    signing.verify(key, purpose, message, own)
    return key
