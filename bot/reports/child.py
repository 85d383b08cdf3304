"""The referral of a child: four taps, no scoring, no details."""

from datetime import datetime
from enum import Enum
from typing import Optional

from bot.knowledge.signs import Concern
from bot.reports.rating import rated
from bot.reports.ticket import Age, Count, Form, Place, Ticket, When


class WithWhom(str, Enum):
    """Who is with the child."""

    NOBODY = "nobody"
    RELATIVE = "relative"
    KNOWN_ADULT = "known_adult"
    STRANGER = "stranger"
    OTHER_CHILDREN = "other_children"
    DONT_KNOW = "dont_know"


def referral(
    created: datetime,
    *,
    where: Optional[Place] = None,
    when: Optional[When] = None,
    how_many: Optional[Count] = None,
    with_whom: Optional[WithWhom] = None,
    language: Optional[str] = None,
    age: Age = Age.CHILD,
    recipients: tuple[str, ...] = (),
    not_to: tuple[str, ...] = (),
    not_to_kinds: tuple[str, ...] = (),
) -> Ticket:
    """Return the ticket of a child, or of someone whose age is unsure; each of the four may be skipped."""
    ticket = Ticket(
        form=Form.CHILD,
        created=created,
        language=language,
        concern=Concern.CHILD,
        age=age,
        place=where or Place(),
        when=when or When(),
        people_now=how_many,
        with_whom=with_whom.value if with_whom else None,
        recipients=recipients,
        not_to=not_to,
        not_to_kinds=not_to_kinds,
    )
    return rated(ticket)
