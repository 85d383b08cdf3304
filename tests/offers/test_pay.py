"""Wages as people write them, as euros a month."""

import re

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.pay import load_pay
from bot.offers.pay import PayReader

PERIODS = {
    "hour": [re.compile(r"годин|hour|/h|stund|godz|час\b")],
    "day": [re.compile(r"день|day|tag\b|dzie")],
    "week": [re.compile(r"тижд|week|woche|tydz")],
    "month": [re.compile(r"місяц|month|monat|miesi|мес")],
}


@pytest.fixture(scope="module")
def reader() -> PayReader:
    return PayReader(load_pay(PROJECT_ROOT / "data"))


@pytest.mark.parametrize(
    "text, value, currency, low, high",
    [
        ("зарплата 3000 € на місяць", 3000, "EUR", 2900, 3100),
        ("18 000 грн на місяць", 18000, "UAH", 350, 500),
        ("31 злотий на годину", 31, "PLN", 1000, 1500),
        ("12.50 gbp per hour", 12.5, "GBP", 2000, 3000),
        ("2.300 € brutto im monat", 2300, "EUR", 2200, 2400),
        ("від 200 € за годину", 200, "EUR", 30000, 40000),
        ("5 тис. євро на місяць", 5000, "EUR", 4900, 5100),
        ("£1,200 a week", 1200, "GBP", 5000, 7000),
    ],
)
def test_an_amount_is_read_with_currency_and_period(
    reader: PayReader, text: str, value: float, currency: str, low: float, high: float
) -> None:
    [pay] = reader.read(text, PERIODS, None)
    assert (pay.value, pay.currency) == (value, currency)
    assert pay.monthly_eur is not None and low <= pay.monthly_eur <= high


@pytest.mark.parametrize("text", ["тел 0352 52 11 22", "born 1998", "room 12", "24/7", "на 5 років"])
def test_other_numbers_are_no_pay(reader: PayReader, text: str) -> None:
    assert reader.read(text, PERIODS, None) == []


def test_an_amount_without_currency_takes_the_usual_one_of_the_language(reader: PayReader) -> None:
    [pay] = reader.read("8000 im monat", PERIODS, "EUR")
    assert pay.currency == "EUR" and pay.monthly_eur == 8000
