"""A passphrase to take or leave: six words of a list, drawn here and kept nowhere."""

from functools import lru_cache

from bot import PROJECT_ROOT
from bot.knowledge.receipt_words import load_receipt_words
from bot.privacy.passphrases import suggested


def suggestion() -> str:
    """Return six English words drawn at random."""
    return suggested(_words())


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return load_receipt_words(PROJECT_ROOT / "data")["en"]
