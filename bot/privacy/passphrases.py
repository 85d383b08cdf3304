"""Passphrases of desk members: making one, and refusing one that is too easy to guess.

A stolen database can be guessed at for years, so length counts and nothing else is asked for: at least
15 characters, any script (NIST SP 800-63B-4, section 3.1.1.2), and not the same few over and over.
"""

import secrets
import unicodedata
from collections.abc import Sequence

LEAST_CHARACTERS = 15
"""Shortest passphrase, in Unicode characters after normalisation."""
_LEAST_DIFFERENT = 6
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP_LENGTH = 4, 5
_SUGGESTED_WORDS = 6


class WeakPassphrase(Exception):
    """A passphrase that someone could guess; the message says what to change."""


def new_passphrase() -> str:
    """Return a passphrase of 100 random bits: four groups of five, no letters that look alike (i, l, o, u)."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def suggested(words: Sequence[str]) -> str:
    """Return a passphrase of words drawn at random: six of a list of 2,048 are 66 random bits.

    With 64 MiB and three passes of argon2id for each guess that is beyond anybody who stole a database, and words can
    be remembered (Diceware; NIST SP 800-63B-4, appendix A).
    """
    return " ".join(secrets.choice(words) for _ in range(_SUGGESTED_WORDS))


def normalised(passphrase: str) -> str:
    """Return a passphrase as it is meant, whatever keyboard typed it: NFKC, no blanks around it."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def check_passphrase(passphrase: str) -> None:
    """Return if a passphrase may lock a key.

    Raises:
        WeakPassphrase: it is too short, or has too few different characters.
    """
    meant = normalised(passphrase)
    if len(meant) < LEAST_CHARACTERS:
        raise WeakPassphrase(f"Use at least {LEAST_CHARACTERS} characters, for example four or five words.")
    if len(set(meant.casefold())) < _LEAST_DIFFERENT:
        raise WeakPassphrase("Use more different characters: this one repeats a few.")
