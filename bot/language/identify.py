"""Which of the product's languages a text is written in.

Two identifiers vote. lingua in low-accuracy mode (44 MB) leads; langdetect reads longer texts
independently and breaks near ties. Letters that only one of the candidates uses decide between close
Cyrillic languages, where both are weak on short texts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import langdetect
from langdetect.lang_detect_exception import LangDetectException
from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

CODES = (
    "uk", "ru", "en", "pl", "ro", "de", "cs", "sk", "hu", "bg", "el",
    "it", "es", "pt", "fr", "nl", "da", "sv", "fi", "lt", "sl", "sq",
)  # fmt: skip
"""The 22 languages that are told apart; the product may speak fewer."""
_LETTERS = {
    "uk": "іїєґ", "ru": "ыэъё", "bg": "ъ", "pl": "ąęłńśźż", "ro": "ăâîșțşţ", "cs": "ěřů", "sk": "ľĺŕôä",
    "hu": "őű", "de": "ßäöü", "sl": "čšž", "lt": "ėįųūąę", "sq": "ëç", "es": "ñ¿¡", "pt": "ãõ", "da": "æø",
    "sv": "åäö", "fi": "äö", "fr": "œçêèà", "el": "αβγδεζηθικλμνξοπρστυφχψω",
}  # fmt: skip
_LANGDETECT_FROM = 25
"""Characters from which langdetect is asked; below, it guesses."""
_LANGDETECT_WEIGHT = 0.35
_LETTER_WEIGHT = 0.6
_STRANGER_BELOW = 0.15
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Identified:
    """The best of the 22 languages; `supported` is false where the text looks like none of them."""

    language: str
    confidence: float
    supported: bool


class LanguageIdentifier:
    """Identifies languages; building it loads about 100 MB of models on first use."""

    def __init__(self) -> None:
        languages = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in CODES]
        self._lingua = LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
        langdetect.DetectorFactory.seed = 0

    def identify(self, text: str) -> Identified:
        """Return the best language of a text."""
        words = " ".join(_WORDS.findall(text)).lower()
        if not words:
            return Identified("en", 0.0, supported=False)
        scores = self._scores(words)
        best = max(scores, key=lambda code: scores[code])
        total = sum(scores.values()) or 1.0
        confidence = scores[best] / total
        return Identified(best, round(confidence, 3), supported=confidence >= _STRANGER_BELOW)

    def best_of(self, text: str, allowed: Iterable[str]) -> str:
        """Return the likeliest of some languages."""
        scores = self._scores(" ".join(_WORDS.findall(text)).lower() or "-")
        return max(allowed, key=lambda code: scores.get(code, 0.0))

    def _scores(self, words: str) -> dict[str, float]:
        scores = {
            value.language.iso_code_639_1.name.lower(): value.value
            for value in self._lingua.compute_language_confidence_values(words)
        }
        for code, probability in _langdetect(words).items():
            scores[code] = scores.get(code, 0.0) + _LANGDETECT_WEIGHT * probability
        for code, letters in _LETTERS.items():
            if any(letter in words for letter in letters):
                scores[code] = scores.get(code, 0.0) + _LETTER_WEIGHT * _specificity(code, words)
        return scores


def _langdetect(words: str) -> Mapping[str, float]:
    if len(words) < _LANGDETECT_FROM:
        return {}
    try:
        return {found.lang: found.prob for found in langdetect.detect_langs(words) if found.lang in CODES}
    except LangDetectException:
        return {}


def _specificity(code: str, words: str) -> float:
    """Return the share of the text's marked letters that this language would use."""
    marked = [c for c in words if any(c in letters for letters in _LETTERS.values())]
    return sum(c in _LETTERS[code] for c in marked) / len(marked) if marked else 0.0
