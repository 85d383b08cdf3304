"""`oberih tickets exported|hold|release`: how long a ticket is kept."""

from datetime import datetime, timezone
from typing import Optional

import typer

from bot.commands import asking
from bot.commands.ticket_options import Desk, Member, Ticket
from bot.privacy.powers import Act
from bot.reports.retention import Kept, plan
from bot.runtime import keeping as terms
from bot.runtime.desk_session import Opened
from bot.runtime.founding import site_of
from bot.settings import load
from bot.store.records import HOLD_REASONS

Until = typer.Option(
    ..., formats=["%Y-%m-%d"], help="The last day on which it must be kept, as 2027-01-31.", show_default=False
)
Reason = typer.Option(..., "--reason-code", help=f"One of: {', '.join(HOLD_REASONS)}.", show_default=False)


def exported(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Confirm that an accepted ticket is kept elsewhere now: here it is erased after its term."""
    opened = asking.open_desk(desk_id, member, Act.KEEP)
    record = terms.confirm_export(opened, ticket)
    asking.warn(opened)
    typer.echo(f"Noted: ticket {record.id} is kept elsewhere. Here it ends with its term (closed_days in site.yml).")


def hold(
    ticket: str = Ticket,
    until: datetime = Until,
    reason: str = Reason,
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Keep a ticket beyond its term; the person who sent it can still take it back."""
    opened = asking.open_desk(desk_id, member, Act.KEEP)
    record = terms.hold(opened, ticket, until.date(), reason)
    asking.warn(opened)
    typer.echo(f"Ticket {record.id} is kept through {until.date()}, unless the person who sent it takes it back.")


def release(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """End a hold: the ticket's term counts again."""
    opened = asking.open_desk(desk_id, member, Act.KEEP)
    record = terms.release(opened, ticket)
    asking.warn(opened)
    typer.echo(f"The hold on ticket {record.id} has ended: its term counts again.")


def warn_of_terms(found: list[Opened]) -> None:
    """Tell on standard error of tickets that will be erased unread, so that programs see only their answer."""
    site = site_of(load())
    if site is None:
        return
    records = [opened.record for opened in found]
    kept = (Kept(row.id, row.state, row.day, row.closed, row.sealed_body is None) for row in records)
    waiting = plan(kept, site.retention, datetime.now(timezone.utc).date()).alerts
    if waiting:
        days = site.retention.unread_days
        typer.echo(
            f"{len(waiting)} of them wait since long: not taken up, they are erased after {days} days.", err=True
        )
