"""From a reading to signs: by fixed wording, by meaning, and by a second look where a text already warns."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.language.wording import any_in, first_in
from bot.offers.model import OfferModel
from bot.offers.patterns import SignPatterns
from bot.offers.pay import Pay
from bot.offers.reading import Reading
from bot.privacy.spans import Span

Hits = dict[str, list[tuple[int, int]]]
"""For each sign, the spans of the folded text that state it."""
_LIKELY = 0.35
"""Probability from which a second look takes a sign even beside a likelier one."""
_PAY_SIGN = "J1"
_PAY_COMPANIONS = frozenset({"J2", "J3", "J4a", "J4b", "J6"})
_MESSENGER_SIGN = "J9"


def by_wording(reading: Reading, hits: Hits) -> None:
    """Add the signs whose fixed wording stands in a sentence."""
    for _, sentence in reading.sentences():
        for book in reading.books:
            for entry in book.signs:
                found = _stated(entry, sentence.text)
                if found is not None:
                    span = _whole_words(reading.folded.text, sentence.start + found[0], sentence.start + found[1])
                    hits.setdefault(entry.sign, []).append(span)


def by_meaning(reading: Reading, model: OfferModel, hits: Hits) -> None:
    """Add the signs that the classifier reads with the confidence it needs for a first mention."""
    _add(reading, model, reading.probabilities >= model.thresholds, hits)


def second_look(reading: Reading, model: OfferModel, hits: Hits) -> None:
    """Add signs at a lower confidence, to be called only for texts that already warn.

    Whether a text warns is decided by what was found with confidence; what else it says is then worth
    showing earlier: what is clearly likely, and of each unit its likeliest sign.
    """
    likeliest = np.zeros_like(reading.probabilities, dtype=bool)
    if len(reading.units):
        likeliest[np.arange(len(reading.units)), reading.probabilities.argmax(axis=1)] = True
    likely = reading.probabilities >= _LIKELY
    _add(reading, model, likely | likeliest & (reading.probabilities >= model.second_thresholds), hits)


def by_pay(reading: Reading, amounts: Iterable[Pay], high_monthly_eur: float, hits: Hits) -> None:
    """High pay is a sign only beside 'no experience', a narrow target group or vague duties."""
    unskilled = any(any_in(book.no_experience, reading.folded.text) for book in reading.books)
    if not unskilled and not _PAY_COMPANIONS & hits.keys():
        return
    for amount in amounts:
        if amount.monthly_eur is not None and amount.monthly_eur >= high_monthly_eur:
            hits.setdefault(_PAY_SIGN, []).append((amount.start, amount.end))


def by_contact(reading: Reading, identifiers: Sequence[Span], hits: Hits) -> None:
    """A job that can be reached by messenger alone: a weak sign."""
    types = {span.type for span in identifiers}
    if "handle" not in types or types & {"email", "url"}:
        return
    handle = next(span for span in identifiers if span.type == "handle")
    hits.setdefault(_MESSENGER_SIGN, []).append(reading.folded_span(handle.start, handle.end))


def _add(reading: Reading, model: OfferModel, fired: NDArray[np.bool_], hits: Hits) -> None:
    """Add one passage a sentence and sign: the unit of the sentence that shows the sign best."""
    best: dict[tuple[int, int], int] = {}
    for unit, column in np.argwhere(fired).tolist():
        key = (int(reading.sentence_of[unit]), column)
        if key not in best or reading.probabilities[unit, column] > reading.probabilities[best[key], column]:
            best[key] = unit
    for (_, column), unit in best.items():
        piece = reading.units[unit]
        hits.setdefault(str(model.signs[column]), []).append((piece.start, piece.end))


def _stated(entry: SignPatterns, sentence: str) -> tuple[int, int] | None:
    match = first_in(entry.patterns, sentence)
    if match is None or match.end() == match.start() or any_in(entry.unless, sentence):
        return None
    return match.span()


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and not (text[start].isalnum() or text[start] in "€$£@+"):
        start += 1
    return start, end
