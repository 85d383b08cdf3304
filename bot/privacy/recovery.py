"""The recovery key R: on paper only. It opens every desk's secret, and signs for every desk.

One code of 32 random bytes gives both halves. Its check characters find up to four mistyped ones (BIP 173).
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.privacy import signing
from bot.privacy.derive import KEY_BYTES, age_identity, bech32_bytes, bech32_text, hkdf
from bot.privacy.seal import recipient_of

_PREFIX = "oberih"
_BETWEEN = re.compile(r"[\s\-‐-―]+")


class RecoveryError(Exception):
    """What was typed is not a recovery code."""


@dataclass(frozen=True)
class Recovery:
    """R: the age identity that opens every desk's secret, and the Ed25519 root that signs the pins."""

    secret: bytes = field(repr=False)
    identity: str = field(repr=False)
    recipient: str
    root: Ed25519PrivateKey = field(repr=False)
    verify_key: str

    @classmethod
    def from_secret(cls, secret: bytes) -> "Recovery":
        """Derive both halves from 32 bytes (HKDF-SHA256)."""
        identity = age_identity(hkdf(secret, "oberih/v1/R/age"))
        root = signing.signing_key(hkdf(secret, "oberih/v1/R/root"))
        return cls(secret, identity, recipient_of(identity), root, signing.verify_key_of(root))

    @property
    def code(self) -> str:
        """The code to print, once: groups of four letters and digits, `OBERIH1` before them."""
        text = bech32_text(_PREFIX, self.secret)
        mark, data = text[: len(_PREFIX) + 1], text[len(_PREFIX) + 1 :]
        return " ".join([mark, *(data[start : start + 4] for start in range(0, len(data), 4))])


def new_recovery() -> Recovery:
    """Return a new R; print its `code` and keep it nowhere else."""
    return Recovery.from_secret(secrets.token_bytes(KEY_BYTES))


def parse_recovery(typed: str) -> Recovery:
    """Return R from its code as someone typed it from paper; blanks, dashes and case do not matter.

    Raises:
        RecoveryError: a character is wrong or missing.
    """
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    try:
        secret = bech32_bytes(_PREFIX, text)
    except ValueError:
        raise RecoveryError("This is not a recovery code: compare it with the paper, character by character.") from None
    if len(secret) != KEY_BYTES:
        raise RecoveryError("This is not a recovery code: part of it is missing.")
    return Recovery.from_secret(secret)
