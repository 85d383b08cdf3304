"""A linear model over the pieces of words: reads wording that nobody wrote down, misspelt words included."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import Vectors
from bot.language.grams import pieces
from bot.language.linear import sigmoid
from bot.language.word_lists import words_of

_PLACES = 1 << 18
"""Pieces share weights where their hashes meet (K. Weinberger et al., "Feature hashing", 2009)."""
_STRENGTH = 20.0
_ROUNDS = 40


@dataclass(frozen=True)
class Spelling:
    """The weight of each place, and the bias, of shape (1,)."""

    weights: Vectors
    bias: Vectors

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how likely each text has the label that was trained for, shape (n,)."""
        found = map(_places, texts)
        sums = np.array([float(self.weights[places].sum()) * _scale(len(places)) for places in found])
        return sigmoid(sums + float(self.bias[0]))


def fit(texts: Sequence[str], y: NDArray[np.float64], weights: NDArray[np.float64]) -> Spelling:
    """Fit the model to labels, 0 or 1, each text weighing as it says; both of shape (n,)."""
    # Imported here: serving reads this module too and does without scikit-learn.
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    found = [_places(text) for text in texts]
    counts = np.array([len(places) for places in found])
    values = np.repeat([_scale(count) for count in counts], counts)
    ends = np.concatenate(([0], np.cumsum(counts)))
    matrix = csr_matrix((values, np.concatenate(found), ends), shape=(len(texts), _PLACES))
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=_ROUNDS).fit(matrix, y, weights)
    return Spelling(model.coef_[0].astype(np.float32), model.intercept_[:1].astype(np.float32))


def _places(text: str) -> NDArray[np.int64]:
    words = words_of(text)
    if not words:
        return np.empty(0, np.int64)
    found: NDArray[np.int64] = np.unique(np.concatenate([pieces(word) for word in words]) % _PLACES).astype(np.int64)
    return found


def _scale(count: int) -> float:
    return 1.0 / float(np.sqrt(max(1, count)))
