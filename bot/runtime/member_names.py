"""The names by which members log in."""

import unicodedata

from bot.store.types import LoginName


class NameRefused(Exception):
    """A name cannot be used; the message says what one looks like."""


def login_name(typed: str) -> str:
    """Return a name as it is stored, however it was typed: NFC, single blanks.

    Raises:
        NameRefused: it is empty, too long, or has marks that a name does not need.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not LoginName.pattern.fullmatch(name):
        raise NameRefused("A name has 1 to 64 letters or digits; blanks, dots, hyphens, apostrophes between them.")
    return name
