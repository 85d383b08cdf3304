"""The offer check: a text in, its warning signs with the words that show them out."""

from collections.abc import Collection, Mapping, Sequence

from bot.knowledge.languages import ReadLanguage
from bot.knowledge.pay import PayKnowledge
from bot.knowledge.signs import Catalogue, Kind
from bot.language.embedding import Embedding
from bot.language.fold import fold
from bot.language.places import PlaceNames
from bot.language.wording import any_in
from bot.offers import detect
from bot.offers.detect import Hits
from bot.offers.echoes import as_own_kind, without_echoes
from bot.offers.level import FLAGGED, leading_concern, level_of
from bot.offers.model import VOICES, OfferModel
from bot.offers.patterns import LanguagePatterns, PatternBook
from bot.offers.pay import Pay, PayReader
from bot.offers.questions import rank_questions
from bot.offers.reading import Reading, read
from bot.offers.verdict import SignFound, Verdict
from bot.privacy.spans import Span, SpanFinder

_PERIODS = ("hour", "day", "week", "month")
_KIND_WORD, _KIND_SIGN = 0.15, 0.1
"""What a word or a sign of a kind adds to the kind's mean probability."""
_OFFERING_WORDS = 0.4


class OfferChecker:
    """Checks offers; built once from the knowledge and the trained model, then without state."""

    def __init__(
        self,
        catalogue: Catalogue,
        languages: Mapping[str, ReadLanguage],
        pay: PayKnowledge,
        model: OfferModel,
        embedding: Embedding,
        places: PlaceNames,
    ) -> None:
        self._catalogue = catalogue
        self._languages = languages
        self._high_pay = pay.reference.high_monthly_eur
        self._pay = PayReader(pay)
        self._model = model
        self._embedding = embedding
        self._places = places
        self._book = PatternBook(catalogue)
        self._spans = SpanFinder()

    def check(self, text: str, language: str) -> Verdict:
        """Return the verdict on a text written in `language` (a code of ours)."""
        known = self._languages[language]
        books = self._books(known)
        reading = read(text, books, self._model, self._embedding)
        amounts = self._amounts(reading.folded.text, books, known)
        identifiers = self._spans.find(text, known.regions)
        hits, confident, kind = self._hits(reading, amounts, identifiers)
        missing = self._missing(kind, reading, amounts, identifiers)
        likeliest = reading.probabilities.max(axis=0, initial=0.0).tolist()
        chances = dict(zip(map(str, self._model.signs), likeliest, strict=True))
        return Verdict(
            language=language,
            kind=kind,
            direction=self._direction(reading, hits),
            level=level_of(self._catalogue, confident, kind, missing),
            concern=leading_concern(self._catalogue, hits),
            signs=tuple(
                SignFound(sign, reading.evidence(hits[sign]), sign in confident, round(chances[sign], 2))
                for sign in self._catalogue.signs
                if sign in hits
            ),
            missing=missing,
            identifiers=identifiers,
            questions=rank_questions(self._catalogue, kind, hits, missing, chances),
        )

    def recruits(self, text: str, language: str) -> bool:
        """Say whether a text uses the fixed phrases of someone who recruits, lets or drives."""
        folded = fold(text).text
        return any(any_in(book.offering, folded) for book in self._books(self._languages[language]))

    def warm_up(self, languages: Collection[str]) -> None:
        """Compile the wording of some languages now, so that nobody waits for it."""
        for language in languages:
            self._books(self._languages[language])

    def _books(self, known: ReadLanguage) -> list[LanguagePatterns]:
        return self._book.of((known.code, *known.reads))

    def _hits(self, reading: Reading, amounts: Sequence[Pay], identifiers: Sequence[Span]) -> tuple[Hits, Hits, Kind]:
        """Return the signs that are shown, those among them that the level goes by, and the kind of the offer.

        What a second look adds is worth showing and asking about, but a text that warns a little must not come out
        as one that warns strongly by what was found with less confidence.
        """
        hits: Hits = {}
        detect.by_wording(reading, hits)
        detect.by_meaning(reading, self._model, hits)
        detect.by_pay(reading, amounts, self._high_pay, hits)
        kind = self._kind(reading, hits)
        if kind is Kind.JOB:
            detect.by_contact(reading, identifiers, hits)
        confident = self._as_shown(kind, hits)
        if level_of(self._catalogue, confident, kind, ()) in FLAGGED:
            detect.second_look(reading, self._model, hits)
        return self._as_shown(kind, hits), confident, kind

    def _as_shown(self, kind: Kind, hits: Hits) -> Hits:
        return without_echoes(self._catalogue, kind, as_own_kind(self._catalogue, kind, hits))

    def _amounts(self, text: str, books: Sequence[LanguagePatterns], known: ReadLanguage) -> list[Pay]:
        periods = {name: [p for book in books for p in book.per.get(name, ())] for name in _PERIODS}
        return self._pay.read(text, periods, known.currency)

    def _kind(self, reading: Reading, hits: Collection[str]) -> Kind:
        if not len(reading.sentence_vectors):
            return Kind.OTHER
        scores = self._model.kind_probabilities(reading.sentence_vectors)
        for book in reading.books:
            for kind, patterns in book.kind_words.items():
                scores[kind] += _KIND_WORD * min(3, sum(1 for p in patterns if p.search(reading.folded.text)))
        for sign in hits:
            if not any(sign in twins for twins in self._catalogue.level.twins):
                scores[self._catalogue.signs[sign].kind] += _KIND_SIGN
        return max(scores, key=lambda kind: scores[kind])

    def _direction(self, reading: Reading, hits: Collection[str]) -> str:
        if not len(reading.voices):
            return "other"
        scores = reading.voices.mean(axis=0)
        if hits or any(any_in(book.offering, reading.folded.text) for book in reading.books):
            scores[VOICES.index("offering")] += _OFFERING_WORDS
        return VOICES[int(scores.argmax())]

    def _missing(
        self, kind: Kind, reading: Reading, amounts: Sequence[Pay], identifiers: Sequence[Span]
    ) -> tuple[str, ...]:
        """Return the facts of the offer's kind that the text does not state."""
        text, facts = reading.folded.text, self._catalogue.level.facts.get(kind, ())
        stated = {
            fact for fact in facts for book in reading.books if any_in(book.facts.get(kind, {}).get(fact, ()), text)
        }
        if amounts:
            stated |= {"pay", "price"}
        if any(span.type in ("email", "url") for span in identifiers):
            stated.add("employer")
        if self._places.find(text):
            stated |= {"place", "route"}
        return tuple(fact for fact in facts if fact not in stated)
