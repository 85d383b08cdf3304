"""What a session keeps of every ticket, in columns: small enough to be opened for each request."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from bot.desk.rows import Row
from bot.knowledge.signs import Concern, Kind
from bot.offers.level import Level
from bot.reports.glance import Glance
from bot.reports.urgent import Reason
from bot.reports.vocabulary import Form, Stage
from bot.store.records import STATES, Standing

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST_DAY = date(1970, 1, 1)
NO_DAY = 3_000_000
"""Later than the last day of the calendar."""
_MICROSECONDS_A_DAY = 86_400_000_000
MARK_BYTES = 22
_CODES: dict[str, tuple[Optional[str], ...]] = {
    "form": tuple(one.value for one in Form),
    "kind": (None, *(one.value for one in Kind)),
    "concern": (None, *(one.value for one in Concern)),
    "level": (None, *(one.value for one in Level)),
    "stage": (None, *(one.value for one in Stage)),
}
"""What stands in a column as a number; nothing else fits a ticket."""
_REASONS = tuple(one.value for one in Reason)
LEAVING = np.uint8(1 << _REASONS.index(Reason.LEAVING_SOON.value))
"""The mark, among the urgent ones, of who leaves soon."""
KIND = np.dtype(
    [
        ("id", "u1", (16,)), ("mark", f"S{MARK_BYTES}"), ("state", "u1"), ("day", "i4"), ("created", "i8"),
        ("deadline", "i4"), ("urgent", "u1"), ("child", "?"), ("completeness", "u1"), ("country", "S2"),
        ("damaged", "?"), ("gone", "?"), ("worded", "?"), ("tapped", "u8"), ("lane", "i4"), ("mass", "?"),
        ("repeats", "u2"), *((name, "u1") for name in _CODES),
    ]
)  # fmt: skip
"""One ticket.

- `mark` tells one sealing of its content from another, `gone`: there is a later one, or nothing is left;
- `worded`: it has words of its own; `tapped` stands for its answers if it has too few to be compared, else 0;
- `lane`, `mass`, `repeats`: see `bot.desk.lanes`.
"""
Table = NDArray[Any]


def entry(standing: Standing, ticket: Optional[Glance], tapped: int) -> tuple[Any, ...]:
    """Return the columns of a ticket but those that depend on others; one that does not open has no glance."""
    known = (bytes.fromhex(standing.id), standing.sealing or b"", STATES.index(standing.state), days(standing.day))
    if ticket is None:
        return (*_first(*known), days(standing.day) * _MICROSECONDS_A_DAY, NO_DAY, 0, False, 0, b"", True, False, False,
                0, -1, False, 0, *(0 for _ in _CODES))  # fmt: skip
    created = (ticket.created - _EPOCH) // timedelta(microseconds=1)
    deadline = days(ticket.deadline) if ticket.deadline else NO_DAY
    urgent = sum(1 << place for place, reason in enumerate(_REASONS) if reason in ticket.urgent_reasons)
    codes = (_code(name, getattr(ticket, name)) for name in _CODES)
    country = ticket.country.encode("ascii", "replace") if ticket.country else b""
    return (*_first(*known), created, deadline, urgent, ticket.child, ticket.completeness, country, False, False,
            bool(ticket.said), tapped, -1, False, 0, *codes)  # fmt: skip


def row(one: Any, place: str, copies: int = 1) -> Row:
    """Return the line of a ticket; `place` in short words."""
    codes = {name: known[int(one[name])] for name, known in _CODES.items() if name != "form"}
    return Row(
        id=one["id"].tobytes().hex(),
        state=STATES[one["state"]],
        day=_day(one["day"]),
        created=_EPOCH + timedelta(microseconds=int(one["created"])),
        damaged=bool(one["damaged"]),
        country=one["country"].decode("ascii") or None,
        place=place or None,
        deadline=None if one["deadline"] == NO_DAY else _day(one["deadline"]),
        urgent=tuple(reason for place, reason in enumerate(_REASONS) if int(one["urgent"]) >> place & 1),
        child=bool(one["child"]),
        completeness=int(one["completeness"]),
        repeats=int(one["repeats"]),
        mass=bool(one["mass"]),
        copies=copies,
        form=str(_CODES["form"][int(one["form"])]),
        **codes,
    )


def in_order(table: Table) -> "NDArray[np.int32]":
    """Return the places of the tickets that are there, in the order of the queue.

    Urgent ones by their day, then children, then what is named by most independent texts, then the most complete,
    then the oldest. The day of an urgent ticket is that of the departure; one that is urgent for another reason too
    is already going on, so its day is not after that of the report.
    """
    there = np.flatnonzero(~table["gone"]).astype(np.int32)
    some = table[there]
    urgent, reported = some["urgent"] > 0, some["created"] // _MICROSECONDS_A_DAY
    leaving = (some["urgent"] == LEAVING) & (some["deadline"] != NO_DAY)
    day = np.where(leaving, some["deadline"], np.minimum(some["deadline"], reported))
    halves = np.ascontiguousarray(some["id"]).view(">u8")
    incomplete, alone = -some["completeness"].astype(np.int16), -some["repeats"].astype(np.int32)
    by = (halves[:, 1], halves[:, 0], some["created"], incomplete, alone, ~some["child"], np.where(urgent, day, 0),
          ~urgent)  # fmt: skip
    found: NDArray[np.int32] = there[np.lexsort(by)]
    return found


def counts(table: Table, order: "NDArray[np.int32]") -> list[int]:
    """Return how many of the tickets that are there are in each of `STATES`."""
    return [int(count) for count in np.bincount(table["state"][order], minlength=len(STATES))]


def countries(table: Table, order: "NDArray[np.int32]") -> list[str]:
    """Return the countries that the tickets that are there name, as codes, sorted."""
    # Two letters are one small number: counting those is many times faster than sorting words.
    numbers = np.ascontiguousarray(table["country"][order]).view("<u2")
    found = np.flatnonzero(np.bincount(numbers)).astype("<u2").view("S2")
    return sorted(code.decode("ascii") for code in found if code)


def keys(table: Table) -> "NDArray[np.bytes_]":
    """Return the ids as what can be sorted and compared."""
    return np.ascontiguousarray(table["id"]).view("S16").ravel()


def code(name: str, value: str) -> int:
    """Return the number that stands for a value in a column, or 255, which no ticket has."""
    known = _CODES[name]
    return known.index(value) if value in known else 255


def days(day: date) -> int:
    """Return a day as the number of days since 1970."""
    return (day - _FIRST_DAY).days


def made(entries: Sequence[tuple[Any, ...]]) -> Table:
    """Return the table of these entries."""
    return np.array(list(entries), KIND)


def _first(id: bytes, mark: bytes, state: int, day: int) -> tuple[Any, ...]:
    return np.frombuffer(id, np.uint8), mark, state, day


def _code(name: str, value: Optional[str]) -> int:
    known = _CODES[name]
    return known.index(value) if value in known else 0


def _day(days: int) -> date:
    return _FIRST_DAY + timedelta(days=int(days))
