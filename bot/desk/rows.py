"""One line of the queue: what it shows of a ticket, and what a search compares. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Optional

from bot.reports.glance import Glance
from bot.reports.vocabulary import Form

_SHORT = 60
"""Characters of somebody's words in a line."""
LEAST_ID = 6
"""From here on a query may be the start of an id; shorter ones would find too many by chance."""
_FEWEST_DIGITS = 5
"""From here on a query of digits is a number that people write with blanks in different places."""
_NUMBER = re.compile(r"\d[\d ().-]{3,}\d")


@dataclass(frozen=True)
class Row:
    """One ticket in the queue; `damaged`: it does not open, so nothing but the first three is known.

    Attributes:
        id, state, day: as in the store.
        created: the exact moment of the report, or the start of its day.
        place: words about the place, cut short.
        urgent: the reasons, in the order of `bot.reports.urgent.Reason`.
        repeats: how many independent texts name something that this ticket names, if there are several.
        copies: how many tickets of what is shown stand in this line: it and its near copies.
        mass: whether it and its near copies are so many that they were sent in mass.
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
    repeats: int = 0
    copies: int = 1
    mass: bool = False

    @property
    def closed(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.state not in ("new", "accepted")


def short(words: Optional[str]) -> str:
    """Return somebody's words as a line has room for them."""
    plain = " ".join(words.split()) if words else ""
    return plain if len(plain) <= _SHORT else plain[: _SHORT - 1].rstrip() + "…"


def searchable(ticket: Glance) -> set[str]:
    """Return the words by which a ticket is found, in one comparable form and without white space in them."""
    return set(_comparable("\n".join(_searched(ticket))).split())


def also_searchable(texts: Iterable[str]) -> str:
    """Return other words by which a ticket is found; numbers in them however they are written."""
    lines = [line for text in texts for line in (text, *map(_joined, _NUMBER.findall(text)))]
    return "\n".join(map(_comparable, lines))


def wanted(query: str) -> tuple[str, ...]:
    """Return the parts of a query, each of which must be part of a word of `searchable`."""
    digits = _joined(query)
    if len(digits) >= _FEWEST_DIGITS and digits.isdigit():
        return (digits,)
    return tuple(_comparable(query).split())


def _searched(ticket: Glance) -> Iterator[str]:
    yield from ticket.searched
    for identifier in ticket.identifiers:
        yield _joined(identifier.value)


def _comparable(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _joined(text: str) -> str:
    """Return a number or name without what people write between its parts."""
    return "".join(character for character in _comparable(text) if character.isalnum())
