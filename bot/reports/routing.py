"""Which desk takes a report in, who else may receive it, and who must not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Optional, Protocol

from bot.reports.ticket import Ticket

POLICE = "police"
INTAKE_KINDS = ("ngo", "hotline")
"""Kinds of desk that qualify a report; a police desk receives qualified and consented ones only."""


class Desk(Protocol):
    """A desk of the site: kind is `ngo`, `hotline`, `police` or `labour`; countries are ISO 3166 codes."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def countries(self) -> Sequence[str]: ...
    @property
    def default(self) -> bool: ...


class Staff(str, Enum):
    """Whose staff a report is about."""

    POLICE = "police"
    BORDER = "border"
    AID = "aid"
    SHELTER = "shelter"


_DESKS_OF = {Staff.POLICE: POLICE, Staff.BORDER: POLICE, Staff.AID: "ngo", Staff.SHELTER: "ngo"}


@dataclass(frozen=True)
class Route:
    """Where a report goes. Without an `intake` desk nothing can be passed on, and `recipients` is empty.

    `recipients` begins with the intake desk. `not_to` are the desks that exist now, `not_to_kinds` binds
    those set up later too.
    """

    intake: Optional[str]
    recipients: tuple[str, ...]
    not_to: tuple[str, ...]
    not_to_kinds: tuple[str, ...]


def route(
    desks: Sequence[Desk], country: Optional[str], *, to_police: bool = False, concerns: Collection[Staff] = ()
) -> Route:
    """Return the route of a report.

    Args:
        desks: the site's desks, in the site file's order, which decides between two that fit.
        country: where it happens, or None.
        to_police: the person said that the police may receive it.
        concerns: whose staff it concerns; desks of that kind are left out, whatever else was said.
    """
    closed = {_DESKS_OF[staff] for staff in concerns}
    open_desks = [desk for desk in desks if desk.kind not in closed]
    intake = _best([desk for desk in open_desks if desk.kind in INTAKE_KINDS], country)
    police = _best([desk for desk in open_desks if desk.kind == POLICE], country) if to_police else None
    return Route(
        intake=intake,
        recipients=tuple(desk for desk in (intake, police) if desk) if intake else (),
        not_to=tuple(desk.id for desk in desks if desk.kind in closed),
        not_to_kinds=tuple(sorted(closed)),
    )


def _best(desks: Sequence[Desk], country: Optional[str]) -> Optional[str]:
    there = [desk.id for desk in desks if country in desk.countries]
    anywhere = [desk.id for desk in desks if desk.default]
    return next(iter(there + anywhere), None)


def may_receive(ticket: Ticket, desk: Desk) -> bool:
    """Return whether a ticket may be passed to a desk; a police desk must have been agreed to by name."""
    if desk.id in ticket.not_to or desk.kind in ticket.not_to_kinds:
        return False
    return desk.kind != POLICE or desk.id in ticket.recipients
