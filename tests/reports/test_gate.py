"""A desk where nobody is falls asleep, early rather than late."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.reports.gate import Awake, Watch, awake, hour_of, overdue_at
from bot.site import Gate

LIMITS = Gate.parse_obj({})
START = datetime(2026, 11, 24, 8, tzinfo=timezone.utc)


def after(**passed: float) -> datetime:
    return START + timedelta(**passed)


@pytest.mark.parametrize(
    "hours, expected",
    [(0, Awake.AWAKE), (47.9, Awake.AWAKE), (48, Awake.OVERDUE), (48.9, Awake.OVERDUE), (49, Awake.ASLEEP)],
)
def test_without_a_login_for_two_days(hours: float, expected: Awake) -> None:
    assert awake(Watch("a", START), LIMITS, after(hours=hours)) is expected


@pytest.mark.parametrize(
    "hours, expected", [(3.9, Awake.AWAKE), (4, Awake.OVERDUE), (4.9, Awake.OVERDUE), (5, Awake.ASLEEP)]
)
def test_with_something_urgent_unseen(hours: float, expected: Awake) -> None:
    assert awake(Watch("a", START, urgent_since=START), LIMITS, after(hours=hours)) is expected


def test_the_earlier_of_the_two_counts() -> None:
    late = Watch("a", START, urgent_since=after(hours=47))
    assert overdue_at(late, LIMITS) == after(hours=48)
    assert overdue_at(Watch("a", START, urgent_since=after(hours=1)), LIMITS) == after(hours=5)


def test_where_nobody_ever_logged_in_nobody_may_be_there() -> None:
    assert awake(Watch("a"), LIMITS, START) is Awake.ASLEEP
    assert awake(Watch("a", urgent_since=START), LIMITS, START) is Awake.ASLEEP


def test_shorter_limits_and_no_grace() -> None:
    limits = Gate.parse_obj({"urgent_unread_hours": 1, "no_login_hours": 2, "grace_minutes": 0})
    assert awake(Watch("a", START), limits, after(hours=2)) is Awake.ASLEEP
    assert awake(Watch("a", START, START), limits, after(hours=1)) is Awake.ASLEEP


def test_hours_are_cut_down() -> None:
    assert hour_of(after(minutes=59, seconds=59, microseconds=5)) == START
