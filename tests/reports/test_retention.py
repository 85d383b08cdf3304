"""When a ticket's term is over, and what stands in the way."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.reports.retention import Kept, Plan, months_before, plan
from bot.site import Retention

TODAY = date(2026, 11, 24)
TERMS = Retention.parse_obj({})


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due(terms: Retention = TERMS, **of_ticket: Any) -> Plan:
    given = {"id": "a", "state": "new", "day": TODAY, **of_ticket}
    return plan([Kept(**given)], terms, TODAY)


@pytest.mark.parametrize(
    "days, expected",
    [
        (0, Plan()),
        (13, Plan()),
        (14, Plan(alerts=("a",))),
        (29, Plan(alerts=("a",))),
        (30, Plan(unread=("a",))),
        (400, Plan(unread=("a",))),
    ],
)
def test_what_nobody_takes_up_is_warned_of_and_then_erased(days: int, expected: Plan) -> None:
    assert due(day=ago(days)) == expected


@pytest.mark.parametrize("state", ["accepted", "rejected", "done"])
def test_what_a_desk_is_done_with_is_kept_for_its_term(state: str) -> None:
    assert due(state=state, day=ago(300), closed=ago(29)) == Plan()
    assert due(state=state, day=ago(300), closed=ago(30)) == Plan(closed=("a",))


def test_what_a_desk_works_on_is_kept() -> None:
    assert due(state="accepted", day=ago(3000)) == Plan()


def test_a_hold_keeps_both_through_its_last_day() -> None:
    assert due(day=ago(40), held_until=TODAY) == Plan(held=("a",))
    assert due(state="done", closed=ago(40), held_until=TODAY) == Plan(held=("a",))
    assert due(day=ago(40), held_until=ago(1)) == Plan(unread=("a",))
    assert due(day=ago(20), held_until=TODAY) == Plan(alerts=("a",))


def test_a_tombstone_goes_after_its_months_whatever_it_was() -> None:
    for state in ("new", "accepted", "rejected", "done", "revoked"):
        assert due(state=state, ended=True, day=date(2024, 11, 25)) == Plan()
        assert due(state=state, ended=True, day=date(2024, 11, 24)) == Plan(tombstones=("a",))


def test_shorter_terms_count() -> None:
    terms = Retention.parse_obj({"unread_days": 3, "alert_unread_after_days": 1, "closed_days": 2})
    assert due(terms, day=ago(1)) == Plan(alerts=("a",)) and due(terms, day=ago(3)) == Plan(unread=("a",))
    assert due(terms, state="rejected", closed=ago(2)) == Plan(closed=("a",))


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
