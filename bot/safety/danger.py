"""Danger: the writer, or someone they write for, is in danger now.

Decided before anything else is said. Two readers work side by side over every sentence: fixed wording
in all languages at once (people mix them and misspell), and a linear model over sentence meaning that
also reads languages nobody has worded yet. Either one is enough: a miss costs more than a false alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.danger import DangerKind, DangerLanguage
from bot.language.embedding import Embedding, Vectors
from bot.language.fold import fold
from bot.language.linear import centre, sigmoid
from bot.language.sentences import Unit, units
from bot.language.wording import any_in, compile_all, first_in

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
    """Weights over centred vectors: the first row reads danger of any kind, the others one kind each."""

    mean: Vectors
    kinds: NDArray[Any]
    weights: Vectors
    bias: Vectors
    threshold: Vectors

    def save(self, path: Path) -> None:
        """Write the weights as plain arrays."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> "DangerModel":
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: it was never written.
        """
        with np.load(path, allow_pickle=False) as stored:
            return cls(**{field.name: stored[field.name] for field in fields(cls)})


class DangerReader:
    """Finds danger in a text; built once.

    Wording is pooled over the languages, what takes it back as well, because people mix them.
    """

    def __init__(
        self,
        languages: Mapping[str, DangerLanguage],
        safe_words: frozenset[str],
        model: DangerModel,
        embedding: Embedding,
    ) -> None:
        self._wording = [
            (
                kind,
                compile_all(p for language in languages.values() for p in language.kinds[kind].patterns),
                compile_all(p for language in languages.values() for p in language.kinds[kind].unless),
            )
            for kind in DangerKind
            if kind is not DangerKind.SAFE_WORD
        ]
        self._safe_words = frozenset(fold(word).text for word in safe_words)
        self._model = model
        self._embedding = embedding

    def by_wording(self, text: str) -> Optional[Danger]:
        """Return the first danger that fixed wording shows; takes a millisecond, needs no model."""
        folded = fold(text)
        if folded.text.strip(" .!?\n") in self._safe_words:
            return Danger(DangerKind.SAFE_WORD, *folded.span(0, len(folded.text)))
        for piece in _pieces(folded.text):
            for kind, patterns, unless in self._wording:
                match = first_in(patterns, piece.text)
                if match and not any_in(unless, piece.text):
                    return Danger(kind, *folded.span(piece.start + match.start(), piece.start + match.end()))
        return None

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
        vectors = centre(self._embedding([piece.text for piece in pieces]), self._model.mean)
        scores = sigmoid((vectors @ self._model.weights.T + self._model.bias).astype(np.float64))
        best = int(scores[:, 0].argmax())
        if scores[best, 0] < float(self._model.threshold):
            return None
        kind = DangerKind(str(self._model.kinds[int(scores[best, 1:].argmax())]))
        return Danger(kind, *folded.span(pieces[best].start, pieces[best].end))


def _pieces(text: str) -> list[Unit]:
    sentences = [piece for piece in units(text) if not piece.clause]
    if len(sentences) > 1 and len(text) <= _SHORT:
        whole = " ".join(text.split("\n"))
        return [Unit(0, len(text), whole, clause=False), *sentences]
    return sentences
