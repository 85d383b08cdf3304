"""Streets with house numbers, and postcodes, by the words of each language.

Every repetition in the patterns is bounded and no two of them can share a character, so that no text takes long.
"""

import re
from collections.abc import Iterable

from bot.knowledge.redaction import NumberFile, RedactionLanguage
from bot.privacy.spans import Span
from bot.privacy.words import alternatives

_UPPER = r"[^\W\d_a-zа-яіїєґßà-ÿ]"
_CAPITALISED = rf"{_UPPER}[\w'’.]{{0,30}}"
_NAME = r"(?:[\w'’.-]{1,30}\s){0,3}?[\w'’-]{1,30}"
_HOUSE = r"\d{1,5}\s?(?:[-/]\s?\d{1,4})?(?:\s?[a-zA-Zа-яА-ЯіІ](?!\w|\.\s?\d))?"
_CITY = rf"[ \t]{_CAPITALISED}(?:[ -]{_CAPITALISED}){{0,2}}"
_ALSO = r"(?<!\w)(?:\d{3,6}\s)?"
"""American addresses may have a number of their own before the street's."""
_BOX = re.compile(r"(?<!\w)p\.?\s?o\.?\s?box\s\d{1,6}", re.IGNORECASE)
_FLAT = re.compile(r"(?<!\w)(?:apt|apartment|suite|flat)\.?\s\d{1,4}(?!\w)", re.IGNORECASE)
_IS = r"(?:\s(?:is|це|to|ist|este|code|number)){0,2}[:\s№-]{1,3}"
_LONGEST = 90


class AddressFinder:
    """Finds addresses by the street words of some languages and the postcodes of all countries."""

    def __init__(self, numbers: NumberFile, words: RedactionLanguage) -> None:
        before, after, house = (alternatives(w) for w in (words.street_before, words.street_after, words.house))
        endings = "|".join(re.escape(ending) for ending in words.street_endings) or "(?!)"
        codes = "|".join(dict.fromkeys(numbers.postcodes.values()))
        code = rf"(?<![\w.,-])(?:{codes})(?![\w-])"
        number = rf"(?:[,.]?\s{{0,2}}(?:(?i:{house})\.?\s?)?№?\s?{_HOUSE})"
        inside = rf"(?:[,.]?\s{{0,2}}(?:(?i:{house})\.?\s?№?\s?\d{{1,4}}[a-zA-Zа-яА-Я]?(?!\w)|№\s?\d{{1,4}})){{0,4}}"
        behind = rf"{inside}(?:,?\s{{1,2}}{code})?"
        with_city = rf"{behind}(?:(?<=\d){_CITY})?"
        spoken = alternatives(words.addressed)
        self._streets = [
            re.compile(rf"(?:{code}(?:{_CITY})?,?\s{{1,2}})?(?i:{before})\.?\s{{0,2}}{_NAME}{number}{with_city}"),
            re.compile(rf"{_ALSO}{_HOUSE},?\s(?:{_CAPITALISED}\s){{1,4}}(?i:{after})(?!\w)\.?{behind}"),
            re.compile(rf"{_ALSO}(?:{_CAPITALISED}[\s-]){{1,4}}(?i:{after})\.?{number}{with_city}"),
            re.compile(
                rf"{_ALSO}(?:{_CAPITALISED}[\s-]){{0,2}}(?:{_UPPER}[\w'’]{{0,30}})?"
                rf"(?:{endings})\s?{_HOUSE}{with_city}"
            ),
            re.compile(
                rf"(?i:{spoken})[\s:]{{1,3}}"
                rf"(?P<it>(?:\d{{1,6}}\s){{0,2}}(?:{_CAPITALISED}\s){{1,4}}\d{{1,5}}(?!\w){behind})"
            ),
            re.compile(
                rf"(?i:{alternatives(words.postcodes)}){_IS}(?P<it>(?:{codes}|\d{{3,6}}(?:[ -]\d{{2,4}})?)(?![\w-]))"
            ),
            _BOX,
            _FLAT,
        ]  # fmt: skip

    def find(self, text: str) -> Iterable[Span]:
        """Return streets, post-office boxes and named postcodes, overlapping findings included."""
        for pattern in self._streets:
            for match in pattern.finditer(text):
                start = match.start("it") if "it" in pattern.groupindex else match.start()
                shown = text[start : match.end()][:_LONGEST].rstrip(" ,.\n\t")
                if any(c.isdigit() for c in shown):
                    yield Span("address", shown, start, start + len(shown))
