"""What turns a written wage into a comparable order of magnitude."""

from pathlib import Path

from bot.knowledge.files import Knowledge, read


class Currency(Knowledge):
    """A currency, how people write it, and its coarse value: `per_eur` units make one euro."""

    code: str
    marks: tuple[str, ...]
    per_eur: float
    verified: bool = False
    purpose: str = ""


class SharedMark(Knowledge):
    """A word for several currencies; the last code, of least value, is taken: pay is never overrated."""

    mark: str
    codes: tuple[str, ...]


class PayReference(Knowledge):
    """The monthly pay from which a simple job is high-paid."""

    high_monthly_eur: float
    source: str
    verified: bool


class PayKnowledge(Knowledge):
    """Reference pay and currencies of `data/pay.yml`."""

    reference: PayReference
    currencies: tuple[Currency, ...]
    shared_marks: tuple[SharedMark, ...] = ()
    hours_per_month: float
    days_per_month: float
    weeks_per_month: float


def load_pay(data: Path) -> PayKnowledge:
    """Read `data/pay.yml`.

    Raises:
        KnowledgeError: the file is missing or does not fit.
    """
    return read(data / "pay.yml", PayKnowledge)
