"""Linear models over sentence vectors: fitting them, and the arithmetic of reading them."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import Vectors

Matrix = NDArray[np.float64]
Floats = TypeVar("Floats", NDArray[np.float64], NDArray[np.float32])
STRENGTH = 0.008
"""L2 regularisation per hundred examples, chosen by held-out phrases of the signs."""

FOLDS = 3


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


def fit_logistic(x: Matrix, y: Matrix, weights: Matrix) -> tuple[Matrix, Matrix]:
    """Fit one L2-regularised logistic regression per column of `y`, all at once.

    Returns:
        Coefficients of shape (signs, features) and biases of shape (signs,).
    """
    # Imported here: serving reads this module too and does without SciPy's optimisers.
    from scipy.optimize import minimize

    n, features = x.shape
    outputs = y.shape[1]
    penalty = STRENGTH * n / 100
    # Single precision halves the time and changes no probability in the third decimal.
    features_of, labels, importance = (matrix.astype(np.float32) for matrix in (x, y, weights))

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        single = flat.astype(np.float32)
        coefficients = single[: outputs * features].reshape(outputs, features)
        scores = features_of @ coefficients.T + single[outputs * features :]
        likelihood = sigmoid(scores)
        errors = importance * (likelihood - labels)
        right = np.where(labels > 0, likelihood, 1 - likelihood)
        value = -(importance * np.log(np.maximum(right, 1e-12))).sum(dtype=np.float64)
        value += 0.5 * penalty * (coefficients**2).sum(dtype=np.float64)
        gradient = errors.T @ features_of + penalty * coefficients
        return float(value), np.concatenate([gradient.ravel(), errors.sum(axis=0)]).astype(np.float64)

    start = np.zeros(outputs * (features + 1))
    start[outputs * features :] = -4.0
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    return fitted[: outputs * features].reshape(outputs, features), fitted[outputs * features :]


def held_out(x: Matrix, y: Matrix, weights: Matrix) -> Matrix:
    """Return the probability of each label of `y` by a model that has not seen its row, same shape as `y`.

    Every `FOLDS`-th row is held out together: neighbours, which are often worded alike, are not.
    """
    fold_of = np.arange(len(x)) % FOLDS
    probabilities = np.zeros_like(y)
    for number in range(FOLDS):
        test = fold_of == number
        coefficients, bias = fit_logistic(x[~test], y[~test], weights[~test])
        probabilities[test] = sigmoid(x[test] @ coefficients.T + bias)
    return probabilities


def fit_softmax(x: Matrix, classes: NDArray[np.int64], count: int) -> tuple[Matrix, Matrix]:
    """Fit a class-balanced multinomial logistic regression.

    Returns:
        Coefficients of shape (count, features) and biases of shape (count,).
    """
    # Imported here: serving reads this module too and does without scikit-learn.
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=300)
    model.fit(x, classes)
    coefficients = np.zeros((count, x.shape[1]))
    bias = np.full(count, -30.0)
    coefficients[model.classes_] = model.coef_
    bias[model.classes_] = model.intercept_
    return coefficients, bias
