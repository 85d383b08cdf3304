"""The offer check: a text in, its warning signs with the words that show them out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.languages import Language
from bot.knowledge.pay import PayKnowledge
from bot.knowledge.signs import Catalogue, Kind
from bot.language.embedding import Embedding, Vectors
from bot.language.fold import Folded, fold
from bot.language.sentences import Unit, units
from bot.offers.level import leading_concern, level_of
from bot.offers.model import VOICES, OfferModel
from bot.offers.patterns import LanguagePatterns, PatternBook
from bot.offers.pay import Pay, PayReader
from bot.offers.questions import rank_questions
from bot.offers.verdict import Evidence, SignFound, Verdict
from bot.privacy.spans import Span, SpanFinder

MAX_EVIDENCE = 3
"""Passages quoted for one sign; more would bury the others."""
_PAY_SIGN = "J1"
_PAY_COMPANIONS = frozenset({"J2", "J3", "J4a", "J4b", "J6"})
_MESSENGER_SIGN = "J9"
_SUPPRESSED_VOICE = 0.85


class OfferChecker:
    """Checks offers; built once from the knowledge and the trained model, then without state."""

    def __init__(
        self,
        catalogue: Catalogue,
        languages: Mapping[str, Language],
        pay: PayKnowledge,
        model: OfferModel,
        embedding: Embedding,
    ) -> None:
        self._catalogue = catalogue
        self._languages = languages
        self._high_pay = pay.reference.high_monthly_eur
        self._pay = PayReader(pay)
        self._model = model
        self._embedding = embedding
        self._book = PatternBook(catalogue)
        self._spans = SpanFinder()
        self._columns = {str(sign): column for column, sign in enumerate(model.signs)}

    def texts_to_embed(self, text: str) -> list[str]:
        """Return the texts whose vectors `check` will ask for."""
        return [unit.text for unit in units(fold(text).text)]

    def check(self, text: str, language: str) -> Verdict:
        """Return the verdict on a text written in `language` (a code of ours)."""
        folded = fold(text)
        pieces = units(folded.text)
        known = self._languages[language]
        books = self._book.of((language, *known.reads))
        centred = self._model.centred(self._embedding([piece.text for piece in pieces]))
        reading = _Reading(folded, text, pieces, books)
        amounts = self._amounts(folded.text, books, known)
        identifiers = self._spans.find(text, known.regions)

        hits: dict[str, list[tuple[int, int]]] = {}
        quiet = self._quiet(reading, centred)
        self._by_pattern(reading, quiet, hits)
        chances = self._by_meaning(reading, quiet, centred, hits)
        self._by_pay(reading, amounts, hits)
        kind = self._kind(reading, centred, hits)
        self._by_contact(kind, reading, identifiers, hits)
        missing = self._missing(kind, reading, amounts, identifiers)
        found = tuple(SignFound(sign, reading.evidence(hits[sign])) for sign in self._catalogue.signs if sign in hits)
        return Verdict(
            language=language,
            kind=kind,
            direction=self._direction(reading, centred, hits),
            level=level_of(self._catalogue, hits, kind, missing),
            concern=leading_concern(self._catalogue, hits),
            signs=found,
            missing=missing,
            identifiers=identifiers,
            questions=rank_questions(self._catalogue, kind, hits, chances),
            chances=chances,
        )

    def _amounts(self, text: str, books: Sequence[LanguagePatterns], known: Language) -> list[Pay]:
        periods = {
            name: [p for book in books for p in book.per.get(name, ())] for name in ("hour", "day", "week", "month")
        }
        return self._pay.read(text, periods, known.currency)

    def _quiet(self, reading: "_Reading", centred: Vectors) -> list[bool]:
        """Say for each unit whether it warns or seeks rather than offers, so that it raises no sign.

        Judged sentence by sentence: words added elsewhere in a text can never silence a sign.
        """
        if not reading.pieces:
            return []
        voices = self._model.voice_probabilities(centred)
        seeking = voices[:, VOICES.index("seeking")] > _SUPPRESSED_VOICE
        silent: list[bool] = []
        sentence_silent = False
        for piece, seeks in zip(reading.pieces, seeking.tolist(), strict=True):
            if not piece.clause:
                advice = any(p.search(piece.text) for book in reading.books for p in book.advice)
                sentence_silent = advice or seeks
            silent.append(sentence_silent)
        return silent

    def _by_pattern(self, reading: "_Reading", quiet: Sequence[bool], hits: dict[str, list[tuple[int, int]]]) -> None:
        for piece, silent in zip(reading.pieces, quiet, strict=True):
            if piece.clause or silent:
                continue
            for book in reading.books:
                for entry in book.signs:
                    match = next(filter(None, (p.search(piece.text) for p in entry.patterns)), None)
                    if match and match.end() > match.start() and not any(p.search(piece.text) for p in entry.unless):
                        hits.setdefault(entry.sign, []).append(
                            _whole_words(reading.folded.text, piece.start + match.start(), piece.start + match.end())
                        )

    def _by_meaning(
        self, reading: "_Reading", quiet: Sequence[bool], centred: Vectors, hits: dict[str, list[tuple[int, int]]]
    ) -> dict[str, float]:
        """Add what the classifier reads, and return each sign's best probability in the text."""
        if not reading.pieces:
            return {}
        probabilities = self._model.sign_probabilities(centred)
        probabilities[np.array(quiet)] = 0.0
        for index, sentence in reading.sentences():
            vetoed = reading.vetoed(sentence)
            members = [index] + [i for i in range(index + 1, len(reading.pieces)) if reading.inside(i, index)]
            for sign, column in self._columns.items():
                best = max(members, key=lambda member: probabilities[member, column])
                if probabilities[best, column] >= self._model.thresholds[column] and sign not in vetoed:
                    piece = reading.pieces[best]
                    hits.setdefault(sign, []).append((piece.start, piece.end))
        return {sign: float(probabilities[:, column].max()) for sign, column in self._columns.items()}

    def _by_pay(self, reading: "_Reading", amounts: Iterable[Pay], hits: dict[str, list[tuple[int, int]]]) -> None:
        """High pay is a sign only beside 'no experience', a narrow target group or vague duties."""
        unskilled = any(p.search(reading.folded.text) for book in reading.books for p in book.no_experience)
        if not unskilled and not _PAY_COMPANIONS & hits.keys():
            return
        for amount in amounts:
            if amount.monthly_eur is not None and amount.monthly_eur >= self._high_pay:
                hits.setdefault(_PAY_SIGN, []).append((amount.start, amount.end))

    def _by_contact(
        self, kind: Kind, reading: "_Reading", identifiers: Sequence[Span], hits: dict[str, list[tuple[int, int]]]
    ) -> None:
        types = {span.type for span in identifiers}
        if kind is not Kind.JOB or "handle" not in types or types & {"email", "url"}:
            return
        handle = next(span for span in identifiers if span.type == "handle")
        hits.setdefault(_MESSENGER_SIGN, []).append(reading.folded_span(handle.start, handle.end))

    def _kind(self, reading: "_Reading", centred: Vectors, hits: Collection[str]) -> Kind:
        if not reading.pieces:
            return Kind.OTHER
        scores = self._model.kind_probabilities(centred)
        for book in reading.books:
            for kind, patterns in book.kind_words.items():
                scores[kind] += 0.15 * min(3, sum(1 for p in patterns if p.search(reading.folded.text)))
        for sign in hits:
            scores[self._catalogue.signs[sign].kind] += 0.1
        return max(scores, key=lambda kind: scores[kind])

    def _direction(self, reading: "_Reading", centred: Vectors, hits: Collection[str]) -> str:
        if not reading.pieces:
            return "other"
        sentences = [index for index, _ in reading.sentences()]
        scores = self._model.voice_probabilities(centred[sentences]).mean(axis=0)
        if hits or any(p.search(reading.folded.text) for book in reading.books for p in book.offering):
            scores[VOICES.index("offering")] += 0.4
        return VOICES[int(scores.argmax())]

    def _missing(
        self, kind: Kind, reading: "_Reading", amounts: Sequence[Pay], identifiers: Sequence[Span]
    ) -> tuple[str, ...]:
        stated = set()
        for fact in self._catalogue.level.facts.get(kind, ()):
            if any(
                p.search(reading.folded.text) for book in reading.books for p in book.facts.get(kind, {}).get(fact, ())
            ):
                stated.add(fact)
        if amounts:
            stated |= {"pay", "price"}
        if any(span.type in ("email", "url") for span in identifiers):
            stated.add("employer")
        return tuple(fact for fact in self._catalogue.level.facts.get(kind, ()) if fact not in stated)


@dataclass(frozen=True)
class _Reading:
    """One text on the table: its folded form, its units and the wording of its languages."""

    folded: Folded
    original: str
    pieces: Sequence[Unit]
    books: Sequence[LanguagePatterns]

    def sentences(self) -> list[tuple[int, Unit]]:
        return [(index, piece) for index, piece in enumerate(self.pieces) if not piece.clause]

    def inside(self, index: int, sentence: int) -> bool:
        piece = self.pieces[index]
        return piece.clause and piece.end <= self.pieces[sentence].end

    def vetoed(self, sentence: Unit) -> frozenset[str]:
        """Return the signs that this sentence takes back ('no fee', 'the passport stays with you')."""
        return frozenset(
            entry.sign
            for book in self.books
            for entry in book.signs
            if any(p.search(sentence.text) for p in entry.unless)
        )

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


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end and not (text[start].isalnum() or text[start] in "€$£@+"):
        start += 1
    return start, end
