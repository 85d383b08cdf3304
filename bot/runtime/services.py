"""The parts that a running assistant shares: knowledge, embedding, checkers, texts.

Rasa builds components, policies, actions and the response generator itself, by class path and without
arguments, so they find their parts here: `current()` builds them once per process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Event
from typing import Any, Optional

from bot import PROJECT_ROOT
from bot.knowledge.countries import Country, load_countries
from bot.knowledge.danger import DangerLanguage, load_danger
from bot.knowledge.files import read_yaml
from bot.knowledge.indicators import IndicatorCatalogue, load_indicators
from bot.knowledge.languages import Language, ReadLanguage, load_languages, load_read_languages
from bot.knowledge.messages import example_messages
from bot.knowledge.pay import PayKnowledge, load_pay
from bot.knowledge.questions import QuestionSet, load_questions
from bot.knowledge.receipt_words import load_receipt_words
from bot.knowledge.redaction import RedactionKnowledge, load_redaction
from bot.knowledge.signs import Catalogue, load_catalogue
from bot.language.embedding import E5Embedding, VectorCache
from bot.language.fold import fold
from bot.language.identify import LanguageIdentifier, LanguageModel
from bot.language.places import PlaceNames
from bot.language.texts import IN_CHANNEL, Texts, load_english
from bot.offers.check import OfferChecker
from bot.offers.model import OfferModel
from bot.privacy.redact import Redactor
from bot.runtime import models
from bot.runtime.reporting import Reporting, reporting_of
from bot.safety.danger import DangerModel, DangerReader
from bot.safety.material import MaterialReader
from bot.settings import Settings, load

_DANGER_IN = 5
_ALWAYS = ("uk", "ru", "en")


@dataclass(frozen=True)
class Knowledge:
    """Everything of `data/`, validated.

    `languages` are those that are spoken; `read_languages` have them all, and those that are only read.
    `passing_over` are the whole messages, folded, that say "skip" or "I do not know" and nothing else.
    """

    catalogue: Catalogue
    languages: dict[str, Language]
    read_languages: dict[str, ReadLanguage]
    danger: dict[str, DangerLanguage]
    countries: dict[str, Country]
    pay: PayKnowledge
    indicators: IndicatorCatalogue
    questions: Mapping[str, QuestionSet]
    redaction: RedactionKnowledge
    receipt_words: Mapping[str, tuple[str, ...]]
    passing_over: frozenset[str]


@dataclass(eq=False)
class Services:
    """The shared parts of one process; only `take_over` changes them."""

    settings: Settings
    knowledge: Knowledge
    vectors: VectorCache
    checker: OfferChecker
    danger: DangerReader
    material: MaterialReader
    identifier: LanguageIdentifier
    places: PlaceNames
    redactor: Redactor
    reporting: Optional[Reporting]
    texts: Texts

    def warm_up(self, stopped: Event) -> None:
        """Compile wording before somebody waits for it: that of the spoken languages, then danger in all others.

        All of it takes many seconds: once `stopped` is set, it ends with the language it is at.

        Raises:
            KnowledgeError: a pattern is no regular expression.
        """
        spoken = [(warm, code) for code in self.knowledge.languages for warm in (self.danger, self.checker)]
        for part, code in (*spoken, *((self.danger, code) for code in self.knowledge.read_languages)):
            if stopped.is_set():
                return
            part.warm_up((code,))

    def take_over(self, catalogue: Catalogue, model: OfferModel, root: Path = PROJECT_ROOT) -> None:
        """Go on with other signs, from one moment to the next: whoever wants the same ones for a while takes a copy."""
        knowledge = replace(self.knowledge, catalogue=catalogue)
        checker = _checker(knowledge, model, self.vectors, self.places)
        checker.warm_up(knowledge.languages)
        vars(self).update(knowledge=knowledge, texts=load_texts(knowledge, root), checker=checker)


def load_knowledge(root: Path = PROJECT_ROOT) -> Knowledge:
    """Read and validate all of `data/`.

    Raises:
        KnowledgeError: a file is missing or does not fit.
    """
    data = root / "data"
    return Knowledge(
        catalogue=load_catalogue(data),
        languages=load_languages(data),
        read_languages=load_read_languages(data),
        danger=load_danger(data),
        countries=load_countries(data),
        pay=load_pay(data),
        indicators=load_indicators(data),
        questions=load_questions(data),
        redaction=load_redaction(data),
        receipt_words=load_receipt_words(data),
        passing_over=frozenset(
            fold(words).text for _, intent, words in example_messages(data) if intent in ("skip", "dont_know")
        ),
    )


def build(settings: Settings, root: Path = PROJECT_ROOT) -> Services:
    """Build the shared parts.

    Raises:
        KnowledgeError: a knowledge file does not fit.
        ModelMissing: the models are not trained.
        EmbeddingError: the embedding does not run on this machine.
    """
    knowledge = load_knowledge(root)
    vectors = VectorCache(E5Embedding())
    places = PlaceNames(knowledge.countries, knowledge.read_languages)
    identifier = LanguageIdentifier(LanguageModel.load(models.language_path(settings)))
    safe_words = frozenset(language.safe_word for language in knowledge.languages.values())
    return Services(
        settings=settings,
        knowledge=knowledge,
        vectors=vectors,
        checker=_checker(knowledge, OfferModel.load(models.offers_path(settings)), vectors, places),
        danger=DangerReader(
            knowledge.danger,
            lambda sentence: danger_languages(identifier, sentence),
            safe_words,
            DangerModel.load(models.danger_path(settings)),
            vectors,
        ),
        material=MaterialReader(knowledge.danger),
        identifier=identifier,
        places=places,
        texts=load_texts(knowledge, root),
        redactor=Redactor(knowledge.redaction, knowledge.languages, knowledge.countries),
        reporting=reporting_of(settings),
    )


def _checker(knowledge: Knowledge, model: OfferModel, vectors: VectorCache, places: PlaceNames) -> OfferChecker:
    return OfferChecker(knowledge.catalogue, knowledge.read_languages, knowledge.pay, model, vectors, places)


def danger_languages(identifier: LanguageIdentifier, sentence: str) -> tuple[str, ...]:
    """Return the languages in whose words danger is looked for: the likeliest, and those that everybody mixes in."""
    likeliest = identifier.likeliest(sentence, _DANGER_IN)
    return (*likeliest, *(code for code in _ALWAYS if code not in likeliest))


@lru_cache(maxsize=1)
def current() -> Services:
    """Return the services of this process, built from its settings on the first call."""
    return build(load())


def load_texts(knowledge: Knowledge, root: Path = PROJECT_ROOT) -> Texts:
    """Collect the English texts of all domains."""
    return Texts(
        {
            "chat": chat_texts(read_yaml(root / "domain.yml"))
            | question_texts(knowledge.questions)
            | load_english(root / "data/texts/report.yml"),
            "signs": sign_texts(knowledge.catalogue) | load_english(root / "data/texts/card.yml"),
            "page": load_english(root / "data/texts/page.yml"),
            "desk": load_english(root / "data/texts/desk.yml"),
        },
        root / "data" / "locales",
    )


def chat_texts(domain: dict[str, Any]) -> dict[str, str]:
    """Return the chat's English texts: responses by name (`text_id`), button titles by themselves."""
    texts = {}
    for name, variations in domain["responses"].items():
        for variation in variations:
            texts[text_id(name, variation)] = variation["text"]
            for button in variation.get("buttons", ()):
                texts[button["title"]] = button["title"]
    return texts


def text_id(response: str, variation: Mapping[str, Any]) -> str:
    """Return the id of a response's text: its name, and the channel where it is one's own wording of it."""
    channel = variation.get("channel")
    return f"{response}{IN_CHANNEL}{channel}" if channel else response


def question_texts(sets: Mapping[str, QuestionSet]) -> dict[str, str]:
    """Return the English texts of the screening questions, as `<id>.self` and `<id>.other`."""
    texts = {}
    for questions in sets.values():
        for question in questions.questions:
            texts[f"{question.id}.self"] = question.about_self
            texts[f"{question.id}.other"] = question.about_other
    return texts


def sign_texts(catalogue: Catalogue) -> dict[str, str]:
    """Return the English texts of the signs, as `<id>.title`, `<id>.meaning` and `<id>.question`."""
    return {
        f"{sign.id}.{part}": getattr(sign, part)
        for sign in catalogue.signs.values()
        for part in ("title", "meaning", "question")
    }
