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
    `probability`: how likely the meaning of the text alone makes it, between 0 and 1, calibrated on held-out phrases;
    a sign whose fixed wording stands there may have a low one. None: the person confirmed it.
    """

    sign: str
    evidence: tuple[Evidence, ...]
    sure: bool = True
    probability: Optional[float] = None


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
