"""The trained part of the offer check: linear models over sentence embeddings.

For each sign a one-against-the-rest logistic regression says how likely a unit of text states it;
two softmax regressions say what is offered and who speaks. All are trained on the hand-written
phrases of `data/signs/examples` only (`bot.offers.training`), and stored without pickle.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.signs import Kind
from bot.language.embedding import Vectors
from bot.language.linear import centre, softmax

VOICES = ("offering", "seeking", "other")


class ModelMissing(Exception):
    """The vectors and weights have not been built yet."""


@dataclass(frozen=True)
class OfferModel:
    """Weights over centred, unit-length vectors.

    `thresholds` are probabilities, one a sign: what a first mention needs. `second_thresholds` are lower,
    for texts that already warn.
    """

    signs: NDArray[Any]
    mean: Vectors
    weights: Vectors
    bias: Vectors
    thresholds: Vectors
    second_thresholds: Vectors
    kinds: NDArray[Any]
    kind_weights: Vectors
    kind_bias: Vectors
    voice_weights: Vectors
    voice_bias: Vectors

    def centred(self, vectors: Vectors) -> Vectors:
        """Return vectors (n, 384) moved to the mean of our phrases and scaled to unit length."""
        return centre(vectors, self.mean)

    def sign_probabilities(self, centred: Vectors) -> Vectors:
        """Return the probability of each sign for each unit, shape (n, signs)."""
        scores = np.clip(centred @ self.weights.T + self.bias, -30, 30)
        probabilities: Vectors = 1.0 / (1.0 + np.exp(-scores))
        return probabilities

    def kind_probabilities(self, centred: Vectors) -> dict[Kind, float]:
        """Return the mean probability of each kind over the units."""
        mean = softmax(centred @ self.kind_weights.T + self.kind_bias).mean(axis=0)
        return {Kind(str(kind)): float(p) for kind, p in zip(self.kinds, mean, strict=True)}

    def voice_probabilities(self, centred: Vectors) -> Vectors:
        """Return for each unit the probabilities of `VOICES`, shape (n, 3)."""
        return softmax(centred @ self.voice_weights.T + self.voice_bias)

    def save(self, path: Path) -> None:
        """Write the weights as plain arrays."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> "OfferModel":
        """Read what `save` wrote.

        Raises:
            ModelMissing: there is no such file, or it is from another version.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(**{field.name: stored[field.name] for field in fields(cls)})
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise ModelMissing("The offer check is not trained yet: run `oberih train`.") from error
