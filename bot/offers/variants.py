"""Edited copies of one text: somebody may be trying out how an advert must be worded to raise no sign.

Two texts are copies if they share at least half of their pairs of neighbouring words (A. Broder, "On the resemblance
and containment of documents", SEQUENCES 1997).
"""

import itertools
from collections.abc import Sequence

from bot.language.fold import fold

MANY = 3
"""From this many edited copies on, somebody is trying out wordings."""
_RESEMBLANCE = 0.5
_LEAST_PAIRS = 6
"""Shorter texts resemble each other by chance."""
_AMONG, _READ = 20, 2_000
"""How many of the newest texts are looked at, and how many characters of each: it is done for every message."""


def edited_copies(texts: Sequence[str]) -> int:
    """Return how many different wordings of the last text there are among these, itself included; 0 if it is short."""
    newest = list(texts)[-_AMONG:]
    last = _pairs(newest[-1]) if newest else frozenset()
    if len(last) < _LEAST_PAIRS:
        return 0
    others = {_pairs(text) for text in newest} - {last}
    return 1 + sum(len(last & other) >= _RESEMBLANCE * len(last | other) for other in others)


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = fold(text[:_READ]).text.split()
    return frozenset(itertools.pairwise(words))
