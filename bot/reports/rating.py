"""The fields of a ticket that follow from the others."""

from bot.reports.completeness import completeness
from bot.reports.ticket import Ticket
from bot.reports.urgent import urgent_reasons


def rated(ticket: Ticket) -> Ticket:
    """Return the ticket with `urgent`, `urgent_reasons` and `completeness` worked out anew."""
    reasons = urgent_reasons(ticket)
    update = {"urgent": bool(reasons), "urgent_reasons": reasons, "completeness": completeness(ticket)}
    return ticket.copy(update=update)
