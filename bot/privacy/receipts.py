"""Receipts: 18 digits that the reporter alone keeps, and the two keys hidden in them.

17 digits carry 55 random bits; the last is a check digit by Damm's method, which finds every single
wrong digit and every swap of two neighbours. Stretching the code gives what finds the ticket and what
opens the desk's questions; the server keeps neither. `receipt_words` writes the same bits as five words.

A ticket's terms lie beside it, sealed to Q: what its receipt needs besides the code, and what withdrawing does.
"""

import hmac
import json
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Optional

from stdnum import damm

from bot.language.fold import fold
from bot.privacy.derive import KEY_BYTES, age_identity, hkdf, stretch
from bot.privacy.seal import Label, SealError, open_field, recipient_of, seal_field

BITS = 55
"""Random bits of a receipt."""
DIGITS = 17
"""Digits that hold them; one more checks them."""
_LENGTH = DIGITS + 1
_LEAST_SPOKEN, _MOST_SPOKEN = 3, 60
_BETWEEN = frozenset("./,·")


class ReceiptError(Exception):
    """What was typed is not a receipt; the message holds no part of it."""


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt's code gives: 32 bytes that find the ticket, and 32 that are the seed of Q."""

    lookup: bytes = field(repr=False)
    seed: bytes = field(repr=False)


@dataclass(frozen=True)
class Terms:
    """What holds for a receipt: `held`: withdrawing takes a day; `spoken`: the tag of its spoken word, if it has one.

    Sealed to Q, so that without the receipt nobody can tell whether there is a word, or which.
    """

    held: bool
    spoken: Optional[bytes] = field(default=None, repr=False)


def new_code() -> str:
    """Return a new receipt of 18 digits, without gaps; `grouped` shows it."""
    number = str(secrets.randbits(BITS)).zfill(DIGITS)
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
    if not damm.is_valid(digits) or int(digits[:DIGITS]) >> BITS:
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


def spoken_salt(seed: bytes) -> bytes:
    """Return the salt under which the spoken word of a receipt is stretched: nobody has it without the code."""
    return hkdf(seed, "oberih/v1/spoken")


def spoken_tag(typed: str, salt: bytes) -> Optional[bytes]:
    """Return 32 bytes that a spoken word is known by (argon2id, 64 MiB), or None: it is too short or too long.

    Case, blanks and punctuation do not matter. A word that people remember is guessed in hours by whoever has the
    server and the receipt; it holds against someone who only found the receipt.
    """
    word = "".join(character for character in fold(typed).text if character.isalnum())
    if not _LEAST_SPOKEN <= len(word) <= _MOST_SPOKEN:
        return None
    return stretch(word.encode("utf-8"), salt, KEY_BYTES)


def seal_terms(terms: Terms, ticket: str, question_recipient: str) -> bytes:
    """Return the terms of a ticket's receipt, sealed to Q.

    Raises:
        SealError: Q is malformed.
    """
    content = {"held": terms.held, "spoken": terms.spoken.hex() if terms.spoken else None}
    return seal_field(_terms_of(ticket), json.dumps(content).encode("ascii"), [question_recipient])


def open_terms(sealed: bytes, ticket: str, identity: str) -> Terms:
    """Return the terms of a ticket's receipt.

    Raises:
        SealError: they do not open with this receipt, or are another ticket's.
    """
    try:
        content = json.loads(open_field(_terms_of(ticket), sealed, identity))
        return Terms(bool(content["held"]), bytes.fromhex(content["spoken"]) if content["spoken"] else None)
    except (ValueError, KeyError, TypeError):
        raise SealError("This opens, but holds no terms.") from None


def _terms_of(ticket: str) -> Label:
    return Label(ticket, "terms", 1)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    if value is not None:
        return str(value)
    # Separators, dashes, and invisible marks that come along when something is copied.
    if character in _BETWEEN or character.isspace() or unicodedata.category(character) in ("Pd", "Cf", "Zs"):
        return ""
    raise ReceiptError("A receipt has digits only: leave out letters and other signs.")
