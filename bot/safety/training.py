"""Training the danger model from the hand-written danger words and everything that only looks like them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from bot.knowledge.danger import DangerKind, DangerLanguage
from bot.language.embedding import Vectors
from bot.language.fold import fold
from bot.language.linear import Matrix, centre, fit_logistic, held_out
from bot.safety.danger import DangerModel

_LOOK_ALIKE_WEIGHT = 2.0
_DANGER_WEIGHT = 3.0
_FALSE_ALARMS = 0.005
"""Share of held-out texts without danger that may raise the card."""
_THRESHOLD_BOUNDS = (0.4, 0.95)


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
    coefficients, bias = fit_logistic(x, y, weights)
    return DangerModel(
        mean=mean,
        kinds=np.array([kind.value for kind in kinds]),
        weights=coefficients.astype(np.float32),
        bias=bias.astype(np.float32),
        threshold=np.array(_threshold(x, y[:, :1], weights[:, :1]), dtype=np.float32),
    )


def _threshold(x: Matrix, y: Matrix, weights: Matrix) -> float:
    harmless = held_out(x, y, weights)[y[:, 0] == 0, 0]
    return float(np.clip(np.quantile(harmless, 1 - _FALSE_ALARMS), *_THRESHOLD_BOUNDS))
