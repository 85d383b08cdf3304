"""The desk's own words, and how values of a ticket are written for a reader."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from babel.dates import format_timedelta

from bot.language.texts import Texts, country_name, language_name
from bot.reports.visible import harmless

SIGNS = "signs"
"""The domain of texts with the titles of the warning signs."""


class Words:
    """Texts of the desk in one language: called with an id, and what to fill in."""

    def __init__(self, texts: Texts, domain: str, language: str) -> None:
        self._known = texts.all_of(domain, language)
        self._signs = texts.all_of(SIGNS, language)
        self.language = language

    def __call__(self, text: str, **values: Any) -> str:
        """Return a text with its placeholders filled in.

        Raises:
            KeyError: there is no such text.
        """
        return self._known[text].format(**values) if values else self._known[text]

    def code(self, code: str) -> str:
        """Return how a code of a ticket reads; what the desk has no words for is shown as it is, made harmless."""
        return self._known.get(f"code_{code}", harmless(code))

    def sign(self, identifier: str, title: str) -> str:
        """Return the title of a warning sign; one that is not in the catalogue any more is shown as the ticket has it.

        Args:
            identifier: the sign's id.
            title: its title in the ticket, which is in the language of whoever wrote.
        """
        return self._signs.get(f"{identifier}.title", harmless(title))

    def codes(self, codes: Iterable[str]) -> str:
        """Return several codes as one list."""
        return ", ".join(map(self.code, codes))

    def country(self, code: str) -> str:
        """Return a country's name."""
        return country_name(code, self.language)

    def spoken(self, code: str) -> str:
        """Return a language's name; what is no language is shown as it is, made harmless."""
        return language_name(harmless(code), self.language)

    def length(self, length: timedelta) -> str:
        """Return about how long something is."""
        return str(
            format_timedelta(abs(length), granularity="minute", threshold=1.3, format="short", locale=self.language)
        )

    def value(self, value: Any) -> str:
        """Return a value of a ticket as words: codes in the desk's language, anything else harmless."""
        if isinstance(value, tuple):
            return ", ".join(self.value(item) for item in value)
        if isinstance(value, bool):
            return self("word_yes" if value else "word_no")
        if isinstance(value, Enum):
            return self.code(str(value.value))
        if isinstance(value, datetime):
            return self.moment(value)
        return value.isoformat() if isinstance(value, date) else self.code(str(value))

    @staticmethod
    def moment(moment: datetime) -> str:
        """Return a moment to the minute, in UTC."""
        return moment.strftime("%Y-%m-%d %H:%M UTC")
