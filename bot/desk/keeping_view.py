"""What is shown of how long a ticket is kept: when it ends and why, and what a desk may do about that. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Optional

from bot.desk.words import Words
from bot.reports.retention import Kept, end
from bot.runtime.keeping import LONGEST_HOLD
from bot.site import Retention
from bot.store.records import HOLD_REASONS, HoldRecord, TicketRecord


@dataclass(frozen=True)
class KeepingView:
    """When a ticket ends, in one sentence; the hold on it, in another.

    Attributes:
        ends: the sentence.
        withdrawn: that its reporter took it back, and the time left; else empty.
        hold: until when it is held and why; else empty.
        reasons: codes and words of why it may be held.
        first, last: the days between which a hold may end, as ISO dates.
        exported: the day of the confirmed export; else empty.
        may_confirm: whether its export may be confirmed.
    """

    ends: str
    withdrawn: str
    hold: str
    reasons: tuple[tuple[str, str], ...]
    first: str
    last: str
    exported: str
    may_confirm: bool


def keeping_view(
    record: TicketRecord, hold: Optional[HoldRecord], terms: Retention, words: Words, now: datetime
) -> KeepingView:
    """Return what is shown of a ticket's term. `now` has its time zone."""
    today = now.date()
    exported = record.closed.isoformat() if record.state == "accepted" and record.closed else ""
    return KeepingView(
        ends=_ends(record, hold, terms, words, today),
        withdrawn=_withdrawn(record.held_until, words, now) if record.held_until else "",
        hold=words("hold_on", until=hold.until.isoformat(), reason=words.code(hold.reason)) if hold else "",
        reasons=tuple((reason, words.code(reason)) for reason in HOLD_REASONS),
        first=today.isoformat(),
        last=(today + LONGEST_HOLD).isoformat(),
        exported=words("exported_on", day=exported) if exported else "",
        may_confirm=record.state == "accepted" and not exported,
    )


def last_day(record: TicketRecord, hold: Optional[HoldRecord], terms: Retention) -> Optional[date]:
    """Return the day on which a ticket is erased, as things stand; None while its desk works on it."""
    return end(_kept(record, hold), terms).day


def _kept(record: TicketRecord, hold: Optional[HoldRecord]) -> Kept:
    return Kept(record.id, record.state, record.day, record.closed, held_until=hold.until if hold else None)


def _ends(record: TicketRecord, hold: Optional[HoldRecord], terms: Retention, words: Words, today: date) -> str:
    if record.held_until is not None:
        return words("ends_withdrawn", until=words.moment(record.held_until))
    found = end(_kept(record, hold), terms)
    if found.day is None:
        return words("ends_working", days=terms.closed_days)
    if found.day <= today:
        return words("ends_due", day=found.day.isoformat())
    why = "exported" if found.why == "closed" and record.state == "accepted" else found.why
    left = (found.day - today).days
    days = terms.unread_days if found.why == "unread" else terms.closed_days
    return words(f"ends_{why}", day=found.day.isoformat(), left=left, days=days)


def _withdrawn(until: datetime, words: Words, now: datetime) -> str:
    if until <= now:
        return words("withdrawn_due")
    return words("withdrawn_left", until=words.moment(until), time=words.length(until - now))
