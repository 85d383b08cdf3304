"""How long what is kept (DESIGN section 5): the rules, on the clear fields of tickets alone.

The terms themselves are in `site.yml`; the highest ones allowed are the defaults (`bot.site.Retention`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Optional

from bot.site import Retention


@dataclass(frozen=True)
class Kept:
    """What the clear fields tell of a ticket, or of its tombstone (`ended`; then `day` is that of its end).

    `closed` is the day on which its desk rejected it, was done with it, or confirmed its export.
    """

    id: str
    state: str
    day: date
    closed: Optional[date] = None
    ended: bool = False
    held_until: Optional[date] = None


@dataclass(frozen=True)
class Plan:
    """What is due, as ids of tickets.

    Attributes:
        unread: nobody took them up within their term: they are erased.
        closed: their desk has not needed them here for their term: they are erased.
        tombstones: these are removed altogether.
        held: they would be erased, but a hold is on them.
        alerts: nobody has taken them up for so long that their desk must be warned.
    """

    unread: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    tombstones: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


def plan(kept: Iterable[Kept], terms: Retention, today: date) -> Plan:
    """Return what is due today, in UTC. A term of 30 days ends on the 30th day after the day it began."""
    found: dict[str, list[str]] = {}
    for ticket in kept:
        due = _due(ticket, terms, today)
        if due in ("unread", "closed") and _is_held(ticket, today):
            due = "held"
        if due is not None:
            found.setdefault(due, []).append(ticket.id)
    return Plan(**{name: tuple(sorted(ids)) for name, ids in found.items()})


def _due(ticket: Kept, terms: Retention, today: date) -> Optional[str]:
    if ticket.ended:
        return "tombstones" if ticket.day <= months_before(today, terms.tombstone_months) else None
    if ticket.closed is not None:
        return "closed" if _days(ticket.closed, today) >= terms.closed_days else None
    if ticket.state != "new":
        return None
    if _days(ticket.day, today) >= terms.unread_days:
        return "unread"
    return "alerts" if _days(ticket.day, today) >= terms.alert_unread_after_days else None


def _is_held(ticket: Kept, today: date) -> bool:
    return ticket.held_until is not None and today <= ticket.held_until


def _days(since: date, today: date) -> int:
    return (today - since).days


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
