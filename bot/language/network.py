"""A small network over sentence vectors: one hidden layer, one probability for each label."""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import Vectors
from bot.language.linear import Matrix, sigmoid

_BATCH = 256
_RATE = 2e-3
_MEAN_DECAY, _SQUARE_DECAY, _TINY = 0.9, 0.999, 1e-8


class ModelMissing(Exception):
    """A model has not been trained yet."""


class Shape(NamedTuple):
    """How a network is made: units of its hidden layer, passes over the examples, and the decay of weights.

    The decay says how much each weight shrinks a step (I. Loshchilov, F. Hutter, "Decoupled weight decay", 2019).
    """

    hidden: int
    epochs: int
    decay: float


@dataclass(frozen=True)
class Network:
    """Weights: `inner` of shape (features, hidden), `outer` of shape (hidden, labels), each with its bias."""

    inner: Vectors
    inner_bias: Vectors
    outer: Vectors
    outer_bias: Vectors

    def probabilities(self, x: Vectors) -> Vectors:
        """Return the probability of each label, shape (n, labels)."""
        return sigmoid(self.scores(x))

    def scores(self, x: Vectors) -> Vectors:
        """Return the log odds of each label, shape (n, labels)."""
        hidden = np.maximum(x @ self.inner + self.inner_bias, 0.0)
        return np.asarray(hidden @ self.outer + self.outer_bias, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the weights by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of(cls, stored: Any) -> "Network":
        """Return the network whose weights `arrays` named.

        Raises:
            KeyError: one of them is not there.
        """
        return cls(**{field.name: stored[field.name] for field in fields(cls)})


def fit(x: Matrix, y: Matrix, weights: Matrix, shape: Shape) -> Network:
    """Fit a network to labels, each example and label weighing as it says (D. Kingma, J. Ba, "Adam", 2015).

    The same input gives the same network: chance comes from a fixed seed.

    Args:
        x: vectors, shape (n, features).
        y: labels, 0 or 1, shape (n, labels).
        weights: shape (n, labels).
        shape: how the network is made.
    """
    chance = np.random.default_rng(0)
    rows, labels, importance = (matrix.astype(np.float32) for matrix in (x, y, weights))
    parts = _begun(chance, x.shape[1], labels, shape.hidden)
    means, squares = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    batches = -(-len(rows) // _BATCH)
    for step in range(shape.epochs * batches):
        if step % batches == 0:
            order = chance.permutation(len(rows))
        some = order[step % batches * _BATCH : (step % batches + 1) * _BATCH]
        gradients = _gradients(parts, rows[some], labels[some], importance[some])
        rate = _RATE * (1 - step / (shape.epochs * batches))
        for part, gradient, mean, square in zip(parts, gradients, means, squares, strict=True):
            mean += (1 - _MEAN_DECAY) * (gradient - mean)
            square += (1 - _SQUARE_DECAY) * (gradient**2 - square)
            moved = mean / (1 - _MEAN_DECAY ** (step + 1))
            moved /= np.sqrt(square / (1 - _SQUARE_DECAY ** (step + 1))) + _TINY
            part -= rate * moved + (shape.decay * part if part.ndim == 2 else 0.0)
    return Network(*parts)


def _begun(chance: np.random.Generator, features: int, labels: Vectors, hidden: int) -> list[Vectors]:
    """Return weights to begin with; the last bias is how common each label is."""
    common = labels.mean(axis=0) + 1e-3
    begun = [
        chance.normal(size=(features, hidden)) * np.sqrt(2 / features),
        np.zeros(hidden),
        chance.normal(size=(hidden, labels.shape[1])) / np.sqrt(hidden),
        np.log(common / (1 - common)),
    ]
    return [part.astype(np.float32) for part in begun]


def _gradients(parts: list[Vectors], x: Vectors, y: Vectors, weights: Vectors) -> list[Vectors]:
    inner, inner_bias, outer, outer_bias = parts
    hidden = np.maximum(x @ inner + inner_bias, 0.0)
    errors = weights * (sigmoid(np.asarray(hidden @ outer + outer_bias, dtype=np.float32)) - y) / len(x)
    back = (errors @ outer.T) * (hidden > 0)
    return [x.T @ back, back.sum(axis=0), hidden.T @ errors, errors.sum(axis=0)]
