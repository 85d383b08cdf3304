"""Training the offer model from the hand-written wording of the signs.

Every phrase is a positive example of its sign and, unless its words also match another sign's
patterns, a negative one of all others; ordinary adverts, people seeking, everyday talk and the
counter-examples are negative for all. A third of them is held out once: by what a model that has not seen it says of
it, probabilities are calibrated and thresholds set.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.signs import Catalogue, Kind
from bot.language import network
from bot.language.embedding import Vectors
from bot.language.fold import fold
from bot.language.linear import Matrix, centre, fit_softmax, sigmoid
from bot.language.network import Shape
from bot.language.wording import any_in
from bot.offers.model import VOICES, OfferModel
from bot.offers.patterns import PatternBook, SignPatterns

_KINDS = (Kind.JOB, Kind.HOUSING, Kind.TRANSPORT, Kind.RELATIONSHIP, Kind.OTHER)
_POSITIVE_WEIGHT = 6.0
_COUNTER_WEIGHT = 3.0
_OTHER_SIGN_WEIGHT = 0.6
_SHAPE = Shape(hidden=512, epochs=12, decay=3e-4)
_HELD_OUT = 3
"""One in so many texts: neighbours, which are often worded alike, are not held out together."""
_MAX_FALSE_ALARMS = 1
"""Held-out ordinary sentences a sign may fire on, over all languages, before its threshold rises."""
_THRESHOLD_BOUNDS = (0.43, 0.53)
_SECOND_LOOK = 0.2
_HOPELESS = -6.0
"""Log odds below which a sign is as good as excluded: there are so many that they would decide the calibration."""
_BINS = 10


@dataclass(frozen=True)
class Example:
    """One hand-written text; `sign` is None for ordinary text, `counter_to` names what it must not raise.

    `talk`: a short message to the assistant, which is no offer; thresholds do not go by these.
    """

    text: str
    language: str
    sign: str | None
    kind: Kind
    voice: str
    counter_to: str | None = None
    talk: bool = False


def talk(messages: Iterable[tuple[str, str]]) -> list[Example]:
    """Return short messages to the assistant as examples of what raises no sign.

    Args:
        messages: the language and the words of each.
    """
    folded = ((code, fold(words).text) for code, words in messages)
    return [Example(text, code, None, Kind.OTHER, "other", talk=True) for code, text in folded if text]


def examples(catalogue: Catalogue) -> list[Example]:
    """Return every hand-written text of the catalogue, folded, in a fixed order."""
    found: list[Example] = []
    for code, language in catalogue.languages.items():
        for sign, wording in language.signs.items():
            kind = catalogue.signs[sign].kind
            found += [Example(t, code, sign, kind, "offering") for t in wording.phrases]
            found += [Example(t, code, None, kind, "offering", sign) for t in wording.counter_examples]
        for kind, texts in language.ordinary.items():
            found += [Example(t, code, None, kind, "offering") for t in texts]
        found += [Example(t, code, None, Kind.OTHER, "seeking") for t in language.seeking]
        found += [Example(t, code, None, Kind.OTHER, "other") for t in language.other]
    return [Example(fold(e.text).text, e.language, e.sign, e.kind, e.voice, e.counter_to) for e in found]


def fingerprint(catalogue: Catalogue) -> str:
    """Return a digest of all knowledge that the model depends on; it changes when training is needed."""
    digest = hashlib.sha256(json.dumps([catalogue.near, catalogue.level.twins]).encode())
    for code in sorted(catalogue.languages):
        digest.update(catalogue.languages[code].json(sort_keys=True).encode())
    return digest.hexdigest()


def train(catalogue: Catalogue, material: Sequence[Example], vectors: Vectors) -> OfferModel:
    """Fit the three models.

    Args:
        catalogue: the signs and their patterns.
        material: what `examples` returned.
        vectors: their embeddings, shape (n, 384), in the same order.
    """
    mean = vectors.mean(axis=0).astype(np.float32)
    x = centre(vectors, mean).astype(np.float64)
    signs = tuple(catalogue.signs)
    y, weights = _targets(catalogue, signs, material)
    out = np.arange(len(x)) % _HELD_OUT == 0
    scores = network.fit(x[~out], y[~out], weights[~out], _SHAPE).scores(x[out].astype(np.float32))
    counted = weights[out] > 0
    calibration = calibrated(scores[counted], y[out][counted])
    probabilities = sigmoid(scores * calibration[0] + calibration[1])
    may_fire = _may_fire(catalogue, signs, [material[row] for row in np.flatnonzero(out)])
    first = thresholds(probabilities, may_fire)
    kind_rows = [i for i, e in enumerate(material) if e.counter_to is None and e.voice != "seeking" and not e.talk]
    kinds = [_KINDS.index(material[i].kind) for i in kind_rows]
    kind_weights, kind_bias = fit_softmax(x[kind_rows], np.array(kinds), len(_KINDS))
    voices = np.array([VOICES.index(e.voice) for e in material])
    voice_weights, voice_bias = fit_softmax(x, voices, len(VOICES))
    return OfferModel(
        signs=np.array(signs),
        mean=mean,
        network=network.fit(x, y, weights, _SHAPE),
        calibration=calibration,
        reliability=reliability(probabilities[counted], y[out][counted]),
        thresholds=first,
        second_thresholds=np.minimum(first, _SECOND_LOOK).astype(np.float32),
        kinds=np.array([kind.value for kind in _KINDS]),
        kind_weights=kind_weights.astype(np.float32),
        kind_bias=kind_bias.astype(np.float32),
        voice_weights=voice_weights.astype(np.float32),
        voice_bias=voice_bias.astype(np.float32),
    )


def _targets(catalogue: Catalogue, signs: Sequence[str], material: Sequence[Example]) -> tuple[Matrix, Matrix]:
    """Return labels and weights, both of shape (examples, signs)."""
    book = PatternBook(catalogue)
    column = {sign: index for index, sign in enumerate(signs)}
    y = np.zeros((len(material), len(signs)))
    weights = np.ones_like(y)
    for row, example in enumerate(material):
        if example.sign is not None:
            weights[row] = _OTHER_SIGN_WEIGHT
            weights[row, [column[sign] for sign in _group(catalogue.near, example.sign)]] = 0
            y[row, [column[sign] for sign in _group(catalogue.level.twins, example.sign)]] = 1
            for patterns in book.of([example.language])[0].signs:
                if states(patterns, example.text):
                    y[row, column[patterns.sign]] = 1
        elif example.counter_to is not None:
            weights[row, column[example.counter_to]] = _COUNTER_WEIGHT
    weights[y == 1] = _POSITIVE_WEIGHT
    return y, weights


def _group(groups: Sequence[Sequence[str]], sign: str) -> set[str]:
    """Return a sign and all that share a group with it."""
    return {sign}.union(*(group for group in groups if sign in group))


def states(patterns: SignPatterns, sentence: str) -> bool:
    """Say whether a folded sentence states a sign by its fixed wording."""
    return any_in(patterns.patterns, sentence) and not any_in(patterns.unless, sentence)


def _may_fire(catalogue: Catalogue, signs: Sequence[str], material: Sequence[Example]) -> NDArray[np.bool_]:
    """Say, for each text and sign, whether the sign firing there would be a false alarm; shape (texts, signs).

    Not in texts that state a sign, nor in those that warn the reader or take the sign back, where none is
    raised, nor in the look-alikes, which were written to be hard.
    """
    book = PatternBook(catalogue)
    may = np.zeros((len(material), len(signs)), dtype=bool)
    for row, example in enumerate(material):
        if example.sign is not None or example.counter_to is not None or example.talk:
            continue
        patterns = book.of([example.language])[0]
        if not any_in(patterns.advice, example.text):
            taken_back = {entry.sign for entry in patterns.signs if any_in(entry.unless, example.text)}
            may[row] = [sign not in taken_back for sign in signs]
    return may


def calibrated(scores: Vectors, labels: NDArray[np.float64]) -> Vectors:
    """Return by what log odds are multiplied, and what is added, to be those with which labels are 1; shape (2,)."""
    # Imported here: serving reads this module too and does without scikit-learn.
    from sklearn.linear_model import LogisticRegression

    told = (scores > _HOPELESS) | (labels > 0)
    fitted = LogisticRegression(C=1e6).fit(scores[told].reshape(-1, 1), labels[told])
    return np.array([fitted.coef_[0, 0], fitted.intercept_[0]], np.float32)


def reliability(probabilities: Vectors, labels: NDArray[np.float64]) -> Vectors:
    """Return how often what is given a probability is so, by tenths: see `OfferModel.reliability`."""
    bins = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    some = np.maximum(counts, 1)
    said = np.bincount(bins, probabilities, _BINS) / some
    right = np.bincount(bins, labels, _BINS) / some
    table: Vectors = np.stack([said, right, counts], axis=1).astype(np.float32)
    return table


def thresholds(probabilities: Vectors, may_fire: NDArray[np.bool_]) -> Vectors:
    """Return for each sign the lowest probability that keeps held-out false alarms in bounds; both shape (n, signs)."""
    ranked = np.sort(np.where(may_fire, probabilities, 0.0), axis=0)
    lowest = ranked[-1 - _MAX_FALSE_ALARMS] + 1e-3
    bounded: Vectors = np.clip(lowest, *_THRESHOLD_BOUNDS).astype(np.float32)
    return bounded
