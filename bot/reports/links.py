"""Links between tickets that name the same identifier, and how much they weigh.

Ten reports of one advert that was passed around are one source; two people who each tell of the same
phone in their own words are two. Texts are compared by their word shingles (A. Broder, "On the resemblance
and containment of documents", SEQUENCES 1997): a text is a copy of another one if the smaller of the two has
at least half of its shingles in the larger one. Containment rather than resemblance, because people add a
sentence of their own to what they pass on, or cut it short. Shingles are taken from the folded text, so that
look-alike letters and capitals make no new text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.language.fold import fold
from bot.reports.identifiers import Lead
from bot.reports.ticket import Ticket

_SHINGLE = 3
"""Words in a shingle: offers have 20 to 100 words, so longer ones would tell a copy with small changes apart."""
_COPY = 0.5
_WORD = re.compile(r"\w+")

Shingles = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Linked:
    """A ticket as far as links need it; without words (as on the child form) `shingles` is empty."""

    id: str
    received: datetime
    accepted: bool
    shingles: Shingles


@dataclass(frozen=True)
class Link:
    """What the tickets that name one identifier come to.

    Attributes:
        lead: the identifier.
        texts: how many of their texts are not copies of one another.
        accepted: how many of them the desk has accepted.
        tickets: their ids, the oldest first.
    """

    lead: Lead
    texts: int
    accepted: int
    tickets: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return the link as JSON can write it."""
        return {
            "kind": self.lead.kind,
            "value": self.lead.value,
            "tickets": list(self.tickets),
            "texts": self.texts,
            "accepted": self.accepted,
        }

    def __str__(self) -> str:
        """Return the link as one line, the reason included."""
        counts = (_count(len(self.tickets), "ticket"), _count(self.texts, "independent text"))
        return f"{', '.join(counts)}, {self.accepted} accepted: {self.lead.kind} {self.lead.value}"


def linked(id: str, ticket: Ticket, state: str) -> Linked:
    """Return a ticket as `links` needs it."""
    return Linked(id, ticket.created, state == "accepted", shingles(f"{ticket.offer or ''}\n{ticket.narrative or ''}"))


def shingles(text: str) -> Shingles:
    """Return the word shingles of a text; one that is shorter than a shingle is one."""
    words = _WORD.findall(fold(text).text)
    if not words:
        return frozenset()
    return frozenset(tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1)))


def is_copy(one: Shingles, other: Shingles) -> bool:
    """Return whether one of two texts was made from the other."""
    return len(one & other) >= _COPY * min(len(one), len(other))


def links(naming: Mapping[Lead, Iterable[Linked]]) -> tuple[Link, ...]:
    """Return the links that there are, those with the most independent texts first.

    Args:
        naming: for each lead, all tickets that name it; one alone makes no link.
    """
    found = (_link(lead, sorted(tickets, key=_age)) for lead, tickets in naming.items())
    strongest = sorted(found, key=lambda link: (-link.texts, -len(link.tickets)))
    return tuple(link for link in strongest if len(link.tickets) > 1)


def independent(tickets: Sequence[Linked]) -> int:
    """Return how many texts there are: the oldest first, one counts unless it is a copy of one that counted."""
    counted: list[Shingles] = []
    for ticket in tickets:
        if ticket.shingles and not any(is_copy(ticket.shingles, earlier) for earlier in counted):
            counted.append(ticket.shingles)
    return len(counted)


def _link(lead: Lead, tickets: Sequence[Linked]) -> Link:
    accepted = sum(ticket.accepted for ticket in tickets)
    return Link(lead, independent(tickets), accepted, tuple(ticket.id for ticket in tickets))


def _age(ticket: Linked) -> tuple[datetime, str]:
    return ticket.received, ticket.id


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
