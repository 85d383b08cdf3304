"""A receipt as five words: the same 55 bits as its digits, 11 for each word of a list of 2,048.

All bits are spent, so the words carry no check of their own. What is caught instead: in no list does one slip
of the hand (a letter more, less, other, or two swapped) turn a word into another, so a slip gives something that is
not in the list; it is put right where only one word is that near. No word is in two lists, also when it is written
without its accents or in the other script, so that words that were copied rightly are never read in another language.
Not caught: another word of the list, or two words in each other's place; such a receipt is simply not found.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Optional

from rapidfuzz import process
from rapidfuzz.distance import OSA
from stdnum import damm

from bot.language.fold import fold
from bot.privacy.receipts import BITS, DIGITS, ReceiptError, parse_code

WORDS = 5
_BITS_EACH = BITS // WORDS
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_WITH_MARKS, _WITHOUT = "ґёąćęłńóśźżăâîșşțţäöü", "геacelnoszzaaissttaou"
_HARDLY_TOLD_APART = str.maketrans({**dict(zip(_WITH_MARKS, _WITHOUT, strict=True)), "ß": "ss", "'": ""})
_TO_CYRILLIC = str.maketrans("abceikmhoptxyu", "авсеікмнортхуи")
_TO_LATIN = str.maketrans("авсеікмнортху", "abceikmhoptxy")


def in_words(code: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return a code of 18 digits as five words of a list."""
    number = int(code[:DIGITS])
    return tuple(words[number >> _BITS_EACH * place & len(words) - 1] for place in reversed(range(WORDS)))


def parse(typed: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """Return the 18 digits of a receipt that was typed in either form.

    Raises:
        ReceiptError: it is neither.
    """
    return parse_words(typed, lists) if any(character.isalpha() for character in typed) else parse_code(typed)


def is_nothing_else(typed: str, lists: Mapping[str, tuple[str, ...]]) -> bool:
    """Say whether a message is nothing but a receipt: most of its digits, or five words as they stand in a list.

    Such a message speaks of nothing, and the words of the lists were chosen to be harmless: it needs no reading.
    """
    if not any(character.isalpha() for character in typed):
        # "112" and a lone sign are not a receipt.
        return sum(character.isdecimal() for character in typed) > DIGITS // 2
    found = [plain(word) for word in _WORD.findall(fold(typed).text)]
    return len(found) == WORDS and any(_values(words).keys() >= set(found) for words in lists.values())


def parse_words(typed: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """Return the 18 digits of five typed words, whatever their case, commas, numbering and apostrophes.

    Args:
        typed: the words; a slip in a word is put right where only one word of the list is that near.
        lists: the lists by language; all five words must be of one.

    Raises:
        ReceiptError: there are not five words, or one of them is in no list.
    """
    found = [plain(word) for word in _WORD.findall(fold(typed).text)]
    if len(found) != WORDS:
        raise ReceiptError(f"A receipt has {WORDS} words, not {len(found)}: look for a missing or extra one.")
    known = [_values(words) for words in lists.values()]
    # First the list that most of the words are in as they stand: a slip must not make them words of another one.
    for values in sorted(
        known, key=lambda each: sum(_as_it_stands(word, each) is not None for word in found), reverse=True
    ):
        read = [_value(word, values) for word in found]
        if None not in read:
            return _code([value for value in read if value is not None])
    raise ReceiptError("One of the words is wrong: compare it with what you wrote down.")


def plain(word: str) -> str:
    """Return a word without what is easily written otherwise: case, apostrophes, ґ for г, letters with marks."""
    return fold(word).text.translate(_HARDLY_TOLD_APART)


@lru_cache(maxsize=32)
def _values(words: tuple[str, ...]) -> Mapping[str, int]:
    return {plain(word): value for value, word in enumerate(words)}


def _value(word: str, known: Mapping[str, int]) -> Optional[int]:
    """Return the value of a word, of the one it looks like in the other script, or of the only one a slip away."""
    value = _as_it_stands(word, known)
    if value is not None:
        return value
    near = process.extract(word, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=2)
    return known[near[0][0]] if len(near) == 1 else None


def _as_it_stands(word: str, known: Mapping[str, int]) -> Optional[int]:
    in_both_scripts = (word, word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN))
    return next((known[written] for written in in_both_scripts if written in known), None)


def _code(values: Sequence[int]) -> str:
    number = 0
    for value in values:
        number = number << _BITS_EACH | value
    digits = str(number).zfill(DIGITS)
    return digits + str(damm.calc_check_digit(digits))
