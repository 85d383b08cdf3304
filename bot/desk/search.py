"""Words by which tickets are found, in segments that a session keeps sealed one by one.

A segment is an inverted index (I. Witten, A. Moffat, T. Bell, "Managing Gigabytes", 1999, chapter 3): each word once,
with the tickets that have it. A query's part is looked for inside the words, so the answer is the same as if every
ticket's words were read through.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LARGEST = 8192
"""Tickets in a segment."""
_SEPARATOR = b"\n"
_FEW_WORDS = 256


class Segment(NamedTuple):
    """Some tickets' words.

    Attributes:
        text: all words in UTF-8, each with a line break behind it.
        ends: where in `text` each word ends, its line break included.
        listed: where in `places` the tickets of each word end.
        places: for each word the tickets that have it, as places in `slots`.
        slots: the tickets, by the numbers that the session knows them by.
    """

    text: NDArray[np.uint8]
    ends: NDArray[np.uint32]
    listed: NDArray[np.uint32]
    places: NDArray[np.uint16]
    slots: NDArray[np.uint32]

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return the parts by their names."""
        return dict(self._asdict())

    def having(self, part: bytes) -> NDArray[np.uint32]:
        """Return the tickets with a word that has this part, which is not empty, some of them more than once."""
        words = np.unique(np.searchsorted(self.ends, _occurrences(self.text, part), side="right"))
        if len(words) <= _FEW_WORDS:
            pieces = [self.places[self.listed[word - 1] if word else 0 : self.listed[word]] for word in words]
            found = np.concatenate(pieces) if pieces else self.places[:0]
        else:
            wanted = np.zeros(len(self.ends), bool)
            wanted[words] = True
            found = self.places[np.repeat(wanted, np.diff(self.listed, prepend=np.uint32(0)))]
        having: NDArray[np.uint32] = self.slots[found]
        return having


def segment(words: Iterable[Iterable[str]], first: int) -> Segment:
    """Return the segment of some tickets, at most `LARGEST`.

    Args:
        words: the words of each, none of them with white space in it.
        first: the number of the first ticket; the others follow.
    """
    numbers: dict[str, int] = {}
    said = [[numbers.setdefault(word, len(numbers)) for word in each] for each in words]
    counts = [len(each) for each in said]
    word_of = np.fromiter((number for each in said for number in each), np.uint32, sum(counts))
    place_of = np.repeat(np.arange(len(said), dtype=np.uint16), counts)
    return _segment(
        [word.encode("utf-8", "surrogatepass") for word in numbers], word_of, place_of, _slots(first, counts)
    )


def merged(segments: Sequence[Segment]) -> Segment:
    """Return one segment in the place of several, which together have at most `LARGEST` tickets."""
    numbers: dict[bytes, int] = {}
    word_of, place_of, before = [], [], 0
    for each in segments:
        own = each.text.tobytes().split(_SEPARATOR)[:-1]
        known = np.array([numbers.setdefault(word, len(numbers)) for word in own], np.uint32)
        counts = np.diff(each.listed, prepend=np.uint32(0))
        word_of.append(np.repeat(known, counts))
        place_of.append(each.places + np.uint16(before))
        before += len(each.slots)
    slots = np.concatenate([each.slots for each in segments])
    return _segment(list(numbers), np.concatenate(word_of), np.concatenate(place_of), slots)


def _segment(
    words: Sequence[bytes], word_of: NDArray[np.uint32], place_of: NDArray[np.uint16], slots: NDArray[np.uint32]
) -> Segment:
    order = np.argsort(word_of, kind="stable")
    listed = np.cumsum(np.bincount(word_of, minlength=len(words))).astype(np.uint32)
    ends = np.cumsum([len(word) + 1 for word in words]).astype(np.uint32)
    text = np.frombuffer(b"".join(word + _SEPARATOR for word in words), np.uint8)
    return Segment(text, ends, listed, place_of[order], slots)


def _slots(first: int, counts: Sequence[int]) -> NDArray[np.uint32]:
    return np.arange(first, first + len(counts), dtype=np.uint32)


def _occurrences(text: NDArray[np.uint8], part: bytes) -> NDArray[np.int64]:
    """Return where a part begins in a text; each further letter is only compared where those before it fit."""
    if len(part) > len(text):
        return np.empty(0, np.int64)
    room = len(text) - len(part) + 1
    fits = text[:room] == part[0]
    if len(part) > 1:
        fits &= text[1 : room + 1] == part[1]
    at = np.flatnonzero(fits)
    for offset, letter in enumerate(part[2:], 2):
        at = at[text[at + offset] == letter]
    return at
