"""The trained part of the offer check: small models over sentence embeddings.

A network with one hidden layer says for each sign how likely a unit of text states it; two softmax regressions say
what is offered and who speaks. All are trained on the hand-written phrases of `data/signs/examples` only
(`bot.offers.training`), and stored without pickle.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.signs import Kind
from bot.language.embedding import Vectors
from bot.language.linear import centre, sigmoid, softmax
from bot.language.network import ModelMissing, Network

VOICES = ("offering", "seeking", "other")


@dataclass(frozen=True)
class OfferModel:
    """Weights over centred, unit-length vectors.

    Attributes:
        signs: their ids.
        mean: of the vectors, which are read relative to it.
        network: one label a sign.
        calibration: what the network's log odds are multiplied by, and what is added, so that of all that is given a
            probability of 0.7, seven in ten are right (J. Platt, "Probabilistic outputs", 1999); shape (2,).
        reliability: how that turned out, by tenths of probability: the mean probability, the share that was right, and
            how many there were; shape (10, 3).
        thresholds: probabilities, one a sign: what a first mention needs.
        second_thresholds: lower ones, for texts that already warn.
    """

    signs: NDArray[Any]
    mean: Vectors
    network: Network
    calibration: Vectors
    reliability: Vectors
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
        return sigmoid(self.network.scores(centred) * self.calibration[0] + self.calibration[1])

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
        own = {name: getattr(self, name) for name in _OWN}
        np.savez(path, **own, **self.network.arrays())

    @classmethod
    def load(cls, path: Path) -> "OfferModel":
        """Read what `save` wrote.

        Raises:
            ModelMissing: there is no such file, or it is from another version.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(network=Network.of(stored), **{name: stored[name] for name in _OWN})
        except (FileNotFoundError, KeyError, ValueError, BadZipFile, EOFError) as error:
            raise ModelMissing("The offer check is not trained yet: run `oberih train`.") from error


_OWN = tuple(field.name for field in fields(OfferModel) if field.name != "network")
