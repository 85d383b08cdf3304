"""Which of the product's languages a text is written in.

A text is scored in every voice: by its words, as often as the language uses them, and by their pieces, which also know
words that no list has (`bot.language.grams`). langdetect, a reader of its own make, is asked about longer texts of
which it is not clear whether they are in one of the product's languages at all. Near neighbours of the product's
languages only veto: they make a text a stranger's, they are never the answer.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import langdetect
import numpy as np
from langdetect.lang_detect_exception import LangDetectException
from numpy.typing import NDArray

from bot.language.grams import Table, pieces, word_hash
from bot.language.network import ModelMissing
from bot.language.word_lists import words_of

MOST_WORDS = 60
"""Words of a text that are read: they settle its language."""
LATIN = "@Latn"
"""Ends the name of a voice that is a language typed with Latin letters."""
PIECES_STEPS, WORDS_STEPS = 15.0, 12.0
"""Steps a unit of the logarithm in the tables of pieces and of words."""
_WORDS_WEIGHT = 1.2
_TEMPERATURE = 3.0
_PRIOR_WEIGHT = 2.5
_LEAST_PRIOR = 0.01
_STRANGER_AHEAD = 6.0
_FOREIGN_SHARE = 60
"""One foreign letter in so many makes a text a stranger's."""
_UNKNOWN_AHEAD = 25.0
_LANGDETECT_FROM = 25
"""Characters from which langdetect is asked; below, it guesses."""
_LANGDETECT_SURE = 0.9
_TABLES = ("pieces", "words")
_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_LATIN_CYRILLIC_GREEK = re.compile("[A-Za-zÀ-ɏͰ-Ͽἀ-῿Ѐ-ӿ]")


@dataclass(frozen=True)
class LanguageModel:
    """What training knows of the voices.

    Attributes:
        voices: their names: codes of languages, with `LATIN` behind where they are typed so.
        own: how many of the first of them are languages that the product reads.
        likelier: for each voice, how much likelier it is than its words say, as a logarithm.
        pieces, words: how common pieces and whole words are in each.
        foreign: letters that no language of the product has.
    """

    voices: tuple[str, ...]
    own: int
    likelier: NDArray[np.float64]
    pieces: Table
    words: Table
    foreign: str

    def save(self, path: Path) -> None:
        """Write the model as plain arrays."""
        path.parent.mkdir(parents=True, exist_ok=True)
        tables = {f"{name}_{part}": array for name in _TABLES for part, array in self._parts(name)}
        small = {name: np.array(getattr(self, name)) for name in ("voices", "own", "likelier", "foreign")}
        np.savez(path, **small, **tables)

    def _parts(self, name: str) -> "Iterable[tuple[str, NDArray[Any]]]":
        table: Table = getattr(self, name)
        return table._asdict().items()

    @classmethod
    def load(cls, path: Path) -> "LanguageModel":
        """Read what `save` wrote.

        Raises:
            ModelMissing: it was never written, or by another version.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                pieces, words = (Table(*(stored[f"{name}_{part}"] for part in Table._fields)) for name in _TABLES)
                voices = tuple(map(str, stored["voices"]))
                return cls(voices, int(stored["own"]), stored["likelier"], pieces, words, str(stored["foreign"]))
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise ModelMissing("Languages cannot be told apart yet: run `oberih train`.") from error


@dataclass(frozen=True)
class Identified:
    """The best of the product's languages, and the one after it; `supported` is false where it looks like none."""

    language: str
    confidence: float
    supported: bool
    second: str = ""


def without_addresses(text: str) -> str:
    """Return a text without links, e-mail addresses and @names, which are in no language."""
    return _ADDRESS.sub(" ", text)


