"""Numbers that states give: documents, tax numbers and number plates; and dates of birth, and coordinates.

A number is believed for its check digits (through `python-stdnum`, see `data/redaction/numbers.yml`), or because a
word for such a number stands just before it.
"""

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from bot.knowledge.redaction import NationalNumber, NumberFile, RedactionLanguage
from bot.privacy.spans import Span
from bot.privacy.words import alternatives, any_of

_BEHIND = r"(?P<gap>[^\n\d]{0,30}?[\s:#№.(—–-])"
"""What may stand between a word for a number and the number: a few words, never other digits or a new line."""
_DOCUMENT = r"(?P<number>(?:(?-i:[A-ZА-ЯІЇЄҐ]{1,3})[ -]?|[a-zа-яіїєґ]{1,3})?\d[\dA-Za-z]*(?:[ /-]\d+){0,4})"
_SERIES = re.compile(r"(?<!\w)(?P<number>[A-ZА-ЯІЇЄҐ]{2} ?№? ?\d{6})(?!\w)")
_DEGREES = r"°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:[.,]\d{1,6})?[\"″]\s?)?"
_COORDINATES = re.compile(
    r"(?<![\d.,])[-+]?\d{1,2}[.]\d{3,8} ?°? ?[NSЮП]? ?[,; ] ?[-+]?\d{1,3}[.]\d{3,8} ?°? ?[EWСЗ]?(?![\d.])"
    rf"|\d{{1,2}}{_DEGREES}[NSnsПЮ][,;\s]{{0,3}}\d{{1,3}}{_DEGREES}[EWewСЗ]"
)
_LONG_AGO = re.compile(r"(?<![\d./-])(?P<number>[0-3]?\d[./-][01]?\d[./-](?:19[3-9]\d|200\d))(?![\d./-]\d|\d)")
"""A full date before 2010 in a report of what happens now is somebody's birth."""
_LEAST_DIGITS = 4
_REACH = 45
_LONGEST_CARD = 19
_FRAMED = re.compile(r"[^\W\d_]{1,3}[ -]?\d{3,5}[ -]?[^\W\d_]{1,3}|[^\W\d_]{2}\d{2} ?[^\W\d_]{3}")


class DocumentFinder:
    """Finds documents, tax numbers, plates, birth dates and coordinates by the words of some languages."""

    def __init__(self, numbers: NumberFile, words: RedactionLanguage) -> None:
        self._national = [
            (
                entry,
                re.compile(rf"(?<![\w.,/+-])(?:{entry.shape})(?![\w/]|[.,-]\d)", re.IGNORECASE if entry.strong else 0),
            )
            for entry in numbers.numbers
        ]
        self._named = {
            "id_number": re.compile(rf"{alternatives(words.documents)}{_BEHIND}{_DOCUMENT}(?!\w)", re.IGNORECASE),
            "tax_number": re.compile(rf"{alternatives(words.tax)}{_BEHIND}{_DOCUMENT}(?!\w)", re.IGNORECASE),
        }
        self._account = re.compile(
            rf"{alternatives(words.accounts)}{_BEHIND}(?P<number>\d(?:[ -]?\d){{11,27}})(?!\w)", re.IGNORECASE
        )
        date, born = _date(words), alternatives(words.born)
        year = r"[ ,]{0,2}(?:р\.|року|г\.|года)?\s?(?:р\.)?\s?"
        self._born = re.compile(rf"{born}[^\n\d]{{0,25}}?{date}", re.IGNORECASE)
        self._born_before = re.compile(rf"{date}{year}{born}", re.IGNORECASE)
        self._words = {"id_number": any_of(words.documents), "tax_number": any_of(words.tax)}
        self._plate_word = any_of(words.plates)
        shapes = "|".join(shape for shapes in numbers.plates.values() for shape in shapes)
        self._plate = re.compile(rf"(?<![\w.@/-])(?:{shapes})(?![\w@-])")

    def find(self, text: str) -> list[Span]:
        """Return what is found, overlapping findings included."""
        return [
            *self._states_own(text),
            *self._by_word(text),
            *self._dates(text),
            *self._plates(text),
            *_coordinates(text),
        ]

    def _states_own(self, text: str) -> Iterable[Span]:
        for entry, shape in self._national:
            for match in shape.finditer(text):
                named = entry.strong or self._named_before(text, match.start()) == entry.type
                if named and _valid(entry, match.group()):
                    yield Span(entry.type, match.group(), match.start(), match.end())

    def _named_before(self, text: str, start: int) -> str:
        """Return which kind of number the nearest word before an offset names, or ''."""
        before = text[max(0, start - _REACH) : start]
        ends = [(found.end(), kind) for kind, words in self._words.items() for found in words.finditer(before)]
        return max(ends)[1] if ends else ""

    def _by_word(self, text: str) -> Iterable[Span]:
        for kind, pattern in self._named.items():
            for match in pattern.finditer(text):
                number = match.group("number")
                if self._named_before(text, match.start("number")) != kind:
                    continue
                if sum(c.isdigit() for c in number) >= _LEAST_DIGITS and not _is_year(number):
                    start = match.start("number") + len(number) - len(number.lstrip(" -"))
                    yield Span(kind, text[start : match.end("number")], start, match.end("number"))
        for match in self._account.finditer(text):
            digits = sum(c.isdigit() for c in match.group("number"))
            # Too long for a card: an account in its national form, which is an IBAN without its beginning.
            kind = "card" if digits <= _LONGEST_CARD else "iban"
            yield Span(kind, match.group("number"), match.start("number"), match.end("number"))
        for match in _SERIES.finditer(text):
            if self._named_before(text, match.start()) == "id_number":
                yield Span("id_number", match.group("number"), match.start(), match.end())

    def _dates(self, text: str) -> Iterable[Span]:
        for pattern in (self._born, self._born_before, _LONG_AGO):
            for match in pattern.finditer(text):
                yield Span("birth_date", match.group("number"), match.start("number"), match.end("number"))

    def _plates(self, text: str) -> Iterable[Span]:
        for match in self._plate.finditer(text):
            before = text[max(0, match.start() - _REACH) : match.start()]
            if _FRAMED.fullmatch(match.group()) or self._plate_word.search(before):
                yield Span("plate", match.group(), match.start(), match.end())


def _date(words: RedactionLanguage) -> str:
    months = alternatives(words.months)
    numeric = r"\d{1,2}[./ -]\d{1,2}[./ -](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|(?:19|20)\d{2}"
    named = rf"\d{{1,2}}\.? (?:de )?{months}\.?,? \d{{4}}|{months}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    return rf"(?P<number>{numeric}|{named})(?!\d)"


def _coordinates(text: str) -> Iterable[Span]:
    for match in _COORDINATES.finditer(text):
        shown = match.group().rstrip()
        yield Span("coordinates", shown, match.start(), match.start() + len(shown))


def _is_year(number: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", number.strip()))


def _valid(entry: NationalNumber, shown: str) -> bool:
    return bool(_module(entry.module).is_valid(shown))


def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")


def modules(numbers: Sequence[NationalNumber]) -> list[str]:
    """Return the names of the modules that do not exist, for the test of the data."""
    missing = []
    for entry in numbers:
        try:
            _module(entry.module)
        except ImportError:
            missing.append(entry.module)
    return missing
