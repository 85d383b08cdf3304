"""Which reports say the same in other words: near copies, told by what they share, however many there are.

A text is the set of its neighbouring words, in either order and within a sentence, so that sentences can change
places and words can be put in between. How much two sets share (A. Broder, "On the resemblance and containment of
documents", SEQUENCES 1997) is estimated from 64 minimum hashes, and who has to be compared at all is found by bands
of two of them (P. Indyk, R. Motwani, "Approximate nearest neighbors", STOC 1998; A. Rajaraman, J. Ullman, "Mining
of Massive Datasets", chapter 3). Hashes are 16 bits each (P. Li, A. König, "b-bit minwise hashing", WWW 2010).

A few copies are folded only if much is the same. Where many texts hang together, they were made from templates:
the words that most of them share are one, and whatever is largely such a template is its copy, however it was
edited (A. Pitsillidis et al., "Botnet Judo: fighting spam with itself", NDSS 2010). Both the text and the template
must be covered, so that a long template of common words swallows nobody's report.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

HASHES = 64
MANY = 10
"""From this many copies on, a text is sent in mass."""
_CROWD = 5
"""From this many on, texts that hang together may have been made from templates."""
_BAND = 2
_LIKE, _ALIKE = 20, 10
"""Of 64 hashes, how many agree in two copies, and at the least in a crowd: a resemblance of a third, of a sixth."""
_LEAST_SHARED = 5
"""Neighbouring words that two texts must share at the least: short texts resemble each other by chance."""
_LEAST_PAIRS = 6
"""A text with fewer neighbouring words is like no other."""
_LEAST_LETTERS = 3
_COVERED = 0.35
"""How much of a text a template must cover, and of a template a text."""
_NEAR, _FREQUENT = 0.4, 0.5
_ROUNDS = 3
"""Which part of a text's words others of the same template have at the least; how frequent a template's words are."""
_TRIES, _STEP = 8, 7919
_MOST_TEMPLATES = 1_000
_MOST = 0xFFFF
_AT_ONCE, _ROWS = 512, 4096
_ENDS = ".!?\n"
"""What ends a sentence."""
_TOKEN = re.compile(rf"[^\W\d_]+|[{_ENDS}]")
_BITS = 16
_LOW_BITS = 9
"""The lowest bits of a product are the least random."""
_MAY_BE_UNSEEN = (*range(0x11000), *range(0xE0000, 0xE0200))
_LOOK_ALIKES = dict(zip("аеіорсухкнвмт", "aeiopcyxkhbmt", strict=True))

Lanes = NDArray[np.int32]
Templates = Any
"""The words of templates, one row each: a sparse matrix of scipy, which has no types."""


class Said(NamedTuple):
    """What stands for many texts, one row each.

    Attributes:
        hashes: minimum hashes of neighbouring words.
        pairs: how many neighbouring words a text has; 0 where they are too few to be compared.
        words: the hashed words of all texts, one text after the other.
        ends: where in `words` each text ends.
    """

    hashes: NDArray[np.uint16]
    pairs: NDArray[np.uint16]
    words: NDArray[np.uint16]
    ends: NDArray[np.int64]

    def __add__(self, more: object) -> "Said":
        """Return these texts and more behind them."""
        if not isinstance(more, Said):
            return NotImplemented
        ends = more.ends + (self.ends[-1] if len(self.ends) else 0)
        return Said(
            np.concatenate((self.hashes, more.hashes)),
            np.concatenate((self.pairs, more.pairs)),
            np.concatenate((self.words, more.words)),
            np.concatenate((self.ends, ends)),
        )


def said(texts: Sequence[str]) -> Said:
    """Return what stands for these texts, hashed with this process's own secret; numbers are left out."""
    tokens = [_TOKEN.findall(_folded(text)) for text in texts]
    counts = [len(some) for some in tokens]
    text_of = np.repeat(np.arange(len(texts)), counts)
    # Python's hash of words is keyed anew in each process: nobody can make words that collide.
    hashed = np.fromiter(map(hash, itertools.chain.from_iterable(tokens)), np.int64, len(text_of))
    letters = np.fromiter(map(len, itertools.chain.from_iterable(tokens)), np.int64, len(text_of))
    is_word = ~np.isin(hashed, [hash(mark) for mark in _ENDS])
    beside = np.flatnonzero(is_word[:-1] & is_word[1:] & (text_of[:-1] == text_of[1:]))
    sizes = np.bincount(text_of[beside], minlength=len(texts))
    sizes[sizes < _LEAST_PAIRS] = 0
    beside = beside[sizes[text_of[beside]] > 0]
    hashes = np.zeros((len(texts), HASHES), np.uint16)
    # A sum, because the two words may stand in either order.
    hashes[sizes > 0] = _minimum_hashes(hashed[beside] + hashed[beside + 1], sizes[sizes > 0])
    compared = is_word & (letters >= _LEAST_LETTERS) & (sizes[text_of] > 0)
    words = np.unique(text_of[compared] << _BITS | hashed[compared] & _MOST)
    ends = np.cumsum(np.bincount(words >> _BITS, minlength=len(texts)))
    return Said(hashes, np.minimum(sizes, _MOST).astype(np.uint16), (words & _MOST).astype(np.uint16), ends)


