"""How much of what a desk needs first is there."""

from bot.reports.ticket import Ticket


def completeness(ticket: Ticket) -> int:
    """Return how many of the five things asked first were said: where, when, who, stage, basis; 0 to 5.

    "Who" is who or what place: words about the place answer it where the country already says where.
    """
    place, when = ticket.place, ticket.when
    said = (
        place.country or place.words,
        when.moment or when.words or ticket.deadline,
        ticket.identifiers or ticket.with_whom or (place.country and place.words),
        ticket.stage,
        ticket.basis_of_knowledge,
    )
    return sum(bool(thing) for thing in said)
