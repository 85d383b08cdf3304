"""Somebody behind what a person passes on: the author of a forwarded message, the card of a contact.

It is kept apart from the words, because it may be a friend as well as a suspect: a report holds it only where the
person who reports has put it in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Optional

from bot.reports.ticket import Identifier, Obtained

MOST = 10
"""Contacts that are kept of one offer or report; a hostile chat may pass on hundreds."""


class Source(str, Enum):
    """What showed a contact."""

    ORIGIN = "origin"
    CARD = "card"


@dataclass(frozen=True)
class Contact:
    """One thing that leads to somebody; all but `source` is as in `Identifier`."""

    source: Source
    type: str
    value: str
    platform: Optional[str] = None
    platform_id: Optional[str] = None
    url: Optional[str] = None

    @property
    def identifier(self) -> Identifier:
        """What a ticket would hold of it."""
        return Identifier(
            type=self.type,
            value=self.value,
            platform=self.platform,
            platform_id=self.platform_id,
            url=self.url,
            obtained=Obtained.FORWARDED,
        )


def together(*groups: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return contacts as one group, each once, as it was seen last; what is above `MOST` is dropped."""
    known = {(contact.type, contact.value): contact for group in groups for contact in group}
    return tuple(known.values())[:MOST]


def read_contacts(held: Optional[Iterable[Mapping[str, Any]]]) -> tuple[Contact, ...]:
    """Return contacts that `dataclasses.asdict` made plain values of."""
    return tuple(Contact(**{**values, "source": Source(values["source"])}) for values in held or ())
