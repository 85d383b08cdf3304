"""Countries in typed words, by their names in all languages of the product (CLDR)."""

from collections.abc import Iterable
from typing import Optional

from rapidfuzz import fuzz, process

from bot.language.fold import fold
from bot.language.texts import country_name

_CLOSE_ENOUGH = 84.0
_LEAST_LETTERS = 3


class PlaceNames:
    """Finds a country of the directory in a few words, misspelt or inflected."""

    def __init__(self, countries: Iterable[str], languages: Iterable[str]) -> None:
        spoken = tuple(languages)
        self._code_of = {fold(country_name(code, language)).text: code for code in countries for language in spoken}

    def find(self, text: str) -> Optional[str]:
        """Return the code of the country that the words name, or None."""
        words = [word for word in fold(text).text.split() if len(word.strip(".,!")) >= _LEAST_LETTERS]
        best: tuple[float, Optional[str]] = (_CLOSE_ENOUGH, None)
        for word in [*words, fold(text).text.strip(" .,!")]:
            match = process.extractOne(word.strip(".,!"), self._code_of.keys(), scorer=fuzz.ratio)
            if match and match[1] > best[0]:
                best = (match[1], self._code_of[match[0]])
        return best[1]
