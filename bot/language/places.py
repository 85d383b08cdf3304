"""Countries in typed words, by their names in all languages of the product (CLDR)."""

from collections.abc import Iterable
from typing import Optional

from bot.language.fold import fold
from bot.language.texts import country_name

_LEAST_LETTERS = 4
_ENDING = 3
"""How many letters an inflected name may differ from its dictionary form in, at its end."""


class PlaceNames:
    """Finds a country of the directory in a few words, inflected as they may be."""

    def __init__(self, countries: Iterable[str], languages: Iterable[str]) -> None:
        spoken = tuple(languages)
        self._code_of = {fold(country_name(code, language)).text: code for code in countries for language in spoken}

    def find(self, text: str) -> Optional[str]:
        """Return the code of the country that the words name, or None.

        The name that shares the longest beginning with a word wins; both may end differently, by at most
        three letters, because most of our languages inflect the names of countries.
        """
        shared = [
            (_common_start(word, name), code)
            for word in [*fold(text).text.replace(",", " ").replace(".", " ").split(), fold(text).text.strip(" .,!")]
            for name, code in self._code_of.items()
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
