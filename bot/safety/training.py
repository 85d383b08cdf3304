"""Training the danger model from the hand-written danger words and everything that only looks like them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from bot.knowledge.danger import DangerKind, DangerLanguage
from bot.language import network, spelling
from bot.language.embedding import Vectors
from bot.language.fold import fold
from bot.language.linear import Matrix, centre
from bot.language.network import Shape
from bot.safety.danger import DangerModel, together

_LOOK_ALIKE_WEIGHT = 2.0
_DANGER_WEIGHT = 3.0
_FALSE_ALARMS = 0.008
"""Share of held-out texts without danger that may raise the card."""
_THRESHOLD_BOUNDS = (0.4, 0.95)
_FOLDS = 3
_SHAPE = Shape(hidden=512, epochs=15, decay=3e-4)


@dataclass(frozen=True)
class Example:
    """One hand-written text; `kind` is None where there is no danger."""

    text: str
    kind: Optional[DangerKind]
    look_alike: bool = False


def examples(languages: Mapping[str, DangerLanguage], harmless: Sequence[str]) -> list[Example]:
    """Return all danger words and look-alikes, and other harmless texts, folded."""
    found = []
    for language in languages.values():
        for kind, wording in language.kinds.items():
            found += [Example(fold(phrase).text, kind) for phrase in wording.phrases]
        found += [Example(fold(text).text, None, look_alike=True) for text in language.look_alikes]
    return found + [Example(fold(text).text, None) for text in harmless]


def train(material: Sequence[Example], vectors: Vectors) -> DangerModel:
    """Fit the model; the threshold is the lowest one that keeps held-out false alarms in bounds."""
    kinds: list[DangerKind] = [kind for kind in DangerKind if kind is not DangerKind.SAFE_WORD]
    mean = vectors.mean(axis=0).astype(np.float32)
    x = centre(vectors, mean).astype(np.float64)
    y = np.zeros((len(material), 1 + len(kinds)))
    weights = np.ones_like(y)
    for row, example in enumerate(material):
        if example.kind is not None:
            y[row, 0] = y[row, 1 + kinds.index(example.kind)] = 1
            weights[row] = _DANGER_WEIGHT
        elif example.look_alike:
            weights[row] = _LOOK_ALIKE_WEIGHT
    texts = [example.text for example in material]
    return DangerModel(
        mean=mean,
        kinds=np.array([kind.value for kind in kinds]),
        network=network.fit(x, y, weights, _SHAPE),
        spelling=spelling.fit(texts, y[:, 0], weights[:, 0]),
        threshold=_threshold(texts, x, y, weights),
    )


def _threshold(texts: Sequence[str], x: Matrix, y: Matrix, weights: Matrix) -> float:
    """Return the threshold by models that have not seen the rows they read, a third of all at a time."""
    fold_of, chances = np.arange(len(x)) % _FOLDS, np.zeros(len(x))
    for number in range(_FOLDS):
        seen, test = np.flatnonzero(fold_of != number), np.flatnonzero(fold_of == number)
        meaning = network.fit(x[seen], y[seen], weights[seen], _SHAPE).probabilities(x[test].astype(np.float32))[:, 0]
        wording = spelling.fit([texts[row] for row in seen], y[seen, 0], weights[seen, 0])
        chances[test] = together(meaning.astype(np.float64), wording.probabilities([texts[row] for row in test]))
    harmless = chances[y[:, 0] == 0]
    return float(np.clip(np.quantile(harmless, 1 - _FALSE_ALARMS), *_THRESHOLD_BOUNDS))