def lanes(texts: Said) -> tuple[Lanes, Templates]:
    """Return to which lane each text belongs, and the templates that were found.

    Texts with the same number are near copies of one another. The numbers of the templates come first: the copies
    of template n have the number n.
    """
    count = len(texts.pairs)
    linked, agreeing = _linked(texts)
    together = _components(count, linked)
    crowds = np.flatnonzero(np.bincount(together, minlength=1) >= _CROWD) if count else together
    templates = _templates(texts, [np.flatnonzero(together == crowd) for crowd in crowds])
    few = _components(count, linked[agreeing >= _LIKE])
    made_from = made_by(texts, templates)
    joined = np.where(made_from >= 0, made_from, few + templates.shape[0])
    return joined.astype(np.int32), templates


def made_by(texts: Said, templates: Templates, first: int = 0) -> Lanes:
    """Return the template that each text from a place on was made from, or -1."""
    begin = int(texts.ends[first - 1]) if first else 0
    some = Said(texts.hashes[first:], texts.pairs[first:], texts.words[begin:], texts.ends[first:] - begin)
    best = np.full(len(some.pairs), -1, np.int32)
    if not templates.shape[0] or not len(best):
        return best
    matrix, across, lengths = _matrix(some), templates.T.tocsc(), np.diff(templates.indptr)
    for start in range(0, len(best), _ROWS):
        rows = matrix[start : start + _ROWS]
        shared = (rows @ across).tocoo()
        covered = shared.data / np.maximum(lengths[shared.col], np.diff(rows.indptr)[shared.row])
        enough = np.flatnonzero((covered >= _COVERED) & (some.pairs[start + shared.row] > 0))
        # The last one that is written stays: the best.
        enough = enough[np.argsort(covered[enough], kind="stable")]
        best[start + shared.row[enough]] = shared.col[enough]
    return best


def like(texts: Said, place: int) -> NDArray[np.int64]:
    """Return the places of the texts that one of them is a near copy of."""
    same = (texts.hashes == texts.hashes[place]).sum(axis=1)
    enough = _shared(same, texts.pairs, texts.pairs[place : place + 1]) >= _LEAST_SHARED
    return np.flatnonzero((same >= _LIKE) & enough & (texts.pairs > 0))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_folding())


