"""What a check says: small frozen values."""

from dataclasses import dataclass
from typing import Optional

from bot.knowledge.signs import Concern, Kind
from bot.offers.level import Level
from bot.privacy.spans import Span


@dataclass(frozen=True)
class Evidence:
    """The exact words of the original, `text[start:end]`, that show a sign."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class SignFound:
    """A sign of the catalogue and where the text states it; empty evidence: the person confirmed it.

    `sure`: the level goes by it. What only a second look found is shown and asked about, and counts once confirmed.
    """

    sign: str
    evidence: tuple[Evidence, ...]
    sure: bool = True


@dataclass(frozen=True)
class Verdict:
    """What the check says of one text. `questions` are ids of signs worth asking about, best first."""

    language: str
    kind: Kind
    direction: str
    level: Level
    concern: Optional[Concern]
    signs: tuple[SignFound, ...]
    missing: tuple[str, ...]
    identifiers: tuple[Span, ...]
    questions: tuple[str, ...]
