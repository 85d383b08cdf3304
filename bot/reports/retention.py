"""How long what is kept (DESIGN section 5): the rules, on the clear fields of tickets alone.

The terms themselves are in `site.yml`; the highest ones allowed are the defaults (`bot.site.Retention`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Optional

from bot.site import Retention


@dataclass(frozen=True)
class Kept:
    """What the clear fields tell of a ticket, or of its tombstone (`ended`; then `day` is that of its end).

    `closed` is the day on which its desk rejected it, was done with it, or confirmed its export; `indexed` says that it
    has an index entry.
    """

    id: str
    state: str
    day: date
    closed: Optional[date] = None
    ended: bool = False
    held_until: Optional[date] = None
    indexed: bool = False


@dataclass(frozen=True)
class Plan:
    """What is due, as ids of tickets.

    Attributes:
        unread: nobody took them up within their term: they are erased.
        closed: their desk has not needed them here for their term: they are erased.
        index: what links them with others is erased, because its term is over sooner than theirs.
        tombstones: these are removed altogether.
        held: they, or what links them, would be erased, but a hold is on them.
        alerts: nobody has taken them up for so long that their desk must be warned.
    """

    unread: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    tombstones: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


def plan(kept: Iterable[Kept], terms: Retention, today: date) -> Plan:
    """Return what is due today, in UTC. A term of 30 days ends on the 30th day after the day it began."""
    found: dict[str, list[str]] = {}
    for ticket in kept:
        for due in _due(ticket, terms, today):
            found.setdefault(due, []).append(ticket.id)
    return Plan(**{name: tuple(sorted(ids)) for name, ids in found.items()})


@dataclass(frozen=True)
class End:
    """On which day what a desk learns of a ticket is erased; `day` is None while its desk works on it.

    `why`: `unread`, `closed`, `working`, or `held`: its term is over before the hold on it ends.
    """

    day: Optional[date]
    why: str


def end(ticket: Kept, terms: Retention) -> End:
    """Return when a ticket ends, as things stand; not of a tombstone, and whatever withdrawal may end before."""
    if ticket.closed is not None:
        day, why = ticket.closed + timedelta(days=terms.closed_days), "closed"
    elif ticket.state == "new":
        day, why = ticket.day + timedelta(days=terms.unread_days), "unread"
    else:
        return End(None, "working")
    if ticket.held_until is not None and ticket.held_until >= day:
        return End(ticket.held_until + timedelta(days=1), "held")
    return End(day, why)


def _due(ticket: Kept, terms: Retention, today: date) -> Iterator[str]:
    if ticket.ended:
        if ticket.day <= months_before(today, terms.tombstone_months):
            yield "tombstones"
        return
    ending = _ending(ticket, terms, today)
    if ending is not None:
        yield "held" if _is_held(ticket, today) else ending
    waited = _days(ticket.day, today)
    if ticket.state == "new" and terms.alert_unread_after_days <= waited < terms.unread_days:
        yield "alerts"


def _ending(ticket: Kept, terms: Retention, today: date) -> Optional[str]:
    """Return what ends of a ticket unless a hold is on it; with the whole ticket goes its index entry."""
    if ticket.closed is not None:
        if _days(ticket.closed, today) >= terms.closed_days:
            return "closed"
    elif ticket.state == "new" and _days(ticket.day, today) >= terms.unread_days:
        return "unread"
    return "index" if ticket.indexed and index_is_over(ticket.day, terms, today) else None


def index_is_over(day: date, terms: Retention, today: date) -> bool:
    """Say whether a ticket that came on a day may have an index entry no longer."""
    return day <= months_before(today, terms.index_months)


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
