"""One line of the queue: what matters about a ticket, in which order, and how long it may wait. Pure."""

import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta, timezone
from typing import Any, Optional

from bot.reports.ticket import Age, Form, Ticket
from bot.reports.urgent import Reason

URGENT_WITHIN = timedelta(hours=24)
"""By when somebody should have looked at an urgent ticket: what this desk asks of itself."""
_SHORT = 60
"""Characters of somebody's words in a line."""
_LEAST_ID = 6
"""From here on a query may be the start of an id; shorter ones would find too many by chance."""
_FEWEST_DIGITS = 5
"""From here on a query of digits is a number that people write with blanks in different places."""


@dataclass(frozen=True)
class Row:
    """One ticket in the queue; `damaged`: it does not open, so nothing but the first three is known.

    Attributes:
        id, state, day: as in the store.
        created: the exact moment of the report, or the start of its day.
        place: words about the place, cut short.
        urgent: the reasons, in the order of `bot.reports.urgent.Reason`.
    """

    id: str
    state: str
    day: date
    created: datetime
    damaged: bool = False
    form: str = Form.REPORT.value
    kind: Optional[str] = None
    concern: Optional[str] = None
    level: Optional[str] = None
    stage: Optional[str] = None
    country: Optional[str] = None
    place: Optional[str] = None
    deadline: Optional[date] = None
    urgent: tuple[str, ...] = ()
    child: bool = False
    completeness: int = 0

    @property
    def closed(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.state not in ("new", "accepted")


_KEPT = tuple(field.name for field in fields(Row) if field.name not in ("id", "state", "day"))


def kept(ticket: Optional[Ticket], day: date) -> dict[str, Any]:
    """Return what an index keeps of a ticket, as JSON can write it; without a ticket, that it does not open."""
    if ticket is None:
        return {"created": datetime(day.year, day.month, day.day, tzinfo=timezone.utc).isoformat(), "damaged": True}
    row = Row(
        id="",
        state="",
        day=day,
        created=ticket.created,
        form=ticket.form.value,
        kind=ticket.kind and ticket.kind.value,
        concern=ticket.concern and ticket.concern.value,
        level=ticket.level,
        stage=ticket.stage and ticket.stage.value,
        country=ticket.place.country,
        place=_short(ticket.place.words),
        deadline=ticket.deadline,
        urgent=ticket.urgent_reasons,
        child=ticket.form is Form.CHILD or ticket.age in (Age.CHILD, Age.UNSURE),
        completeness=ticket.completeness,
    )
    # What is not said takes no room: a row fills it in.
    plain = {name: value for name, value in asdict(row).items() if name in _KEPT and value}
    plain["created"] = row.created.isoformat()
    if row.deadline is not None:
        plain["deadline"] = row.deadline.isoformat()
    return plain


def row(id: str, state: str, day: date, kept: dict[str, Any]) -> Row:
    """Return the line of a ticket from what `kept` returned."""
    deadline = kept.get("deadline")
    known = {**kept, "created": datetime.fromisoformat(kept["created"]), "urgent": tuple(kept.get("urgent", ()))}
    return Row(id, state, day, **{**known, "deadline": date.fromisoformat(deadline) if deadline else None})


def order(row: Row) -> tuple[bool, str, bool, int, str, str]:
    """Return the key by which lines are sorted: urgent ones by their day, then child, completeness, age.

    The day of an urgent ticket is that of the departure; one that is urgent for another reason too is already
    going on, so its day is not after that of the report.
    """
    return (
        not row.urgent,
        _urgent_day(row).isoformat() if row.urgent else "",
        not row.child,
        -row.completeness,
        row.created.isoformat(),
        row.id,
    )


def due(row: Row, unread_days: int) -> datetime:
    """Return by when somebody should have looked at a ticket.

    Args:
        row: the line.
        unread_days: after how many days the site warns of a ticket that nobody looked at.
    """
    return row.created + (URGENT_WITHIN if row.urgent else timedelta(days=unread_days))


def searchable(ticket: Optional[Ticket]) -> str:
    """Return the words by which a ticket is found, in one comparable form."""
    if ticket is None:
        return ""
    values = [item.value for item in ticket.identifiers]
    words = (ticket.place.words, ticket.when.words, ticket.with_whom, ticket.narrative, ticket.offer, *values,
             *(_joined(value) for value in values), *(sign.id for sign in ticket.signs))  # fmt: skip
    return "\n".join(_comparable(word) for word in words if word)


def wanted(query: str) -> tuple[str, ...]:
    """Return the parts of a query, all of which must occur in `searchable`."""
    digits = _joined(query)
    if len(digits) >= _FEWEST_DIGITS and digits.isdigit():
        return (digits,)
    return tuple(_comparable(query).split())


def fits(part: str, id: str, words: str) -> bool:
    """Return whether a ticket has one part of a query: in its words, or as the start of its id."""
    return part in words or (len(part) >= _LEAST_ID and id.startswith(part))


def _urgent_day(row: Row) -> date:
    reported = row.created.date()
    if row.deadline is None:
        return reported
    return row.deadline if row.urgent == (Reason.LEAVING_SOON.value,) else min(row.deadline, reported)


def _short(words: Optional[str]) -> Optional[str]:
    plain = " ".join(words.split()) if words else ""
    return (plain if len(plain) <= _SHORT else plain[: _SHORT - 1].rstrip() + "…") or None


def _comparable(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _joined(text: str) -> str:
    """Return a number or name without what people write between its parts."""
    return "".join(character for character in _comparable(text) if character.isalnum())
