"""The parts that a running assistant shares: knowledge, embedding, checkers, texts.

Rasa builds components, policies, actions and the response generator itself, by class path and without
arguments, so they find their parts here: `current()` builds them once per process.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import PROJECT_ROOT
from bot.knowledge.countries import Country, load_countries
from bot.knowledge.danger import DangerLanguage, load_danger
from bot.knowledge.files import read_yaml
from bot.knowledge.languages import Language, load_languages
from bot.knowledge.pay import PayKnowledge, load_pay
from bot.knowledge.redaction import RedactionKnowledge, load_redaction
from bot.knowledge.signs import Catalogue, load_catalogue
from bot.language.embedding import E5Embedding, VectorCache
from bot.language.identify import LanguageIdentifier
from bot.language.places import PlaceNames
from bot.language.texts import Texts, load_english
from bot.offers.check import OfferChecker
from bot.offers.model import OfferModel
from bot.privacy.redact import Redactor
from bot.runtime import models
from bot.safety.danger import DangerModel, DangerReader
from bot.safety.material import MaterialReader
from bot.settings import Settings, load


@dataclass(frozen=True)
class Knowledge:
    """Everything of `data/`, validated."""

    catalogue: Catalogue
    languages: dict[str, Language]
    danger: dict[str, DangerLanguage]
    countries: dict[str, Country]
    pay: PayKnowledge
    redaction: RedactionKnowledge


@dataclass(frozen=True)
class Services:
    """The shared parts of one process."""

    settings: Settings
    knowledge: Knowledge
    vectors: VectorCache
    checker: OfferChecker
    danger: DangerReader
    material: MaterialReader
    identifier: LanguageIdentifier
    places: PlaceNames
    redactor: Redactor
    texts: Texts


def load_knowledge(root: Path = PROJECT_ROOT) -> Knowledge:
    """Read and validate all of `data/`.

    Raises:
        KnowledgeError: a file is missing or does not fit.
    """
    data = root / "data"
    return Knowledge(
        load_catalogue(data),
        load_languages(data),
        load_danger(data),
        load_countries(data),
        load_pay(data),
        load_redaction(data),
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
    safe_words = frozenset(language.safe_word for language in knowledge.languages.values())
    return Services(
        settings=settings,
        knowledge=knowledge,
        vectors=vectors,
        checker=OfferChecker(
            knowledge.catalogue,
            knowledge.languages,
            knowledge.pay,
            OfferModel.load(models.offers_path(settings)),
            vectors,
        ),
        danger=DangerReader(knowledge.danger, safe_words, DangerModel.load(models.danger_path(settings)), vectors),
        material=MaterialReader(knowledge.danger),
        identifier=LanguageIdentifier(),
        places=PlaceNames(knowledge.countries, knowledge.languages),
        redactor=Redactor(knowledge.redaction, knowledge.languages, knowledge.countries),
        texts=load_texts(knowledge.catalogue, root),
    )


@lru_cache(maxsize=1)
def current() -> Services:
    """Return the services of this process, built from its settings on the first call."""
    return build(load())


def load_texts(catalogue: Catalogue, root: Path = PROJECT_ROOT) -> Texts:
    """Collect the English texts of all domains."""
    return Texts(
        {
            "chat": chat_texts(read_yaml(root / "domain.yml")),
            "signs": sign_texts(catalogue) | load_english(root / "data/texts/card.yml"),
            "page": load_english(root / "data/texts/page.yml"),
        },
        root / "data" / "locales",
    )


def chat_texts(domain: dict[str, Any]) -> dict[str, str]:
    """Return the chat's English texts: responses by name, button titles by themselves."""
    texts = {}
    for name, variations in domain["responses"].items():
        texts[name] = variations[0]["text"]
        for button in variations[0].get("buttons", ()):
            texts[button["title"]] = button["title"]
    return texts


def sign_texts(catalogue: Catalogue) -> dict[str, str]:
    """Return the English texts of the signs, as `<id>.title`, `<id>.meaning` and `<id>.question`."""
    return {
        f"{sign.id}.{part}": getattr(sign, part)
        for sign in catalogue.signs.values()
        for part in ("title", "meaning", "question")
    }
