"""The sealed body of a ticket: opened once, whichever version of it is inside."""

from bot.privacy.seal import Label, SealError, open_sealed, read_field
from bot.reports.ticket import Ticket, from_bytes
from bot.runtime.reporting import BODY

_VERSIONS = (1, 2)
"""A report, or with its addition."""


def open_body(ticket: str, sealed: bytes, identity: str) -> Ticket:
    """Return a ticket's content.

    Raises:
        SealError: it does not open with this identity, or is another ticket's.
        TicketError: what opens is no ticket.
    """
    return body_in(ticket, open_sealed(sealed, identity))


def body_in(ticket: str, opened: bytes) -> Ticket:
    """Return a ticket's content from what `open_sealed` returned.

    Raises:
        SealError: it is another ticket's.
        TicketError: it is no ticket.
    """
    for version in _VERSIONS:
        try:
            return from_bytes(read_field(Label(ticket, BODY, version), opened))
        except SealError as error:
            last = error
    raise last
