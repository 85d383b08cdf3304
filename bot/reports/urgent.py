"""What makes a ticket urgent (DESIGN section 6)."""

from datetime import timedelta
from enum import Enum

from bot.reports.ticket import Age, Moment, Stage, Ticket

SOON = timedelta(hours=72)
_TIME_ZONES = timedelta(days=1)
"""A day is named where the person is: it may still be yesterday's date there, or already tomorrow's."""


class Reason(str, Enum):
    """One reason for urgency."""

    EXPLOITATION_NOW = "exploitation_now"
    TRANSIT_NOW = "transit_now"
    LEAVING_SOON = "leaving_within_72_hours"
    MINOR = "minor"
    CANNOT_LEAVE = "documents_held_cannot_leave"


def urgent_reasons(ticket: Ticket) -> tuple[str, ...]:
    """Return the values of every `Reason` that holds, in the order of `Reason`.

    Only what was said counts: a departure without a day is not taken to be near.
    """
    now = ticket.when.moment is Moment.NOW
    control = {"WithholdsDocuments", "RestrictsMovement"}
    holds = {
        Reason.EXPLOITATION_NOW: now and ticket.stage is Stage.EXPLOITATION,
        Reason.TRANSIT_NOW: now and ticket.stage is Stage.TRANSIT,
        Reason.LEAVING_SOON: _leaving_soon(ticket),
        Reason.MINOR: ticket.age in (Age.CHILD, Age.UNSURE),
        Reason.CANNOT_LEAVE: control <= set(ticket.methods_of_control),
    }
    return tuple(reason.value for reason, is_so in holds.items() if is_so)


def _leaving_soon(ticket: Ticket) -> bool:
    if ticket.deadline is None or ticket.when.moment is Moment.PAST:
        return False
    today = ticket.created.date()
    return today - _TIME_ZONES <= ticket.deadline <= today + SOON
