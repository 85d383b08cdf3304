"""Reading wages: amounts with their currency and period, as euros a month."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from bot.knowledge.pay import PayKnowledge
from bot.language.wording import any_in

_NUMBER = r"\d{1,3}(?:[ .,\u00a0\u202f']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_NEAR = 28
"""How many characters around an amount may hold its period."""


@dataclass(frozen=True)
class Pay:
    """An amount in a text; `monthly_eur` is None where no period or currency can be told."""

    value: float
    currency: Optional[str]
    period: Optional[str]
    monthly_eur: Optional[float]
    start: int
    end: int


class PayReader:
    """Finds amounts in folded text; built once from `data/pay.yml`."""

    def __init__(self, knowledge: PayKnowledge) -> None:
        self._per_eur = {currency.code: currency.per_eur for currency in knowledge.currencies}
        self._months = {
            "hour": knowledge.hours_per_month,
            "day": knowledge.days_per_month,
            "week": knowledge.weeks_per_month,
            "month": 1.0,
        }
        self._code_of = {
            mark.lower(): currency.code for currency in knowledge.currencies for mark in currency.marks
        } | {shared.mark: shared.codes[-1] for shared in knowledge.shared_marks}
        marks = "|".join(sorted(map(re.escape, self._code_of), key=len, reverse=True))
        thousand = r"(?P<thousand>\s?(?:тис|тыс|tys|tsd|mii|k\b|к\b)\.?)?"
        self._amount = re.compile(
            rf"(?:(?<!\w)(?P<before>{marks})\s?)?(?<![\w.,/])(?P<number>{_NUMBER})(?![\d/])"
            rf"{thousand}(?:\s?(?P<after>{marks})(?!\w))?"
        )

    def read(
        self,
        text: str,
        periods: Mapping[str, Sequence[re.Pattern[str]]],
        default_currency: Optional[str],
    ) -> list[Pay]:
        """Return the amounts of a folded text that carry a currency or a period."""
        found = []
        for match in self._amount.finditer(text):
            mark = match["before"] or match["after"]
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            period = next(
                (name for name, patterns in periods.items() if any_in(patterns, around)),
                None,
            )
            if mark is None and (period is None or default_currency is None):
                continue
            currency = self._code_of[mark] if mark else default_currency
            value = _value(match["number"]) * (1000 if match["thousand"] else 1)
            start, end = match.span()
            found.append(Pay(value, currency, period, self._monthly(value, currency, period), start, end))
        return found

    def _monthly(self, value: float, currency: Optional[str], period: Optional[str]) -> Optional[float]:
        if currency is None or currency not in self._per_eur:
            return None
        euros = value / self._per_eur[currency]
        # Without a period, an amount of a month's size is taken as a month's pay.
        if period is None:
            return euros if euros >= 300 else None
        return euros * self._months[period]


def _value(number: str) -> float:
    compact = re.sub(r"[ \u00a0\u202f']", "", number)
    grouped = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)([.,]\d{1,2})?", compact)
    if grouped:
        decimals = (grouped[2] or "").replace(",", ".")
        return float(re.sub(r"[.,]", "", grouped[1]) + decimals)
    return float(compact.replace(",", "."))
