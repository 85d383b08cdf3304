"""The ILO operational indicators of a ticket as a picture: one bar of marks for each of the six dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from bot.desk.words import Words
from bot.knowledge.indicators import IndicatorCatalogue
from bot.reports.show import DIMENSIONS
from bot.reports.ticket import Age, Ticket
from bot.reports.visible import harmless

_LEFT, _TOP, _ROW, _MARK = 34, 8, 34, 26
"""Where the marks begin, how high a row is and how far apart marks are, in units of the picture."""
_SIZES = {"S": 10, "M": 7, "W": 4}
_LEAST_WIDTH = 8


@dataclass(frozen=True)
class Mark:
    """One indicator: where it stands in the picture, how large, and what it is."""

    x: int
    size: int
    weight: Optional[str]
    id: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One dimension. `rule`: the letter of the rule that made it positive, or None."""

    number: int
    title: str
    y: int
    rule: Optional[str]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Picture:
    """The whole picture. `summary` says in one sentence what it shows."""

    width: int
    height: int
    row: int
    bars: tuple[Bar, ...]
    summary: str


def picture(ticket: Ticket, catalogue: IndicatorCatalogue, words: Words) -> Optional[Picture]:
    """Return the picture of a ticket's indicators; None where none was found."""
    if not ticket.screening:
        return None
    profile = profile_of(ticket)
    present = {row.dimension: row for row in ticket.screening}
    bars = []
    for place, number in enumerate(DIMENSIONS):
        row = present.get(number)
        marks = _marks(row.indicators if row else (), catalogue, profile)
        rule = row.rule if row else None
        bars.append(Bar(number, words(f"dimension_{number}"), _TOP + place * _ROW, rule, marks))
    most = max(_LEAST_WIDTH, *(len(bar.marks) for bar in bars))
    positive = [str(bar.number) for bar in bars if bar.rule]
    summary = words("ilo_positive", dimensions=", ".join(positive)) if positive else words("ilo_none_positive")
    return Picture(_LEFT + most * _MARK, 2 * _TOP + len(bars) * _ROW, _ROW, tuple(bars), summary)


def profile_of(ticket: Ticket) -> str:
    """Return the list of indicators that a ticket is read by."""
    age = "child" if ticket.age in (Age.CHILD, Age.UNSURE) else "adult"
    return f"{age}_{'sexual' if ticket.sexual_exploitation_types else 'labour'}"


def _marks(indicators: Sequence[str], catalogue: IndicatorCatalogue, profile: str) -> tuple[Mark, ...]:
    marks = []
    for place, identifier in enumerate(indicators):
        # The ticket names an indicator by its id and its title, and may be older than this catalogue.
        name, _, said = identifier.partition(" ")
        indicator = catalogue.indicators.get(name)
        weight = indicator.weights.get(profile) if indicator else None
        code = weight.value if weight else None
        title = indicator.title if indicator else harmless(said)
        x, size = _LEFT + place * _MARK + _MARK // 2, _SIZES[code or "W"]
        marks.append(Mark(x, size, code, harmless(name), title))
    return tuple(marks)
