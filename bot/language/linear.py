"""Sentence vectors and linear models over them: the arithmetic of both."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import Vectors

Matrix = NDArray[np.float64]
Floats = TypeVar("Floats", NDArray[np.float64], NDArray[np.float32])
_ROUNDS = 60
"""After so many, further ones change no held-out accuracy."""


def centre(vectors: Vectors, mean: Vectors) -> Vectors:
    """Return unit-length vectors relative to `mean`."""
    moved = vectors - mean
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    scaled: Vectors = (moved / np.maximum(norms, 1e-6)).astype(np.float32)
    return scaled


def softmax(scores: Vectors) -> Vectors:
    """Return probabilities over the last axis."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    normal: Vectors = shifted / shifted.sum(axis=1, keepdims=True)
    return normal


def sigmoid(scores: Floats) -> Floats:
    """Return the logistic function, clipped so that it cannot overflow, in the precision it was given."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30))), dtype=scores.dtype)


def fit_softmax(x: Matrix, classes: NDArray[np.int64], count: int) -> tuple[Matrix, Matrix]:
    """Fit a class-balanced multinomial logistic regression.

    Returns:
        Coefficients of shape (count, features) and biases of shape (count,).
    """
    # Imported here: serving reads this module too and does without scikit-learn.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=_ROUNDS)
    model.fit(x, classes)
    coefficients = np.zeros((count, x.shape[1]))
    bias = np.full(count, -30.0)
    coefficients[model.classes_] = model.coef_
    bias[model.classes_] = model.intercept_
    return coefficients, bias
