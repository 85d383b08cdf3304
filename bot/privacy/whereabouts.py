"""Names of places in a text: countries and cities of CLDR, our list of cities, and the two dictionaries."""

import re
from collections.abc import Iterable

from babel import Locale

from bot.language.fold import fold
from bot.language.morphology import LANGUAGES as WITH_DICTIONARY
from bot.language.morphology import Dictionary
from bot.privacy.spans import Span

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_LEAST_LETTERS = 3
_MOST_LETTERS = 40
_MOST_WORDS = 4


class Whereabouts:
    """Finds names of places; built once.

    Args:
        languages: languages of the product; countries and cities of CLDR are known in all of them.
        cities: further cities and regions.
        uninflected: languages that do not decline names.
    """

    def __init__(self, languages: Iterable[str], cities: Iterable[str], uninflected: Iterable[str]) -> None:
        spoken = tuple(languages)
        self._uninflected = frozenset(uninflected)
        self._names = {name for language in spoken for name in _cldr_names(language)}
        self._cities = {fold(city).text for city in cities}
        self._names |= self._cities
        self._stems = {_stem(name) for name in self._names if len(name) > 4 and " " not in name}

    def find(self, text: str, language: str, dictionary: Dictionary) -> list[Span]:
        """Return the places of a text; several words of one name are one span."""
        words = list(WORD.finditer(text))
        found: list[Span] = []
        at = 0
        while at < len(words):
            count = self._starting(text, words[at : at + _MOST_WORDS], language, dictionary)
            if count:
                start, end = words[at].start(), words[at + count - 1].end()
                found.append(Span("place", text[start:end], start, end))
            at += count or 1
        return found

    def _starting(self, text: str, words: list[re.Match[str]], language: str, dictionary: Dictionary) -> int:
        """Return how many of the words, from the first, are one name of a place."""
        if not words[0].group()[0].isupper() or len(words[0].group()) < 2:
            return 0
        for count in range(len(words), 0, -1):
            between = text[words[0].start() : words[count - 1].end()]
            if count > 1 and not re.fullmatch(r"[^\W\d_]+(?:[ '’ʼ-][^\W\d_]+)*", between):
                continue
            # Short names are read as they are written: "EU" is a place, "Eu" is Romanian for I.
            if fold(between).text in self._names and (len(between) > _LEAST_LETTERS or between.isupper()):
                return count
        return int(self._inflected(words[0].group(), language, dictionary))

    def _inflected(self, word: str, language: str, dictionary: Dictionary) -> bool:
        if not _LEAST_LETTERS <= len(word) <= _MOST_LETTERS:
            return False
        if language in WITH_DICTIONARY and not word.isascii():
            forms = dictionary.likeliest(word, language)
            if forms.known:
                named = not forms.given and (forms.place or bool(forms.lemmas & self._names))
                return not forms.grammatical and (named or bool(forms.lemmas & self._cities))
        # A name that the dictionaries lack, with another ending: most of our languages decline places.
        folded = fold(word).text
        return language not in self._uninflected and any(
            folded[:-cut] in self._stems for cut in range(1, 4) if len(folded) - cut > 3
        )


def _stem(name: str) -> str:
    """Return what stays of a name when it is declined: in Cyrillic letters less is sure (Харків, Харкова)."""
    return name.rstrip("aeiouyăîâęą") if name[0] < "Ͱ" else name[: -2 if len(name) > 5 else -1]


def _cldr_names(language: str) -> Iterable[str]:
    """Countries, and the cities that time zones are called after, in one language."""
    locale = Locale.parse(language)
    for code, name in locale.territories.items():
        if code.isalpha():
            yield fold(str(name)).text
    for zone, entry in locale.time_zones.items():
        city = entry.get("city") or zone.rpartition("/")[2].replace("_", " ")
        if "/" in zone and not zone.startswith("Etc/"):
            yield fold(str(city)).text
