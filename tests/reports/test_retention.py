"""When a ticket's term is over, and what stands in the way."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.reports.retention import End, Kept, Plan, end, months_before, plan
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


@pytest.mark.parametrize(
    "of_ticket, why",
    [
        ({"state": "new", "day": ago(3)}, "unread"),
        ({"state": "rejected", "closed": ago(10)}, "closed"),
        ({"state": "accepted", "closed": ago(1)}, "closed"),
        ({"state": "new", "day": ago(3), "held_until": ago(-100)}, "held"),
        ({"state": "new", "day": ago(3), "held_until": ago(-27)}, "held"),
        ({"state": "new", "day": ago(3), "held_until": ago(-26)}, "unread"),
        ({"state": "done", "closed": ago(40), "held_until": TODAY}, "held"),
        ({"state": "done", "closed": ago(40), "held_until": ago(11)}, "closed"),
    ],
)
def test_the_end_that_is_told_is_the_day_on_which_it_is_erased(of_ticket: dict[str, Any], why: str) -> None:
    ticket = Kept(**{"id": "a", "day": TODAY, **of_ticket})
    found = end(ticket, TERMS)
    assert found.why == why and found.day is not None
    on_that_day, before = (plan([ticket], TERMS, day) for day in (found.day, found.day - timedelta(days=1)))
    assert (on_that_day.unread or on_that_day.closed) == ("a",)
    assert not before.unread and not before.closed


def test_no_end_is_told_of_what_a_desk_works_on() -> None:
    assert end(Kept("a", "accepted", ago(3000)), TERMS) == End(None, "working")


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


@pytest.mark.parametrize("state", ["new", "accepted", "rejected", "done"])
def test_what_links_a_ticket_ends_after_its_own_term_and_the_ticket_stays(state: str) -> None:
    terms, last = Retention.parse_obj({"index_months": 1}), date(2026, 10, 25)
    assert due(terms, state=state, day=last, indexed=True).index == ()
    over = due(terms, state=state, day=last - timedelta(days=1), indexed=True)
    assert over == (Plan(unread=("a",)) if state == "new" else Plan(index=("a",)))
    assert due(terms, state="accepted", day=last - timedelta(days=1)) == Plan()


def test_what_links_a_ticket_ends_with_it_and_is_kept_by_its_hold() -> None:
    old = {"state": "accepted", "day": ago(800), "indexed": True}
    assert due(**old) == Plan(index=("a",)) and due(**old, closed=ago(29)) == Plan(index=("a",))
    assert due(**old, closed=ago(30)) == Plan(closed=("a",))
    assert due(**old, held_until=TODAY) == due(**old, closed=ago(30), held_until=TODAY) == Plan(held=("a",))
    assert due(**old, held_until=ago(1)) == Plan(index=("a",))
    assert due(**{**old, "ended": True, "day": TODAY}) == Plan()
