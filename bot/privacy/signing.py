"""Signing with Ed25519: whoever shows words as a desk's, or changes a desk's keys, proves it."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class SignatureError(Exception):
    """A signature was not made by this key over these bytes for this purpose."""


def signing_key(seed: bytes) -> Ed25519PrivateKey:
    """Return the signing key of a 32-byte seed (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def verify_key_of(key: Ed25519PrivateKey) -> str:
    """Return the public half, 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, purpose: str, message: bytes) -> bytes:
    """Return the 64-byte signature of a message for one purpose; it counts for no other."""
    return key.sign(_bound(purpose, message))


def verify(verify_key: str, purpose: str, message: bytes, signature: bytes) -> None:
    """Return if the signature holds.

    Raises:
        SignatureError: it does not, or the key is malformed.
    """
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(verify_key)).verify(signature, _bound(purpose, message))
    except (InvalidSignature, ValueError) as error:
        raise SignatureError("This signature does not hold: do not trust what it stands under.") from error


def _bound(purpose: str, message: bytes) -> bytes:
    return b"oberih/v1/" + purpose.encode("ascii") + b"\0" + message
