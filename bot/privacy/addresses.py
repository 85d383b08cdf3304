"""Streets with house numbers, and postcodes, by the words of each language."""

import re
from collections.abc import Iterable

from bot.knowledge.redaction import NumberFile, RedactionLanguage
from bot.privacy.spans import Span
from bot.privacy.words import alternatives

_NAME = r"(?:[\w'’.-]+\s){0,3}?[\w'’-]+"
_HOUSE = r"\d{1,5}\s?(?:[-/]\s?\d{1,4})?(?:\s?[a-zA-Zа-яА-ЯіІ](?!\w))?"
_UPPER = r"[^\W\d_a-zа-яіїєґßà-ÿ]"
_CITY = rf"[ \t]{_UPPER}[\w'’-]+(?:[ -]{_UPPER}[\w'’-]+){{0,2}}"
_LONGEST = 90


class AddressFinder:
    """Finds addresses by the street words of some languages and the postcodes of all countries."""

    def __init__(self, numbers: NumberFile, words: RedactionLanguage) -> None:
        before, after, house = (alternatives(w) for w in (words.street_before, words.street_after, words.house))
        inside = rf"(?:[,.]?\s*(?:(?i:{house})\.?\s?№?\s?\d{{1,4}}[a-zA-Zа-яА-Я]?(?!\w)|№\s?\d+))*"
        codes = "|".join(dict.fromkeys(numbers.postcodes.values()))
        code = rf"(?<![\w.,-])(?:{codes})(?![\w-])"
        city = rf"(?:,?\s+(?:{code}))?"
        number = rf"(?:[,.]?\s*(?:(?i:{house})\.?\s?)?№?\s?{_HOUSE})"
        endings = "|".join(re.escape(ending) for ending in words.street_endings) or "(?!)"
        self._streets = [
            re.compile(rf"(?:{code}(?:{_CITY})?,?\s+)?(?i:{before})\.?\s*{_NAME}{number}{inside}{city}(?:(?<=\d){_CITY})?"),
            re.compile(rf"(?<!\w)(?:\d{{3,6}}\s)?{_HOUSE},?\s(?:{_UPPER}[\w'’.-]*\s){{1,4}}(?i:{after})(?!\w)\.?{inside}{city}"),
            re.compile(rf"(?<!\w)(?:\d{{3,6}}\s)?(?:{_UPPER}[\w'’.-]*[\s-]){{1,4}}(?i:{after})\.?{number}{inside}{city}(?:(?<=\d){_CITY})?"),
            re.compile(rf"(?<!\w)(?:\d{{3,6}}\s)?(?:{_UPPER}[\w'’.-]*[\s-]){{0,2}}(?:{_UPPER}[\w'’-]*)?(?:{endings})\s?{_HOUSE}{inside}(?:,?\s+{code}{_CITY})?"),
            re.compile(rf"(?i:{alternatives(words.addressed)})[\s:]{{1,3}}(?P<rest>(?:\d{{1,6}}\s){{0,2}}(?:{_UPPER}[\w'’.-]*\s){{1,4}}\d{{1,5}}(?!\w){inside}{city})"),
        ]
        self._boxes = re.compile(r"(?i:(?<!\w)p\.?\s?o\.?\s?box\s\d+)")
        self._named_code = re.compile(rf"(?i:{alternatives(words.postcodes)})(?:\s(?:is|це|to|ist|este|code|number)){{0,2}}[:\s№-]+(?P<code>(?:{codes}|\d{{3,6}}(?:[ -]\d{{2,4}})?)(?![\w-]))")
        self._flat = re.compile(rf"(?<!\w)(?i:apt|apartment|suite|flat)\.?\s\d{{1,4}}(?!\w)")

    def find(self, text: str) -> Iterable[Span]:
        """Return streets, post-office boxes and named postcodes, overlapping findings included."""
        for pattern in (*self._streets, self._boxes, self._flat):
            for match in pattern.finditer(text):
                start = match.start("rest") if "rest" in pattern.groupindex else match.start()
                shown = text[start : match.end()][:_LONGEST].rstrip(" ,.\n\t")
                if any(c.isdigit() for c in shown):
                    yield Span("address", shown, start, start + len(shown))
        for match in self._named_code.finditer(text):
            yield Span("address", match.group("code"), match.start("code"), match.end("code"))
