"""Countries in typed words, by their names in all languages of the product (CLDR)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Optional

from bot.language.fold import fold
from bot.language.texts import country_name

_LEAST_LETTERS = 4
_WORD_ENDS = re.compile(r"[,.;:!?()/]")
_ENDING = 3
"""How many letters an inflected name may differ from its dictionary form in, at its end."""


class PlaceNames:
    """Finds a country of the directory in a few words, inflected as they may be."""

    def __init__(self, countries: Iterable[str], languages: Iterable[str]) -> None:
        spoken = tuple(languages)
        names = {fold(country_name(code, language)).text: code for code in countries for language in spoken}
        self._by_start: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, code in names.items():
            self._by_start[name[:_LEAST_LETTERS]].append((name, code))

    def find(self, text: str) -> Optional[str]:
        """Return the code of the country that the words name, or None.

        The name that shares the longest beginning with a word wins; both may end differently, by at most
        three letters, because most of our languages inflect the names of countries.
        """
        folded = fold(text).text
        shared = [
            (_common_start(word, name), code)
            for word in [*_WORD_ENDS.sub(" ", folded).split(), folded.strip(" .,!")]
            for name, code in self._by_start.get(word[:_LEAST_LETTERS], ())
            if _common_start(word, name) >= max(_LEAST_LETTERS, len(name) - _ENDING, len(word) - _ENDING)
        ]
        return max(shared)[1] if shared else None


def _common_start(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
