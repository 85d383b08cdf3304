"""How well languages are told apart, beside lingua and langdetect on the same rows.

Rows whose language is none of the product's are strangers: only whether they are told as such is counted.
`with_earlier` reads each pair of words after one earlier message of the same person, a sentence in the same language.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

import langdetect
from langdetect.lang_detect_exception import LangDetectException

from bot.language.identify import Identified, LanguageIdentifier
from evaluation.accuracy import accuracy
from evaluation.records import share

_MEAN_OF = ("word", "pair", "sentence")
Rows = Sequence[dict[str, Any]]


def measure(identifier: LanguageIdentifier, rows: Rows) -> dict[str, Any]:
    """Return the figures of `oberih evaluate language`; `ms` is the median for one text."""
    own = [row for row in rows if row["lang"] in identifier.codes]
    strangers = [row for row in rows if row["lang"] not in identifier.codes]
    found, times = _timed(identifier, own)
    figures = accuracy(own, "lang", [one.language for one in found])
    return {
        **_mean(figures),
        **figures,
        "supported": share(sum(one.supported for one in found), len(found)),
        "strangers_told": share(
            sum(not identifier.identify(row["text"]).supported for row in strangers), len(strangers)
        ),
        "with_earlier": _with_earlier(identifier, own),
        "ms": round(statistics.median(times), 3) if times else None,
        "compared": {name: _compared(own, guess) for name, guess in _others(identifier.codes).items()},
    }


def _timed(identifier: LanguageIdentifier, rows: Rows) -> tuple[list[Identified], list[float]]:
    found, times = [], []
    for row in rows:
        began = time.perf_counter()
        found.append(identifier.identify(row["text"]))
        times.append(1000 * (time.perf_counter() - began))
    return found, times


def _mean(figures: dict[str, Any]) -> dict[str, Any]:
    sets = figures["sets"]
    if not all(name in sets for name in _MEAN_OF):
        return {}
    return {"mean": round(statistics.mean(sets[name] for name in _MEAN_OF), 4)}


def _with_earlier(identifier: LanguageIdentifier, rows: Rows) -> dict[str, Any]:
    """Return the accuracy over pairs when the language of an earlier sentence of the same person is known."""
    said = {
        code: [r["text"] for r in rows if r["lang"] == code and r.get("set") == "sentence"] for code in identifier.codes
    }
    before = {code: cycle(texts) for code, texts in said.items() if texts}
    pairs = [row for row in rows if row.get("set") == "pair" and row["lang"] in before]
    guesses = []
    for row in pairs:
        earlier = identifier.identify(next(before[row["lang"]]))
        prior = {earlier.language: earlier.confidence}
        guesses.append(identifier.identify(row["text"], prior).language)
    return {"pair": accuracy(pairs, "lang", guesses)["accuracy"] if pairs else None}


def _compared(rows: Rows, guess: Callable[[str], str]) -> dict[str, Any]:
    figures = accuracy(rows, "lang", [guess(row["text"]) for row in rows])
    return {**_mean(figures), "accuracy": figures["accuracy"], "sets": figures["sets"]}


def _others(codes: Sequence[str]) -> dict[str, Callable[[str], str]]:
    # lingua is installed for this comparison alone.
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

    known = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in codes]
    detector = LanguageDetectorBuilder.from_languages(*known).build()

    def lingua(text: str) -> str:
        best = detector.detect_language_of(text)
        return best.iso_code_639_1.name.lower() if best else ""

    return {"lingua": lingua, "langdetect": _langdetect}


def _langdetect(text: str) -> str:
    try:
        return str(langdetect.detect(text))
    except LangDetectException:
        return ""
