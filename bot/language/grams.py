"""Words, and the pieces of words, as numbers, with how common each is in every voice.

A voice is a language in one script: Ukrainian typed with Latin letters is a voice of its own. The pieces are the
character n-grams of three to five letters, word boundaries included (W. Cavnar, J. Trenkle, "N-gram-based text
categorization", 1994).
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ORDERS = (3, 4, 5)
_SPACE = ord(" ")
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FOLDED_BITS = np.uint64(29)
Hashes = NDArray[np.uint32]


class Table(NamedTuple):
    """What is known of many hashes, those of all voices together.

    Attributes:
        keys: the hashes, sorted.
        ends: where in `voices` and `values` the entries of each hash end.
        voices: the voice of each entry, by its number.
        values: how common the hash is in that voice: steps of a logarithm above what is rare everywhere.
    """

    keys: Hashes
    ends: NDArray[np.uint32]
    voices: NDArray[np.uint8]
    values: NDArray[np.uint8]

    def sums(self, wanted: Hashes, voices: int) -> tuple[NDArray[np.float64], int]:
        """Return the sum of the values of these hashes for each voice, and how many of them are known at all."""
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = at[self.keys[at] == wanted]
        if not len(known):
            return np.zeros(voices), 0
        ends = self.ends[known].astype(np.int64)
        counts = ends - np.where(known > 0, self.ends[known - 1], 0)
        before = np.cumsum(counts) - counts
        places = np.repeat(ends - counts - before, counts) + np.arange(counts.sum())
        summed = np.bincount(self.voices[places], self.values[places], minlength=voices)
        return summed.astype(np.float64), len(known)


def table_of(found: Sequence[tuple[Hashes, NDArray[np.uint8]]]) -> Table:
    """Return the table of the hashes and values of each voice, in the order of the voices' numbers."""
    keys = np.concatenate([hashes for hashes, _ in found])
    values = np.concatenate([of for _, of in found])
    voices = np.repeat(np.arange(len(found), dtype=np.uint8), [len(hashes) for hashes, _ in found])
    order = np.argsort(keys, kind="stable")
    keys, values, voices = keys[order], values[order], voices[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(first[1:], len(keys)).astype(np.uint32)
    return Table(keys[first], ends, voices, values)


def word_hash(word: str) -> int:
    """Return the hash of a whole word."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def pieces(word: str) -> Hashes:
    """Return the hashes of the pieces of one word, boundaries included."""
    letters = _letters([word])
    return np.concatenate([_hashes(letters, order) for order in ORDERS if len(letters) >= order])


def weighted_pieces(words: Mapping[str, float], order: int) -> tuple[Hashes, NDArray[np.float64]]:
    """Return the hashes of all pieces of some length in these words, each once, and the weight that they have."""
    letters = _letters(list(words))
    owner = np.minimum(np.cumsum(letters == _SPACE) - 1, len(words) - 1)[: max(len(letters) - order + 1, 0)]
    within = _within_words(letters, order)
    hashes, place = np.unique(_hashes(letters, order)[within], return_inverse=True)
    weights = np.fromiter(words.values(), np.float64, len(words))[owner[within]]
    summed = np.bincount(place, weights=weights, minlength=len(hashes))
    return hashes, summed.astype(np.float64)


def _letters(words: Sequence[str]) -> NDArray[np.uint64]:
    text = f" {' '.join(words)} ".encode("utf-32-le", "surrogatepass")
    return np.frombuffer(text, np.uint32).astype(np.uint64)


def _hashes(letters: NDArray[np.uint64], order: int) -> Hashes:
    """Return the hash of the piece that begins at each letter; multiplication wraps round, as hashes do."""
    count = max(len(letters) - order + 1, 0)
    hashed = np.full(count, order, np.uint64)
    for place in range(order):
        hashed = hashed * _FACTOR + letters[place : place + count]
    return (hashed ^ (hashed >> _FOLDED_BITS)).astype(np.uint32)


def _within_words(letters: NDArray[np.uint64], order: int) -> NDArray[np.bool_]:
    """Say of each piece whether it lies in one word: a boundary stands only at its ends."""
    count = max(len(letters) - order + 1, 0)
    within = np.ones(count, bool)
    for place in range(1, order - 1):
        within &= letters[place : place + count] != _SPACE
    return within
