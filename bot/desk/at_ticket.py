"""What every action on a ticket begins and ends with: finding it at the member's own desk, and saying what happened."""

import re

from starlette.requests import Request
from starlette.responses import Response

from bot.desk import chosen, guard
from bot.desk.guard import AtWork, Console, Refused
from bot.reports.ticket import Ticket
from bot.runtime.desk_session import Opened
from bot.store.records import TicketRecord

_ID = re.compile("[0-9a-f]{32}")


def record_of(parts: Console, work: AtWork, identifier: str) -> TicketRecord:
    """Return a ticket of the member's own desk, unopened.

    Raises:
        Refused: the desk has no such ticket, or nothing of it is left.
    """
    record = parts.doors.tickets.get(identifier) if is_id(identifier) else None
    if record is None or record.desk != work.desk.desk or record.sealed_body is None:
        raise Refused(404, "no_ticket")
    return record


def open_ticket(parts: Console, work: AtWork, identifier: str) -> Opened:
    """Return a ticket of the member's own desk.

    Raises:
        Refused: the desk has no such ticket, or nothing of it is left.
    """
    return work.desk.open(record_of(parts, work, identifier))


def readable(parts: Console, work: AtWork, identifier: str) -> tuple[TicketRecord, Ticket]:
    """Return a ticket of the member's own desk, and what it says.

    Raises:
        Refused: the desk has no such ticket, nothing of it is left, or it does not open.
    """
    opened = open_ticket(parts, work, identifier)
    if opened.content is None:
        raise Refused(409, "damaged_long")
    return opened.record, opened.content


def is_id(text: str) -> bool:
    """Say whether this is written as the ids of tickets and letters are."""
    return _ID.fullmatch(text) is not None


def back(request: Request, work: AtWork, identifier: str, happened: str) -> Response:
    """Go to the ticket's page, which says what happened."""
    chosen.say(work.session, happened)
    return guard.go(request, f"/tickets/{identifier}")
