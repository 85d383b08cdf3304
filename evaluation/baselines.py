"""What the field does today, with the same signs and phrases: keywords, and TF-IDF with logistic regression."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from bot.knowledge.signs import Catalogue, Kind
from bot.language.fold import fold
from bot.language.sentences import units
from bot.language.wording import any_in
from bot.offers.level import level_of
from bot.offers.patterns import PatternBook
from bot.offers.training import examples

Row = dict[str, Any]


def keywords(catalogue: Catalogue, rows: Sequence[Row]) -> list[Row]:
    """Check texts by the wording of their language alone: no negation, no meaning, no warning is understood."""
    book = PatternBook(catalogue)
    checks = []
    for row in rows:
        text = fold(row["text"]).text
        wording = [entry for language in book.of([row["lang"]]) for entry in language.signs]
        checks.append(_check(catalogue, {entry.sign for entry in wording if any_in(entry.patterns, text)}))
    return checks


def tf_idf(catalogue: Catalogue, rows: Sequence[Row]) -> list[Row]:
    """Check texts, sentence by sentence, by a classifier over the words of the same phrases; takes a minute or two."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.multiclass import OneVsRestClassifier

    material, signs = examples(catalogue), list(catalogue.signs)
    labels = np.zeros((len(material), len(signs)), dtype=np.int8)
    for number, example in enumerate(material):
        if example.sign is not None:
            labels[number, signs.index(example.sign)] = 1
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    model = OneVsRestClassifier(SGDClassifier(loss="log_loss", alpha=1e-5, class_weight="balanced", random_state=0))
    model.fit(words.fit_transform([example.text for example in material]), labels)
    checks = []
    for row in rows:
        sentences = [unit.text for unit in units(fold(row["text"]).text) if not unit.clause]
        fired = model.predict(words.transform(sentences)).any(axis=0) if sentences else np.zeros(len(signs), bool)
        checks.append(_check(catalogue, {sign for sign, stated in zip(signs, fired, strict=True) if stated}))
    return checks


def _check(catalogue: Catalogue, present: Collection[str]) -> Row:
    level = level_of(catalogue, present, Kind.OTHER, ())
    return {"level": level.value, "signs": [{"id": sign} for sign in sorted(present)]}
