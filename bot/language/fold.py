"""Folding: one comparable form of a text, with the way back to the original offsets.

People write with capitals, decorative Unicode letters, invisible characters and, in adverts that
dodge filters, Latin letters inside Cyrillic words. Patterns and embeddings read the folded form;
evidence is always cut from the original.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Optional

_LATIN_TO_CYRILLIC = dict(zip("aceiopxykhbmtu", "асеіорхукнвмти", strict=True))
_CYRILLIC_TO_LATIN = dict(zip("асеіорхукн", "aceiopxykh", strict=True))
_APOSTROPHES = dict.fromkeys("’ʼ‘`´ʹ′", "'")
_MARKS = ("Mn", "Me")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[а-яёіїєґў]")


@dataclass(frozen=True)
class Folded:
    """A folded text; `origin[i]` is the offset in the original of its i-th character."""

    text: str
    origin: Optional[tuple[int, ...]]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that `text[start:end]` came from."""
        if self.origin is None:
            return start, end
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else self.length
            return at, at
        last = self.origin[end - 1]
        after = next((at for at in self.origin[end:] if at > last), self.length)
        return self.origin[start], after


def fold(text: str) -> Folded:
    """Return `text` lower-cased, compatibility-composed, freed of invisible characters and look-alikes."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), None, len(text))
    letters: list[str] = []
    origin: list[int] = []
    for start, cluster in _clusters(text):
        for letter in _fold_cluster(cluster):
            letters.append(letter)
            origin.append(start)
    folded = _mend_mixed_words("".join(letters))
    return Folded(folded, tuple(origin), len(text))


def _clusters(text: str) -> list[tuple[int, str]]:
    clusters: list[tuple[int, str]] = []
    for index, character in enumerate(text):
        if clusters and unicodedata.combining(character):
            start, before = clusters[-1]
            clusters[-1] = (start, before + character)
        else:
            clusters.append((index, character))
    return clusters


def _is_mark(character: str) -> bool:
    return bool(unicodedata.combining(character)) or unicodedata.category(character) in _MARKS


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    if cluster in "\n\t\r":
        return " " if cluster == "\t" else cluster
    category = unicodedata.category(cluster[0])
    if category in ("Cf", *_MARKS, "Cs", "Co"):
        return ""
    if category == "Cc":
        return " "
    folded = unicodedata.normalize("NFKC", cluster).lower()
    folded = unicodedata.normalize("NFC", folded)
    # What is still a mark after composing (stress marks, Zalgo) only hides the word.
    return "".join(_APOSTROPHES.get(c, c) for c in folded if not _is_mark(c))


def _mend_mixed_words(text: str) -> str:
    """Give words that mix Latin and Cyrillic letters the script of the text, where look-alikes allow it."""
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    if not latin or not cyrillic:
        return text
    table = _LATIN_TO_CYRILLIC if cyrillic >= latin else _CYRILLIC_TO_LATIN
    foreign = _LATIN if cyrillic >= latin else _CYRILLIC
    return _WORD.sub(lambda match: _mend_word(match.group(), table, foreign), text)


def _mend_word(word: str, table: dict[str, str], foreign: re.Pattern[str]) -> str:
    strangers = foreign.findall(word)
    mixed = 0 < len(strangers) < len(word)
    if (mixed or len(word) == 1) and all(letter in table for letter in strangers):
        return "".join(table.get(letter, letter) for letter in word)
    return word
