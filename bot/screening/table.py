"""The table of a screening as a desk reads it: one row a dimension, in English, as plain values."""

from dataclasses import dataclass
from typing import Optional

from bot.knowledge.indicators import IndicatorCatalogue, Weight
from bot.screening.screen import DimensionResult, Screening

_WEIGHTS = {Weight.STRONG: "strong", Weight.MEDIUM: "medium", Weight.WEAK: "weak"}


@dataclass(frozen=True)
class Row:
    """One dimension: `indicators` as "id title", and at the same places their `weights`.

    `rule` is the letter that made the dimension positive; `result` says it in words.
    """

    number: int
    title: str
    indicators: tuple[str, ...]
    weights: tuple[str, ...]
    rule: Optional[str]
    positive: bool
    result: str


def dimension_table(screening: Screening, catalogue: IndicatorCatalogue) -> tuple[Row, ...]:
    """Return the rows of all six dimensions, in order."""
    return tuple(
        Row(
            number=dimension.number,
            title=catalogue.dimensions[dimension.number],
            indicators=tuple(f"{name} {catalogue.indicators[name].title}" for name, _ in dimension.triggered),
            weights=tuple(_WEIGHTS[weight] for _, weight in dimension.triggered),
            rule=dimension.rule,
            positive=dimension.positive,
            result=_result(dimension),
        )
        for dimension in screening.dimensions
    )


def _result(dimension: DimensionResult) -> str:
    """A dimension is never called negative: what was not asked or answered may still be there."""
    if not dimension.applicable:
        return "not applicable"
    return "positive" if dimension.positive else "not established"
