"""The fixed wording of each language, compiled when that language is first read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.knowledge.signs import Catalogue, Kind, OfferLanguage
from bot.language.wording import Pattern, compile_all


@dataclass(frozen=True)
class SignPatterns:
    """What states one sign in one language, and what takes it back in the same sentence."""

    sign: str
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


@dataclass(frozen=True)
class LanguagePatterns:
    """All compiled wording of one language."""

    signs: tuple[SignPatterns, ...]
    advice: tuple[Pattern, ...]
    offering: tuple[Pattern, ...]
    kind_words: Mapping[Kind, tuple[Pattern, ...]]
    facts: Mapping[Kind, Mapping[str, tuple[Pattern, ...]]]
    no_experience: tuple[Pattern, ...]
    per: Mapping[str, tuple[Pattern, ...]]


class PatternBook:
    """Compiled patterns by language. Compiling one language takes about 0.2 s, so it is done on demand."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._compiled: dict[str, LanguagePatterns] = {}

    def of(self, languages: Iterable[str]) -> list[LanguagePatterns]:
        """Return the patterns of these languages, skipping those that have none."""
        return [self._language(code) for code in languages if code in self._catalogue.languages]

    def _language(self, code: str) -> LanguagePatterns:
        if code not in self._compiled:
            self._compiled[code] = _compile(self._catalogue.languages[code])
        return self._compiled[code]


def _compile(language: OfferLanguage) -> LanguagePatterns:
    return LanguagePatterns(
        signs=tuple(
            SignPatterns(sign, compile_all(wording.patterns), compile_all(wording.unless))
            for sign, wording in language.signs.items()
        ),
        advice=compile_all(language.advice),
        offering=compile_all(language.offering),
        kind_words={kind: compile_all(words) for kind, words in language.kind_words.items()},
        facts={
            kind: {fact: compile_all(patterns) for fact, patterns in facts.items()}
            for kind, facts in language.facts.items()
        },
        no_experience=compile_all(language.no_experience),
        per={period: compile_all(patterns) for period, patterns in language.per.items()},
    )
