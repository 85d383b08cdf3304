"""Doing one thing to many tickets: what is to be done, what of it is done, and what each ticket said to it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Optional

from bot.reports.notes import OUTCOMES
from bot.reports.worksheet import WorkError, tag_of

_PICKED = re.compile("pick_([0-9a-f]{32})")
"""The fields of a form that name the tickets."""
ACTIONS = ("accepted", "rejected", "done", "tag")


@dataclass(frozen=True)
class Bulk:
    """One thing to do to many tickets, as far as it has come; kept sealed in the session.

    Attributes:
        id: random; a form of another one does nothing.
        action: a word of the list above.
        outcome: with `done` alone.
        tag: with `tag` alone.
        waiting: ids of the tickets that are still to come.
        results: ids of the others, each with the id of the text that says what became of it.
        undone: whether it was taken back.
    """

    id: str
    action: str
    outcome: Optional[str]
    tag: str
    waiting: tuple[str, ...]
    results: tuple[tuple[str, str], ...] = ()
    undone: bool = False

    @property
    def total(self) -> int:
        """How many tickets it is about."""
        return len(self.waiting) + len(self.results)

    @property
    def succeeded(self) -> tuple[str, ...]:
        """The tickets that it was done to."""
        return tuple(ticket for ticket, result in self.results if result == DONE)

    def after(self, ticket: str, result: str) -> "Bulk":
        """Return it with one ticket dealt with."""
        waiting = tuple(id for id in self.waiting if id != ticket)
        return replace(self, waiting=waiting, results=(*self.results, (ticket, result)))

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can write it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> "Bulk":
        """Return what `plain` wrote."""
        results = tuple((ticket, result) for ticket, result in kept["results"])
        return cls(**{**kept, "waiting": tuple(kept["waiting"]), "results": results})


DONE = "bulk_done"


def picked(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tickets that a form names."""
    return tuple(found[1] for found in map(_PICKED.fullmatch, fields) if found)


def from_form(id: str, fields: Mapping[str, str], tickets: Sequence[str]) -> Optional[Bulk]:
    """Return what a form asks to be done; None where it asks for nothing that there is.

    Raises:
        WorkError: `tag_unfit`; `no_tickets`, or `no_outcome`.
    """
    action, outcome = fields.get("action", ""), fields.get("outcome", "")
    if action not in ACTIONS or (outcome and outcome not in OUTCOMES):
        return None
    if not tickets:
        raise WorkError("no_tickets")
    if action == "done" and not outcome:
        raise WorkError("no_outcome")
    tag = tag_of(fields.get("tag", "")) if action == "tag" else ""
    return Bulk(id, action, outcome if action == "done" else None, tag, tuple(tickets))
