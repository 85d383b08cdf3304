"""A member's own key U, at rest only under their passphrase; opening it is the password check."""

import base64
import json
import secrets
from dataclasses import asdict
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.privacy.derive import KEY_BYTES, SALT_BYTES, Cost, stretch
from bot.privacy.passphrases import check_passphrase, normalised

_NONCE_BYTES = 12
_COST = Cost()
_DEAREST = Cost(memory_kib=1_048_576, passes=16, lanes=16)


class LockedKeyError(Exception):
    """A stored key is damaged, or was locked by a later version."""


class WrongPassphrase(Exception):
    """The passphrase does not open this key."""


def lock_identity(identity: str, passphrase: str) -> bytes:
    """Return an identity locked under a passphrase, as JSON that says how it was locked.

    argon2id makes the key, ChaCha20-Poly1305 (RFC 8439) locks with it; the description is authenticated.

    Raises:
        WeakPassphrase: the passphrase is too easy to guess.
    """
    check_passphrase(passphrase)
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    described = {
        "version": 1,
        "stretched_by": "argon2id",
        "cost": asdict(_COST),
        "salt": salt.hex(),
        "cipher": "chacha20poly1305",
        "nonce": nonce.hex(),
    }
    key = ChaCha20Poly1305(_stretched(passphrase, salt, _COST))
    locked = key.encrypt(nonce, identity.encode("ascii"), _canonical(described))
    return _canonical({**described, "locked": base64.b64encode(locked).decode("ascii")})


def unlock_identity(blob: bytes, passphrase: str) -> str:
    """Return the identity that `lock_identity` locked.

    Raises:
        WrongPassphrase: the passphrase does not open it, or the blob was tampered with.
        LockedKeyError: the blob is damaged or of an unknown version.
    """
    try:
        described: dict[str, Any] = json.loads(blob)
        locked = base64.b64decode(described.pop("locked"), validate=True)
        salt, nonce = bytes.fromhex(described["salt"]), bytes.fromhex(described["nonce"])
        cost = Cost(**described["cost"])
        known = described["version"], described["stretched_by"], described["cipher"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LockedKeyError("This member's key is damaged: restore it from a backup, or invite them again.") from error
    usable = _bearable(cost) and len(salt) >= SALT_BYTES and len(nonce) == _NONCE_BYTES
    if known != (1, "argon2id", "chacha20poly1305") or not usable:
        raise LockedKeyError("This member's key was locked in a way that this version does not know.")
    try:
        opened = ChaCha20Poly1305(_stretched(passphrase, salt, cost)).decrypt(nonce, locked, _canonical(described))
    except InvalidTag as error:
        raise WrongPassphrase("This passphrase does not open this key.") from error
    return opened.decode("ascii")


def _bearable(cost: Cost) -> bool:
    """A forged description may not make the machine work for hours or take all its memory."""
    least, asked, most = asdict(_COST), asdict(cost), asdict(_DEAREST)
    return all(isinstance(asked[name], int) and least[name] <= asked[name] <= most[name] for name in most)


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return stretch(normalised(passphrase).encode("utf-8"), salt, KEY_BYTES, cost)


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
