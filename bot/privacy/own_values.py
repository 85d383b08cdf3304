"""What one part of a report gave away as the reporter's own, taken out of every other part.

A pasted chat may hold the reporter's number as one of two; the narrative says which. Numbers are compared by their
last digits, since people write them with and without the code of the country; names by their words without case
and ending; everything else by its letters and digits, however it is spaced or punctuated.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.privacy.words import mark, prepare

Own = Sequence[tuple[str, str]]
"""Type and words of what is the reporter's own, as `Redaction.own` gives it."""

_GAP = re.compile(r"[\s().\-–/\u200b-\u200f\u2060]{0,3}")
_CODE_BEFORE = re.compile(r"(?:\(?\+\s?\d{1,3}[\s().\-–]{0,3}0?|(?<!\d)\d{0,5})\(?\Z")
"""The code of a country, or the zero of a national number, before the digits that are compared."""
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_VOWELS = "аеиіїоуюяєыэйьaeiouyăęąîâ"
_COMPARED_DIGITS = 9
_LONGEST_CODE = 12
_LEAST_NAME = 3
_LONGEST_ENDING = 3
_LEAST_SPELLED = 5
"""A shorter number or word stands in many texts that have nothing to do with anybody."""


def without_own(text: str, own: Own) -> str:
    """Return the text with marks in the place of what is the reporter's own."""
    pieces, at = [], 0
    for start, end, kind in sorted(_standing(text, own)):
        if start >= at:
            pieces += [text[at:start], mark(kind)]
            at = end
    return "".join([*pieces, text[at:]])


def holds_own(text: str, own: Own) -> bool:
    """Say whether a text holds anything that is the reporter's own."""
    return any(True for _ in _standing(text, own))


def _standing(text: str, own: Own) -> Iterable[tuple[int, int, str]]:
    """Return where what is the reporter's own stands, with its type; the places may overlap."""
    plain = prepare(text)
    for number in {_last_digits(value) for kind, value in own if kind == "phone"}:
        yield from ((start, end, "phone") for start, end in _dialled(plain, number))
    parts = [part for kind, value in own if kind == "person" for part in _NAME.findall(prepare(value))]
    names = {part.casefold() for part in parts if len(part) >= _LEAST_NAME}
    for match in _NAME.finditer(plain) if names else ():
        if any(_is_form(match.group(), name) for name in names):
            yield match.start(), match.end(), "person"
    for kind, value in own:
        if kind not in ("phone", "person"):
            yield from ((start, end, kind) for start, end in _spelled(plain, value))


def _last_digits(number: str) -> str:
    return re.sub(r"\D", "", number)[-_COMPARED_DIGITS:]


def _dialled(text: str, number: str) -> Iterable[tuple[int, int]]:
    """Return where the digits of a number stand, however they are grouped, with the code before them."""
    at = [index for index, letter in enumerate(text) if letter.isdecimal()]
    digits = "".join(text[index] for index in at)
    first = digits.find(number) if len(number) >= _LEAST_SPELLED else -1
    while first >= 0:
        places = at[first : first + len(number)]
        start, end = places[0], places[-1] + 1
        together = all(_GAP.fullmatch(text, one + 1, other) for one, other in pairwise(places))
        code = _CODE_BEFORE.search(text, max(0, start - _LONGEST_CODE), start)
        if together and code and not text[end : end + 1].isdecimal():
            yield code.start(), end
        first = digits.find(number, first + 1)


def _is_form(word: str, name: str) -> bool:
    """Say whether a word is the name, or, with a capital letter, the name with another ending."""
    folded = word.casefold()
    if folded == name:
        return True
    stem = name[:-1] if len(name) > _LEAST_NAME and name[-1] in _VOWELS else name
    return word[0].isupper() and folded.startswith(stem) and len(folded) - len(stem) <= _LONGEST_ENDING


def _spelled(text: str, value: str) -> Iterable[tuple[int, int]]:
    """Return where words that follow one another have exactly the letters and digits of a value."""
    wanted = "".join(_WORD.findall(value)).casefold()
    if len(wanted) < _LEAST_SPELLED:
        return
    words = [(match.group().casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    for first, (_, start, _) in enumerate(words):
        so_far = ""
        for word, _, end in words[first:]:
            so_far += word
            if not wanted.startswith(so_far):
                break
            if so_far == wanted:
                yield start, end
                break