class LanguageIdentifier:
    """Identifies languages; building it takes no time."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.codes = model.voices[: model.own]
        self._latin = {
            place: self.codes.index(name.removesuffix(LATIN))
            for place, name in enumerate(model.voices)
            if name.endswith(LATIN)
        }
        self._foreign = re.compile(f"[{re.escape(model.foreign)}]")
        langdetect.DetectorFactory.seed = 0

    def identify(self, text: str, prior: Optional[Mapping[str, float]] = None) -> Identified:
        """Return the best language of a text.

        Args:
            text: any text.
            prior: how likely languages are by what is known already (earlier messages, the page's language); those
                not named are unlikely.
        """
        text = without_addresses(text)
        words = words_of(text)[:MOST_WORDS]
        if not words or not any(map(_LATIN_CYRILLIC_GREEK.search, words)):
            return Identified(self._likeliest(prior), 0.0, supported=False)
        evidence, known = self._evidence(words)
        scores = self._own(evidence)
        if prior:
            scores = scores + [_PRIOR_WEIGHT * math.log(max(prior.get(code, 0.0), _LEAST_PRIOR)) for code in self.codes]
        shares = _shares(scores)
        second, best = np.argsort(scores)[-2:]
        supported = known and self._supported(text, words, evidence, scores)
        return Identified(self.codes[best], round(float(shares[best]), 3), supported, self.codes[second])

    def best_of(self, text: str, allowed: Iterable[str]) -> str:
        """Return the likeliest of some languages."""
        evidence, _ = self._evidence(words_of(without_addresses(text))[:MOST_WORDS])
        scores = dict(zip(self.codes, self._own(evidence), strict=True))
        return max(allowed, key=lambda code: scores.get(code, -math.inf))

    def likeliest(self, text: str, count: int) -> tuple[str, ...]:
        """Return some languages that a text may be in, the likeliest first."""
        evidence, _ = self._evidence(words_of(without_addresses(text))[:MOST_WORDS])
        order = np.argsort(-self._own(evidence), kind="stable")[:count]
        return tuple(self.codes[place] for place in order)

    def _likeliest(self, prior: Optional[Mapping[str, float]]) -> str:
        return max(prior, key=lambda code: prior[code]) if prior else "en"

    def _evidence(self, words: list[str]) -> tuple[NDArray[np.float64], bool]:
        """Return the score of each voice, and whether any piece is known at all.

        The pieces of a word overlap, so their sum counts by the root of their number.
        """
        model, count = self._model, len(self._model.voices)
        whole, hits = model.words.sums(np.array([word_hash(word) for word in words], np.uint32), count)
        score, known = whole * (_WORDS_WEIGHT / WORDS_STEPS), hits > 0
        for word in words:
            found, hits = model.pieces.sums(pieces(word), count)
            if hits:
                score += found / (PIECES_STEPS * math.sqrt(hits))
                known = True
        return score, known

    def _own(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each language of the product, by its best voice."""
        scores = evidence[: len(self.codes)].copy()
        for place, language in self._latin.items():
            scores[language] = max(scores[language], evidence[place] + self._model.likelier[place])
        return scores

    def _supported(
        self, text: str, words: list[str], evidence: NDArray[np.float64], scores: NDArray[np.float64]
    ) -> bool:
        letters = "".join(words)
        if len(self._foreign.findall(letters)) * _FOREIGN_SHARE >= len(letters):
            return False
        strangers = [evidence[i] for i in range(len(self.codes), len(evidence)) if i not in self._latin]
        ahead = max(strangers) - scores.max() if strangers else -math.inf
        if ahead > _STRANGER_AHEAD:
            return False
        clear = len(text) < _LANGDETECT_FROM or bool(ahead < -_UNKNOWN_AHEAD)
        return clear or _langdetect(text) in ("", *self.codes)


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp((scores - scores.max()) / _TEMPERATURE)
    shares: NDArray[np.float64] = raised / raised.sum()
    return shares


def _langdetect(text: str) -> str:
    """Return the language that langdetect is sure of, or nothing."""
    try:
        best = langdetect.detect_langs(text)[0]
    except LangDetectException:
        return ""
    return str(best.lang) if best.prob >= _LANGDETECT_SURE else ""
