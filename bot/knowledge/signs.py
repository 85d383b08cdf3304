"""The warning signs: what each means, where it comes from, and how it is worded in each language."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, KnowledgeError, read
from bot.knowledge.patterns import FoldedPattern


class Severity(str, Enum):
    """How heavily a sign weighs: high alone warns, medium needs a second one, low is context."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Concern(str, Enum):
    """The harm a sign points at, and so the line that handles it."""

    CHILD = "child"
    TRAFFICKING = "trafficking"
    LABOUR = "labour"
    FRAUD = "fraud"


class Kind(str, Enum):
    """What is offered."""

    JOB = "job"
    HOUSING = "housing"
    TRANSPORT = "transport"
    RELATIONSHIP = "relationship"
    OTHER = "other"


class Sign(Knowledge):
    """One warning sign of the catalogue; `dimensions` are ILO indicator ids (WCMS_105023)."""

    id: str
    kind: Kind
    concern: Concern
    severity: Severity
    raised_by: tuple[str, ...] = ()
    audience: str = Field("all", regex="^(all|desk)$")
    dimensions: str
    title: str
    meaning: str
    question: str
    source: tuple[str, ...] = ()
    verified: bool
    review_due: date


class SignFile(Knowledge):
    """A file of `data/signs/catalogue`."""

    signs: tuple[Sign, ...]


class Source(Knowledge):
    """Where a sign was read."""

    title: str
    url: Optional[str]
    read: str = Field(regex="^(archived|second_hand|none)$")


class SourceFile(Knowledge):
    """The file `data/signs/sources.yml`."""

    sources: dict[str, Source]


class LevelRule(Knowledge):
    """How signs add up to a level (genuine-offers F.4, as refined by the design)."""

    always_high: tuple[str, ...]
    high: tuple[dict[Severity, int], ...]
    elevated: tuple[dict[Severity, int], ...]
    facts_missing_for_not_enough: int
    facts: dict[Kind, tuple[str, ...]]
    asks: dict[str, tuple[str, ...]]
    twins: tuple[tuple[str, ...], ...]
    concern_order: tuple[Concern, ...]
    source: str
    verified: bool
    review_due: date


class NearFile(Knowledge):
    """The file `data/signs/near.yml`: signs that do not compete in training."""

    near: tuple[tuple[str, ...], ...]


class SignWording(Knowledge):
    """How one sign is worded in one language; patterns are matched on folded text."""

    phrases: tuple[str, ...]
    patterns: tuple[FoldedPattern, ...] = ()
    unless: tuple[FoldedPattern, ...] = ()
    counter_examples: tuple[str, ...] = ()


class OfferLanguage(Knowledge):
    """Everything that offer checking knows of one language."""

    language: str
    review: str
    signs: dict[str, SignWording]
    ordinary: dict[Kind, tuple[str, ...]]
    seeking: tuple[str, ...]
    other: tuple[str, ...]
    advice: tuple[FoldedPattern, ...]
    offering: tuple[FoldedPattern, ...]
    facts: dict[Kind, dict[str, tuple[FoldedPattern, ...]]]
    kind_words: dict[Kind, tuple[FoldedPattern, ...]]
    no_experience: tuple[FoldedPattern, ...]
    per: dict[str, tuple[FoldedPattern, ...]]


class Catalogue(Knowledge):
    """All signs with their sources, the level rule, and the languages they are worded in."""

    signs: dict[str, Sign]
    sources: dict[str, Source]
    level: LevelRule
    near: tuple[tuple[str, ...], ...]
    languages: dict[str, OfferLanguage]


def load_catalogue(data: Path) -> Catalogue:
    """Read `data/signs/` and check that every id and source that is named exists.

    Raises:
        KnowledgeError: a file does not fit, or names a sign or a source that does not exist.
    """
    folder = data / "signs"
    catalogue = Catalogue(
        signs=load_signs(data),
        sources=read(folder / "sources.yml", SourceFile).sources,
        level=read(folder / "level.yml", LevelRule),
        near=read(folder / "near.yml", NearFile).near,
        languages={path.stem: read(path, OfferLanguage) for path in sorted((folder / "examples").glob("*.yml"))},
    )
    _check_references(catalogue)
    return catalogue


def load_signs(data: Path) -> dict[str, Sign]:
    """Read the signs alone, by id, without their wording in each language.

    Raises:
        KnowledgeError: a file does not fit, or a sign is defined twice.
    """
    signs: dict[str, Sign] = {}
    for path in sorted((data / "signs" / "catalogue").glob("*.yml")):
        for sign in read(path, SignFile).signs:
            if sign.id in signs:
                raise KnowledgeError(f"{path}: sign {sign.id} is defined twice.")
            signs[sign.id] = sign
    return signs


def _check_references(catalogue: Catalogue) -> None:
    known: Mapping[str, Sign] = catalogue.signs
    for sign in known.values():
        for companion in sign.raised_by:
            if companion not in known:
                raise KnowledgeError(f"Sign {sign.id} is raised by {companion}, which does not exist.")
        for code in sign.source:
            if code not in catalogue.sources:
                raise KnowledgeError(f"Sign {sign.id} names the source {code}, which does not exist.")
    level = catalogue.level
    groups = (level.always_high, *level.asks.values(), *level.twins, *catalogue.near)
    for named in (sign for group in groups for sign in group):
        if named not in known:
            raise KnowledgeError(f"level.yml or near.yml names sign {named}, which does not exist.")
    for code, language in catalogue.languages.items():
        if language.language != code:
            raise KnowledgeError(f"{code}.yml says that its language is {language.language}.")
        for missing in set(language.signs) - set(known):
            raise KnowledgeError(f"{code}.yml words sign {missing}, which does not exist.")
