"""One text on the table: its sentences and clauses, and what the models read in each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import Embedding, Vectors
from bot.language.fold import Folded, fold
from bot.language.sentences import Unit, units
from bot.language.wording import any_in
from bot.offers.model import VOICES, OfferModel
from bot.offers.patterns import LanguagePatterns
from bot.offers.verdict import Evidence

MAX_EVIDENCE = 3
"""Passages quoted for one sign; more would bury the others."""
_SUPPRESSED_VOICE = 0.85
_LEAST_WORDS = 3
"""Fewer words have no meaning of their own to go by; fixed wording still reads them."""
_LOOK_CLOSER = 0.02
"""Clauses are read where their sentence shows at least this probability of some sign; elsewhere they add nothing."""


@dataclass(frozen=True)
class Reading:
    """A folded text with its units and their scores.

    Attributes:
        units: sentences, each followed by its clauses where it is long.
        sentence_of: for each unit, the index of its sentence.
        probabilities: of each sign in each unit, shape (units, signs); zero where the unit may raise none.
        sentence_vectors: centred vectors of the sentences alone.
        voices: probabilities of `VOICES` for each sentence.
    """

    original: str
    folded: Folded
    units: Sequence[Unit]
    sentence_of: NDArray[np.int64]
    quiet: NDArray[np.bool_]
    probabilities: Vectors
    sentence_vectors: Vectors
    voices: Vectors
    books: Sequence[LanguagePatterns]

    def sentences(self) -> list[tuple[int, Unit]]:
        """Return the sentences that may raise signs, with their index."""
        return [(i, unit) for i, unit in enumerate(self.units) if not unit.clause and not self.quiet[i]]

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the folded span of an original one."""
        if self.folded.origin is None:
            return start, end
        inside = [i for i, at in enumerate(self.folded.origin) if start <= at < end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def evidence(self, spans: Iterable[tuple[int, int]]) -> tuple[Evidence, ...]:
        """Return the first passages, in order, without repeats, as exact words of the original."""
        kept: list[tuple[int, int]] = []
        for start, end in sorted(set(spans), key=lambda span: (span[0] - span[1], span[0])):
            if not any(first <= start and end <= last for first, last in kept):
                kept.append((start, end))
        passages = []
        for start, end in sorted(kept)[:MAX_EVIDENCE]:
            first, last = self.folded.span(start, end)
            passages.append(Evidence(self.original[first:last], first, last))
        return tuple(passages)


def read(text: str, books: Sequence[LanguagePatterns], model: OfferModel, embedding: Embedding) -> Reading:
    """Read a text with the wording of its languages and the trained model."""
    folded = fold(text)
    pieces = units(folded.text)
    sentence_of = np.maximum.accumulate(
        np.array([0 if piece.clause else index for index, piece in enumerate(pieces)], dtype=np.int64)
    )
    is_sentence = np.array([not piece.clause for piece in pieces], dtype=bool)
    probabilities = np.zeros((len(pieces), len(model.signs)), dtype=np.float32)
    vectors = _vectors(model, embedding, pieces, is_sentence)
    voices = model.voice_probabilities(vectors) if len(vectors) else np.zeros((0, len(VOICES)), np.float32)
    if len(vectors):
        probabilities[is_sentence] = model.sign_probabilities(vectors)
        promising = probabilities.max(axis=1) >= _LOOK_CLOSER
        closer = ~is_sentence & promising[sentence_of]
        if closer.any():
            probabilities[closer] = model.sign_probabilities(_vectors(model, embedding, pieces, closer))
    probabilities[[len(piece.text.split()) < _LEAST_WORDS for piece in pieces]] = 0.0
    quiet = _quiet(pieces, is_sentence, sentence_of, voices, books)
    probabilities[quiet] = 0.0
    _take_back(pieces, sentence_of, probabilities, books, {str(s): i for i, s in enumerate(model.signs)})
    return Reading(text, folded, pieces, sentence_of, quiet, probabilities, vectors, voices, books)


def _vectors(model: OfferModel, embedding: Embedding, pieces: Sequence[Unit], chosen: NDArray[np.bool_]) -> Vectors:
    return model.centred(embedding([piece.text for piece, wanted in zip(pieces, chosen, strict=True) if wanted]))


def _quiet(
    pieces: Sequence[Unit],
    is_sentence: NDArray[np.bool_],
    sentence_of: NDArray[np.int64],
    voices: Vectors,
    books: Sequence[LanguagePatterns],
) -> NDArray[np.bool_]:
    """Say for each unit whether its sentence warns or seeks rather than offers, so that it raises no sign.

    Judged sentence by sentence: words added elsewhere in a text can never silence a sign.
    """
    quiet = np.zeros(len(pieces), dtype=bool)
    quiet[is_sentence] = voices[:, VOICES.index("seeking")] > _SUPPRESSED_VOICE
    for index, piece in enumerate(pieces):
        if not piece.clause and any(any_in(book.advice, piece.text) for book in books):
            quiet[index] = True
    return quiet[sentence_of] if len(pieces) else quiet


def _take_back(
    pieces: Sequence[Unit],
    sentence_of: NDArray[np.int64],
    probabilities: Vectors,
    books: Sequence[LanguagePatterns],
    columns: dict[str, int],
) -> None:
    """Drop what a sentence takes back ('no fee', 'the passport stays with you'), where the model sees it at all."""
    for index, piece in enumerate(pieces):
        if piece.clause:
            continue
        members = sentence_of == index
        seen = probabilities[members].max(axis=0) >= _LOOK_CLOSER
        for book in books:
            for entry in book.signs:
                column = columns[entry.sign]
                if seen[column] and any_in(entry.unless, piece.text):
                    probabilities[members, column] = 0.0
