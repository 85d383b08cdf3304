"""Phone numbers however they are grouped: `phonenumbers` judges, our own pattern only offers candidates."""

import re
from collections.abc import Iterable, Sequence

import phonenumbers
from babel.languages import get_official_languages

from bot.privacy.spans import Span

_GAP = r"[^\S\n\r]|[().\-–/\u200b-\u200f\u2060\u00ad\u202a-\u202e]"
_CANDIDATE = re.compile(
    rf"(?<![\w@/=_.,+-])(?:tel:)?(?:\+|\(\+|\()?\d(?:(?:{_GAP}){{0,3}}\d){{5,16}}(?![\w@]|[.,]\d)", re.IGNORECASE
)
_AMERICAN = re.compile(r"(?<![\w.+-])(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?:x\d{1,5})?(?![\w-])")
_DATE = re.compile(r"(?:[0-3]?\d[./-][01]?\d[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-][01]?\d[./-][0-3]?\d)(?!\d)")
_NO_PHONE = re.compile(r"\d{1,4}(?:\.\d{1,3}){3}\Z|\d{1,6}\s[-–]\s\d{1,6}\Z|\d{1,3}(?:[ .]000)+\Z")
"""Internet addresses, ranges, round sums."""
_AMOUNT_AFTER = re.compile(
    r"\s*(?:[€$£%₴]|(?:грн|євро|евро|euro?|eur|usd|uah|zł|zl|pln|lei|ron|руб|долар\w*|доллар\w*|тис|тыс|год|ч|km|км|kg|кг|м2|m2)(?!\w))",
    re.IGNORECASE,
)
_LEAST_DIGITS = 9
"""Shorter numbers without a country code are read as phones only behind a word for a phone."""
_LONGEST_GROUP_RUN = 15


class PhoneFinder:
    """Finds phones of the countries it is built with, in national and international form."""

    def __init__(self, countries: Iterable[str]) -> None:
        self._countries = tuple(countries)

    def regions(self, language: str) -> tuple[str, ...]:
        """Return all countries of the directory, those where the language is official first."""
        spoken = [code for code in self._countries if language in get_official_languages(code, de_facto=True)]
        return (*spoken, *(code for code in self._countries if code not in spoken))

    def find(self, text: str, language: str, word_before: re.Pattern[str]) -> list[Span]:
        """Return the phones of a text; `word_before` ends a text that has just named a phone."""
        found = [self._read(match, text, language, word_before) for match in _CANDIDATE.finditer(text)]
        phones = [span for span in found if span]
        phones += [Span("phone", m.group(), m.start(), m.end()) for m in _AMERICAN.finditer(text)]
        phones += _matched(text, self.regions(language)[:3])
        return phones

    def _read(self, match: re.Match[str], text: str, language: str, word_before: re.Pattern[str]) -> "Span | None":
        shown = match.group()
        digits = re.sub(r"\D", "", shown)
        international = "+" in shown or digits.startswith("00")
        named = bool(word_before.search(text[max(0, match.start() - 40) : match.start()])) or "tel:" in shown.lower()
        if not international and (
            _DATE.match(shown.strip("(")) or _NO_PHONE.match(shown) or _AMOUNT_AFTER.match(text, match.end())
        ):
            return None
        if not named and not international and len(digits) < _LEAST_DIGITS and not _alone(match, text):
            return None
        value = _valid(digits, international, self.regions(language))
        if not value and named and 6 <= len(digits) <= _LONGEST_GROUP_RUN:
            value = digits
        return Span("phone", value, match.start(), match.end()) if value else None


def _alone(match: re.Match[str], text: str) -> bool:
    """A number that is the whole message answers a question for one."""
    return text.strip(" .\n") == match.group().strip()


def _valid(digits: str, international: bool, regions: Sequence[str]) -> str:
    """Return the international form of a number that exists in some numbering plan, or ''."""
    if international:
        return _parsed("+" + digits.removeprefix("00"), None)
    return next((value for region in regions if (value := _parsed(digits, region))), "")


def _parsed(digits: str, region: "str | None") -> str:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number) if region is None else not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _matched(text: str, regions: Sequence[str]) -> list[Span]:
    """Numbers that stand so close to others that the candidates run together."""
    return [
        Span(
            "phone",
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164),
            match.start,
            match.end,
        )
        for region in regions
        for match in phonenumbers.PhoneNumberMatcher(text, region)
    ]