def _minimum_hashes(pairs: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Return the minimum hashes of texts, of whose pairs so many each follow one another."""
    made = np.empty((len(sizes), HASHES), np.uint16)
    ends = np.cumsum(sizes)
    for start in range(0, len(sizes), _AT_ONCE):
        stop = min(start + _AT_ONCE, len(sizes))
        begin = ends[start] - sizes[start]
        permuted = _permuted((pairs[begin : ends[stop - 1]].view(np.uint64) >> np.uint64(32)).astype(np.uint32))
        lowest = np.minimum.reduceat(permuted, ends[start:stop] - sizes[start:stop] - begin, axis=0)
        made[start:stop] = lowest >> np.uint32(_LOW_BITS)
    return made


def _permuted(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Multiply and add (M. Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem",
    Journal of Algorithms 25, 1997): one function for each column."""
    factors, added = _functions()
    permuted: NDArray[np.uint32] = hashed[:, None] * factors + added
    return permuted


def _linked(texts: Said) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of texts that are alike, and how many hashes agree; of a crowd, enough to hold it together."""
    usable = np.flatnonzero(texts.pairs)
    found, agreeing = [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    for band in range(0, HASHES, _BAND):
        key = texts.hashes[usable, band].astype(np.uint32) << np.uint32(16) | texts.hashes[usable, band + 1]
        order = np.argsort(key, kind="stable")
        for step in (1, 2):
            at = np.flatnonzero(key[order[step:]] == key[order[:-step]])
            one, other = usable[order[at]], usable[order[at + step]]
            same = (texts.hashes[one] == texts.hashes[other]).sum(axis=1)
            shared = _shared(same, texts.pairs[one], texts.pairs[other])
            alike = (same >= _ALIKE) & (shared >= _LEAST_SHARED)
            found.append(np.stack((one[alike], other[alike]), axis=1))
            agreeing.append(same[alike])
    return np.concatenate(found), np.concatenate(agreeing)


def _shared(same: NDArray[np.int64], one: NDArray[np.uint16], other: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Return about how many neighbouring words two texts share, of which so many hashes agree."""
    resemblance = same / HASHES
    shared: NDArray[np.float64] = resemblance / (1 + resemblance) * (one.astype(np.int64) + other)
    return shared


def _components(count: int, linked: NDArray[np.int64]) -> NDArray[np.int32]:
    graph = coo_matrix((np.ones(len(linked), np.int8), (linked[:, 0], linked[:, 1])), shape=(count, count))
    found: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return found


def _templates(texts: Said, crowds: Sequence[NDArray[np.int64]]) -> Templates:
    """Return the templates of crowds: a crowd may have several, because what two of them share holds it together."""
    matrix, rows = _matrix(texts), []
    for crowd in crowds:
        some = matrix[crowd]
        words = np.unique(some.indices)
        rows += [words[template] for template in _of_crowd(some[:, words])]
    return _stacked(rows[:_MOST_TEMPLATES])


def _of_crowd(left: Templates) -> list[NDArray[np.int64]]:
    """Return the templates of one crowd: begin with any text, take what is near it, and what that has in common."""
    found: list[NDArray[np.int64]] = []
    tries = 0
    while left.shape[0] >= _CROWD and tries < _TRIES and len(found) < _MOST_TEMPLATES:
        tries += 1
        template = _template(left, tries * _STEP % left.shape[0])
        if template is not None:
            found.append(np.flatnonzero(template))
            left, tries = left[_covering(left, template) < _COVERED], 0
    return found


def _template(texts: Templates, first: int) -> Optional[NDArray[np.bool_]]:
    words = np.zeros(texts.shape[1], np.bool_)
    words[texts[first].indices] = True
    for _ in range(_ROUNDS):
        near = _covering(texts, words) >= _NEAR
        if near.sum() < _CROWD:
            return None
        words = np.asarray(texts[near].mean(axis=0)).ravel() >= _FREQUENT
    return words if words.sum() >= _LEAST_SHARED else None


def _covering(texts: Templates, words: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much each text and some words cover of each other: the lesser of the two parts."""
    shared, own = texts @ words.astype(np.float32), np.diff(texts.indptr)
    covered: NDArray[np.float64] = shared / np.maximum(own, words.sum())
    return covered


def _stacked(rows: Sequence[NDArray[np.int64]]) -> Templates:
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate(rows) if rows else np.empty(0, np.int64)
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), _MOST + 1))


def _matrix(texts: Said) -> Templates:
    ends = np.concatenate(([0], texts.ends))
    return csr_matrix((np.ones(len(texts.words), np.float32), texts.words, ends), shape=(len(texts.ends), _MOST + 1))


@cache
def _functions() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    drawn = np.random.default_rng(1).integers(0, 1 << 32, size=(2, HASHES), dtype=np.uint32)
    return drawn[0] | np.uint32(1), drawn[1]


@cache
def _folding() -> dict[int, Any]:
    """Letters that look alike become one, and characters that nobody sees go: neither makes a new text."""
    unseen = (code for code in _MAY_BE_UNSEEN if unicodedata.category(chr(code)) in ("Cf", "Mn", "Me"))
    return {**dict.fromkeys(unseen), **{ord(one): other for one, other in _LOOK_ALIKES.items()}}
