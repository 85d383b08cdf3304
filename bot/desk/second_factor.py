"""One-time codes as the second thing that a member needs to log in (TOTP, RFC 6238), and codes for a lost phone.

Stored is one age file to the member's own key U: the secret, the last step that was used, and digests of the
recovery codes. So it opens only after the passphrase has opened U. It keeps out whoever has learnt a passphrase;
it is no key, so whoever can change the database can take it away.
"""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Optional
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.privacy.seal import Label, SealError, open_field, seal_field

SECRET_BYTES = 20
"""As long as the output of SHA-1, as RFC 4226 (section 4) recommends."""
STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 8
_RECOVERY_BYTES = 10
"""80 random bits: a digest without salt can be tried for ever."""
_DRIFT = (0, -1, 1)
"""Steps by which a phone's clock may be off (RFC 6238, section 5.2)."""
_FIELD = "second factor"


@dataclass(frozen=True)
class SecondFactor:
    """What is stored. `used` is the last time step whose code was taken; `recovery` are digests, each for one use."""

    secret: bytes = field(repr=False)
    used: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)


def new_secret() -> bytes:
    """Return a secret for a member's phone."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """Return a secret as it is typed into an app: Base32 in groups of four."""
    text = base64.b32encode(secret).decode("ascii")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, desk: str, member: str) -> str:
    """Return the address that authenticator apps take the secret from (`otpauth://`, Key URI Format)."""
    label = quote(f"Oberih {desk}:{member}")
    return f"otpauth://totp/{label}?secret={base64.b32encode(secret).decode('ascii')}&issuer={quote(f'Oberih {desk}')}"


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes to be kept on paper, each good for one login without the phone."""
    return tuple(_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def with_recovery(factor: SecondFactor, codes: tuple[str, ...]) -> SecondFactor:
    """Return the factor with these recovery codes, and no earlier ones."""
    return replace(factor, recovery=tuple(map(_digest, codes)))


def accept(factor: SecondFactor, typed: str, now: float) -> Optional[SecondFactor]:
    """Return the factor as it is after this code, or None: the code is wrong, or was used.

    Args:
        typed: a code from the phone, or a recovery code.
        now: seconds since 1970.
    """
    step = _step_of(factor, typed, now)
    if step is not None:
        return replace(factor, used=step)
    digest = _digest(typed)
    left = tuple(known for known in factor.recovery if not hmac.compare_digest(known, digest))
    return replace(factor, recovery=left) if len(left) < len(factor.recovery) else None


def sealed(factor: SecondFactor, member: str, recipient: str) -> bytes:
    """Return a factor sealed to its member (by id) and their public key."""
    content = {"secret": factor.secret.hex(), "used": factor.used, "recovery": factor.recovery}
    return seal_field(Label(member, _FIELD, 1), json.dumps(content).encode("ascii"), [recipient])


def opened(content: bytes, member: str, identity: str) -> SecondFactor:
    """Return the factor that `sealed` sealed.

    Raises:
        SealError: it does not open with this key, is another member's, or holds no factor.
    """
    opened_content = open_field(Label(member, _FIELD, 1), content, identity)
    try:
        found = json.loads(opened_content)
        return SecondFactor(bytes.fromhex(found["secret"]), int(found["used"]), tuple(map(str, found["recovery"])))
    except (ValueError, KeyError, TypeError):
        raise SealError("This opens, but holds no second factor.") from None


def _step_of(factor: SecondFactor, typed: str, now: float) -> Optional[int]:
    """Return the step whose code was typed, if it comes after the last one used."""
    code = "".join(typed.split())
    totp = TOTP(factor.secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 (what the apps speak; HMAC-SHA-1 is sound)
    current = int(now // STEP_SECONDS)
    found = None
    for step in (current + drift for drift in _DRIFT):
        expected = totp.generate(step * STEP_SECONDS).decode("ascii")
        if hmac.compare_digest(expected.encode(), code.encode()) and step > factor.used:
            found = step
    return found


def _grouped(code: bytes) -> str:
    text = base64.b32encode(code).decode("ascii").lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isascii() and character.isalnum())
    return sha256(plain.encode("ascii")).hexdigest()
