"""What a desk decides about how long a ticket is kept."""

from datetime import date, datetime, timedelta, timezone

from bot.runtime.desk_session import DeskError, DeskSession
from bot.store.records import HOLD_REASONS, HoldRecord, TicketRecord
from bot.store.tickets import Tickets

LONGEST_HOLD = timedelta(days=366)
"""A hold that is still needed then is set again: nobody should keep something because it was forgotten."""


def hold(session: DeskSession, start: str, until: date, reason: str) -> TicketRecord:
    """Keep one ticket beyond its term, through the day `until`; return it.

    Raises:
        DeskError: there is no such ticket or reason, the day has passed, or it is more than a year away.
    """
    if reason not in HOLD_REASONS:
        raise DeskError(f"There is no reason {reason}. Choose one of: {', '.join(HOLD_REASONS)}.")
    today = datetime.now(timezone.utc).date()
    if not today <= until <= today + LONGEST_HOLD:
        raise DeskError(f"A hold ends between today and {today + LONGEST_HOLD}: set it again before it ends.")
    record, _ = session.ticket(start)
    session.note("hold", record.id)
    if not Tickets(session.database).hold(HoldRecord(record.id, until, reason)):
        raise DeskError(f"Ticket {record.id} was taken back or has ended: nothing of it is left.")
    return record


def release(session: DeskSession, start: str) -> TicketRecord:
    """Take the hold off one ticket; return it.

    Raises:
        DeskError: there is no such ticket, or no hold on it.
    """
    record, _ = session.ticket(start)
    session.note("release", record.id)
    if not Tickets(session.database).release(record.id):
        raise DeskError(f"There is no hold on ticket {record.id}.")
    return record


def confirm_export(session: DeskSession, start: str) -> TicketRecord:
    """Note that an accepted ticket is now kept elsewhere; return it.

    Raises:
        DeskError: there is no such ticket, or its desk has not accepted it.
    """
    record, _ = session.ticket(start)
    session.note("exported", record.id)
    if not Tickets(session.database).confirm_export(record.id, datetime.now(timezone.utc).date()):
        raise DeskError(f"Ticket {record.id} is {record.state}: only the export of an accepted one is confirmed.")
    return record
