"""Danger: the writer, or someone they write for, is in danger now.

Decided before anything else is said. Two readers work side by side over every sentence: fixed wording
in the likeliest languages at once (people mix them and misspell), and a model over sentence meaning and the
pieces of words that also reads what nobody has worded yet. Either one is enough: a miss costs more than a false alarm.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.danger import DangerKind, DangerLanguage
from bot.language.embedding import Embedding, Vectors
from bot.language.fold import fold
from bot.language.linear import centre, sigmoid
from bot.language.network import ModelMissing, Network
from bot.language.sentences import Unit, units
from bot.language.spelling import Spelling
from bot.language.wording import Pattern, any_in, compile_all, first_in

_SHORT = 160
"""A message up to this length is also read as a whole: fear does not punctuate."""


@dataclass(frozen=True)
class Danger:
    """What was read, and where; `material`: in a text someone passed on, not in their own words."""

    kind: DangerKind
    start: int
    end: int
    material: bool = False


@dataclass(frozen=True)
class DangerModel:
    """Reads danger from the meaning of a sentence and from the pieces of its words, which err differently.

    Attributes:
        mean: of the vectors, which are read relative to it.
        kinds: the kinds of danger, by name.
        network: its first label is danger of any kind, the others are one kind each.
        spelling: danger of any kind.
        threshold: from which a sentence is danger.
    """

    mean: Vectors
    kinds: NDArray[Any]
    network: Network
    spelling: Spelling
    threshold: float

    def read(self, sentences: Sequence[str], vectors: Vectors) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return for each sentence how likely it is danger, and the likeliest kind."""
        found = self.network.probabilities(centre(vectors, self.mean))
        any_kind = together(found[:, 0].astype(np.float64), self.spelling.probabilities(sentences))
        return any_kind, self.kinds[found[:, 1:].argmax(axis=1)]

    def save(self, path: Path) -> None:
        """Write the weights as plain arrays."""
        path.parent.mkdir(parents=True, exist_ok=True)
        own = {"mean": self.mean, "kinds": self.kinds, "threshold": np.array(self.threshold)}
        spelling = {"weights": self.spelling.weights, "bias": self.spelling.bias}
        np.savez(path, **own, **spelling, **self.network.arrays())

    @classmethod
    def load(cls, path: Path) -> "DangerModel":
        """Read what `save` wrote.

        Raises:
            ModelMissing: it was never written, or by another version.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                spelling = Spelling(stored["weights"], stored["bias"])
                return cls(stored["mean"], stored["kinds"], Network.of(stored), spelling, float(stored["threshold"]))
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise ModelMissing("Danger cannot be read yet: run `oberih train`.") from error


def together(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what two readers find together: the mean of their log odds."""
    sure = 1e-6
    odds = [np.log(p / (1 - p)) for p in (np.clip(one, sure, 1 - sure), np.clip(other, sure, 1 - sure))]
    return sigmoid((odds[0] + odds[1]) / 2)


_WORDED = tuple(kind for kind in DangerKind if kind is not DangerKind.SAFE_WORD)
Wording = Mapping[DangerKind, tuple[tuple[Pattern, ...], tuple[Pattern, ...]]]
"""For each kind of danger its patterns, and what takes them back."""


class DangerReader:
    """Finds danger in a text; built once.

    Wording is pooled over the likeliest languages of a sentence, what takes it back as well, because people mix
    languages. In all of them at once, words that mean danger in one would fire in the harmless words of another.

    Args:
        languages: how danger is worded in each.
        likely: returns the languages that a sentence may be in, as codes.
        safe_words: each alone is danger.
        model: reads danger from meaning.
        embedding: gives sentences their vectors.
    """

    def __init__(
        self,
        languages: Mapping[str, DangerLanguage],
        likely: Callable[[str], Sequence[str]],
        safe_words: frozenset[str],
        model: DangerModel,
        embedding: Embedding,
    ) -> None:
        self._likely = likely
        self._languages = languages
        self._compiled: dict[str, Wording] = {}
        self._safe_words = frozenset(fold(word).text for word in safe_words)
        self._model = model
        self._embedding = embedding

    def by_wording(self, text: str) -> Optional[Danger]:
        """Return the first danger that fixed wording shows; takes a millisecond or two, embeds nothing."""
        folded = fold(text)
        if folded.text.strip(" .!?\n") in self._safe_words:
            return Danger(DangerKind.SAFE_WORD, *folded.span(0, len(folded.text)))
        for piece in _pieces(folded.text):
            found = self._worded(piece.text)
            if found is not None:
                kind, match = found
                return Danger(kind, *folded.span(piece.start + match.start(), piece.start + match.end()))
        return None

    def _worded(self, sentence: str) -> Optional[tuple[DangerKind, re.Match[str]]]:
        likely = [self._wording(code) for code in self._likely(sentence) if code in self._languages]
        for kind in _WORDED:
            worded = [wording[kind] for wording in likely]
            match = next(filter(None, (first_in(patterns, sentence) for patterns, _ in worded)), None)
            if match and not any(any_in(unless, sentence) for _, unless in worded):
                return kind, match
        return None

    def _wording(self, code: str) -> "Wording":
        """Return the wording of a language, compiled when it is first asked for: all of them take seconds."""
        if code not in self._compiled:
            kinds = self._languages[code].kinds
            self._compiled[code] = {
                kind: (compile_all(kinds[kind].patterns), compile_all(kinds[kind].unless)) for kind in _WORDED
            }
        return self._compiled[code]

    def warm_up(self, languages: Iterable[str]) -> None:
        """Compile the wording of some languages now, so that nobody waits for it."""
        for code in languages:
            self._wording(code)

    def texts_to_embed(self, text: str) -> list[str]:
        """Return the texts whose vectors `read` will ask for."""
        return [piece.text for piece in _pieces(fold(text).text)]

    def read(self, text: str) -> Optional[Danger]:
        """Return the danger in a text, by wording or by meaning, or None."""
        return self.by_wording(text) or self._by_meaning(text)

    def _by_meaning(self, text: str) -> Optional[Danger]:
        folded = fold(text)
        pieces = [piece for piece in _pieces(folded.text) if len(piece.text.split()) >= 2]
        if not pieces:
            return None
        texts = [piece.text for piece in pieces]
        chances, kinds = self._model.read(texts, self._embedding(texts))
        best = int(chances.argmax())
        if chances[best] < self._model.threshold:
            return None
        return Danger(DangerKind(str(kinds[best])), *folded.span(pieces[best].start, pieces[best].end))


def _pieces(text: str) -> list[Unit]:
    sentences = [piece for piece in units(text) if not piece.clause]
    if len(sentences) > 1 and len(text) <= _SHORT:
        whole = " ".join(text.split("\n"))
        return [Unit(0, len(text), whole, clause=False), *sentences]
    return sentences
