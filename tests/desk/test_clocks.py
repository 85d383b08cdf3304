"""How long a ticket may wait: told in words, by an icon and by colour."""

from datetime import datetime, timedelta

import pytest

from bot import PROJECT_ROOT
from bot.desk.clocks import clock, due
from bot.desk.pages import DOMAIN
from bot.desk.rows import Row
from bot.desk.words import SIGNS, Words
from bot.language.texts import Texts, load_english
from bot.reports.rating import rated
from bot.reports.ticket import Age, Moment, When
from bot.site import Retention
from tests.reports.tickets import NOW, day, ticket

TERMS = Retention()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def words() -> Words:
    folder = PROJECT_ROOT / "data"
    return Words(Texts({DOMAIN: load_english(folder / "texts/desk.yml"), SIGNS: {}}, folder / "locales"), DOMAIN, "en")


def row_of(one, state: str = "new") -> Row:
    one = rated(one)
    return Row("a" * 32, state, one.created.date(), one.created, urgent=one.urgent_reasons, deadline=one.deadline)


def leaving(days: int, created: datetime = NOW) -> Row:
    return row_of(ticket(deadline=day(days), when=When(moment=Moment.LEAVING), created=created))


def test_urgent_ones_wait_four_hours_or_until_the_day_of_departure() -> None:
    assert due(row_of(ticket(age=Age.CHILD)), TERMS) == NOW + 4 * HOUR
    assert due(leaving(2), TERMS) == NOW + 4 * HOUR
    # Reported at 22:01 the evening before: the day of departure begins in two hours.
    late = leaving(1, NOW + 8 * HOUR)
    assert due(late, TERMS) - late.created < 2 * HOUR
    # At which hour somebody leaves today is not known.
    assert due(leaving(0), TERMS) == NOW + 4 * HOUR


@pytest.mark.parametrize(
    "waited, text, icon, pressing",
    [
        (DAY, "2 wks left", "◔", "calm"),
        (12.5 * DAY, "2 days left", "◕", "soon"),
        (16 * DAY, "2 days late · erased in 2 wks", "⚠", "late"),
        (29 * DAY, "2 wks late · erased in 24 hr", "⚠", "late"),
        (31 * DAY, "2 wks late · erased today", "⚠", "late"),
    ],
)
def test_others_until_the_alert_and_then_until_they_are_erased(words, waited, text, icon, pressing) -> None:
    shown = clock(row_of(ticket()), words, NOW + waited, TERMS)
    assert shown is not None and (shown.text, shown.icon, shown.pressing) == (text, icon, pressing)


@pytest.mark.parametrize("waited, pressing", [(HOUR, "calm"), (3.5 * HOUR, "soon"), (5 * HOUR, "late")])
def test_an_urgent_one_presses_earlier(words, waited, pressing) -> None:
    shown = clock(row_of(ticket(age=Age.CHILD)), words, NOW + waited, TERMS)
    assert shown is not None and shown.pressing == pressing and "erased" not in shown.text


@pytest.mark.parametrize("state", ["accepted", "rejected", "done"])
def test_no_clock_runs_once_somebody_took_it_up(words, state) -> None:
    assert clock(row_of(ticket(), state), words, NOW, TERMS) is None
