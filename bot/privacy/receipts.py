"""Receipts: 18 digits that the reporter alone keeps, and the two keys hidden in them.

17 digits carry 55 random bits; the last is a check digit by Damm's method, which finds every single
wrong digit and every swap of two neighbours. Stretching the code gives what finds the ticket and what
opens the desk's questions; the server keeps neither.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field

from stdnum import damm

from bot.privacy.derive import KEY_BYTES, age_identity, hkdf, stretch
from bot.privacy.seal import recipient_of

_BITS = 55
_DIGITS = 17
_LENGTH = _DIGITS + 1
_BETWEEN = frozenset("./,·")


class ReceiptError(Exception):
    """What was typed is not a receipt; the message holds no part of it."""


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt's code gives: 32 bytes that find the ticket, and 32 that are the seed of Q."""

    lookup: bytes = field(repr=False)
    seed: bytes = field(repr=False)


def new_code() -> str:
    """Return a new receipt of 18 digits, without gaps; `grouped` shows it."""
    number = str(secrets.randbits(_BITS)).zfill(_DIGITS)
    return number + str(damm.calc_check_digit(number))


def grouped(code: str) -> str:
    """Return a code as people read and copy it: six groups of three digits."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def parse_code(typed: str) -> str:
    """Return the 18 digits of what was typed, whatever its blanks, dashes and kind of digits.

    Raises:
        ReceiptError: it has another length, other characters, or a wrong check digit.
    """
    digits = "".join(_digit(character) for character in unicodedata.normalize("NFKC", typed))
    if len(digits) != _LENGTH:
        raise ReceiptError(f"A receipt has {_LENGTH} digits, not {len(digits)}: look for a missing or extra one.")
    if not damm.is_valid(digits) or int(digits[:_DIGITS]) >> _BITS:
        raise ReceiptError("One of the digits is wrong: compare it with what you wrote down.")
    return digits


def derive(code: str, site_salt: bytes) -> ReceiptKeys:
    """Return the keys of a code from `parse_code` (argon2id, 64 MiB; about 0.15 s).

    Args:
        code: 18 digits.
        site_salt: the site's own salt, at least 16 bytes, so that codes of two sites have nothing in common.
    """
    keys = stretch(code.encode("ascii"), site_salt, 2 * KEY_BYTES)
    return ReceiptKeys(keys[:KEY_BYTES], keys[KEY_BYTES:])


def lookup_tag(lookup: bytes, pepper: bytes) -> bytes:
    """Return what is stored to find the ticket: HMAC-SHA256 of `lookup` under the site's pepper."""
    return hmac.digest(pepper, lookup, "sha256")


def question_identity(seed: bytes) -> str:
    """Return Q, the age identity that opens what the desk sends to the reporter."""
    return age_identity(hkdf(seed, "oberih/v1/Q"))


def question_recipient(seed: bytes) -> str:
    """Return the public half of Q, stored with the ticket from the start."""
    return recipient_of(question_identity(seed))


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    # Separators, dashes, and invisible marks that come along when something is copied.
    if character in _BETWEEN or character.isspace() or unicodedata.category(character) in ("Pd", "Cf", "Zs"):
        return ""
    raise ReceiptError("A receipt has digits only: leave out letters and other signs.")
