"""From signs to a level and a leading concern, by the one rule that is data (`data/signs/level.yml`)."""

from collections import Counter
from collections.abc import Collection
from enum import Enum
from typing import Optional

from bot.knowledge.signs import Catalogue, Concern, Kind, LevelRule, Severity, Sign


class Level(str, Enum):
    """How strongly an offer warns. There is no level that reassures."""

    HIGH = "high"
    ELEVATED = "elevated"
    NOT_ENOUGH = "not_enough"
    NONE_FOUND = "none_found"


FLAGGED = frozenset({Level.HIGH, Level.ELEVATED})
_WEIGHT = {Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}


def severity_of(sign: Sign, present: Collection[str]) -> Severity:
    """Return a sign's severity beside the other signs present; named companions raise it to high."""
    if any(companion in present for companion in sign.raised_by):
        return Severity.HIGH
    return sign.severity


def level_of(catalogue: Catalogue, present: Collection[str], kind: Kind, missing: Collection[str]) -> Level:
    """Return the level for the ids of the signs present and the facts that the offer does not state."""
    rule = catalogue.level
    if any(sign in rule.always_high for sign in present):
        return Level.HIGH
    counts = Counter(severity_of(catalogue.signs[sign], present) for sign in present)
    if _meets(rule, counts, Level.HIGH):
        return Level.HIGH
    if _meets(rule, counts, Level.ELEVATED):
        return Level.ELEVATED
    if kind in rule.facts and len(missing) >= rule.facts_missing_for_not_enough:
        return Level.NOT_ENOUGH
    return Level.NONE_FOUND


def _meets(rule: LevelRule, counts: Counter[Severity], level: Level) -> bool:
    """A high sign left over counts as a medium one."""
    for needed in rule.high if level is Level.HIGH else rule.elevated:
        high_needed = needed.get(Severity.HIGH, 0)
        spare = counts[Severity.HIGH] - high_needed
        if spare >= 0 and counts[Severity.MEDIUM] + spare >= needed.get(Severity.MEDIUM, 0):
            return True
    return False


def leading_concern(catalogue: Catalogue, present: Collection[str]) -> Optional[Concern]:
    """Return the concern of the most severe sign; ties go by the order in the level rule."""
    if not present:
        return None
    order = catalogue.level.concern_order

    def rank(identifier: str) -> tuple[int, int]:
        sign = catalogue.signs[identifier]
        return -_WEIGHT[severity_of(sign, present)], order.index(sign.concern)

    return catalogue.signs[min(present, key=rank)].concern
