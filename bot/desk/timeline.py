"""All that happened with a ticket and is going to, in order. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from typing import Optional

from bot.desk.thread_view import heading
from bot.desk.words import Words
from bot.reports.ticket import Ticket
from bot.reports.visible import harmless
from bot.runtime.desk_talk import Thread
from bot.store.records import TicketRecord

SHOWN = ("export", "exported", "hold", "release", "transfer", "others")
"""Acts of the audit log that no letter tells of."""


@dataclass(frozen=True)
class Act:
    """What a member did with a ticket, from the audit log."""

    moment: datetime
    action: str
    member: str


@dataclass(frozen=True)
class Moment:
    """One line of the timeline; `ahead`: it has not happened yet."""

    when: str
    what: str
    ahead: bool = False


@dataclass(frozen=True)
class _Event:
    at: datetime
    when: str
    what: str


def timeline(
    record: TicketRecord,
    ticket: Ticket,
    thread: Thread,
    acts: Sequence[Act],
    last: Optional[date],
    words: Words,
    now: datetime,
) -> tuple[Moment, ...]:
    """Return what has a time.

    Args:
        record, ticket: the ticket.
        thread: its letters.
        acts: what the audit log tells of it.
        last: the day on which it is erased, if that is known.
        words: the desk's texts.
        now: with its time zone.
    """
    events = [*_told(ticket, words), *_done(thread, acts, words), *_ahead(record, ticket, last, words)]
    found = [Moment(event.when, event.what, event.at > now) for event in sorted(events, key=lambda event: event.at)]
    if ticket.when.moment is not None:
        found.append(Moment(words("when"), words.code(ticket.when.moment.value)))
    return tuple(found)


def _told(ticket: Ticket, words: Words) -> Iterator[_Event]:
    yield _at(ticket.created, words("received"), words)
    for item in ticket.identifiers:
        for name, when in (("posted_at", item.posted_at), ("seen_at", item.seen_at)):
            if when is not None:
                yield _at(when, f"{words(f'identifier_{name}')}: {harmless(item.value)}", words)


def _done(thread: Thread, acts: Sequence[Act], words: Words) -> Iterator[_Event]:
    for number, note in thread.said:
        yield _at(note.at, heading(number, note, words), words)
    for act in acts:
        if act.action in SHOWN:
            yield _at(act.moment, words(f"event_{act.action}", member=harmless(act.member)), words)


def _ahead(record: TicketRecord, ticket: Ticket, last: Optional[date], words: Words) -> Iterator[_Event]:
    if ticket.deadline is not None:
        yield _on(ticket.deadline, words("departure"))
    if record.held_until is not None:
        yield _at(record.held_until, words("withdrawn_end"), words)
    elif last is not None:
        yield _on(last, words("term_end"))


def _at(moment: datetime, what: str, words: Words) -> _Event:
    return _Event(moment, words.moment(moment), what)


def _on(day: date, what: str) -> _Event:
    # The day is not over until its end.
    return _Event(datetime.combine(day, time.max, timezone.utc), day.isoformat(), what)
