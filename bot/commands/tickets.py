"""`oberih tickets …`: reading the tickets of a desk."""

import json
from datetime import datetime, timezone
from typing import Any, Optional

import typer

from bot import PROJECT_ROOT
from bot.commands import asking
from bot.reports.retention import Kept, plan
from bot.reports.show import SUMMARY_COLUMNS, summary_row
from bot.reports.show import show as as_text
from bot.reports.ticket import to_bytes
from bot.reports.visible import json_line
from bot.runtime.desk_session import Opened
from bot.runtime.founding import site_of
from bot.settings import load
from bot.store.records import HOLD_REASONS

tickets = typer.Typer(no_args_is_help=True, help="Read the tickets of a desk; asks for your passphrase.")
Desk = typer.Option(
    None, "--desk", help="The desk's id in site.yml; not needed where there is one desk.", show_default=False
)
Member = typer.Option(
    None, "--as", help="Your name at the desk; not needed where it has one member.", show_default=False
)
Ticket = typer.Argument(..., help="The ticket's id, or the start of it.", show_default=False)
AsJson = typer.Option(False, "--json", help="Print one JSON object on one line.")
Until = typer.Option(
    ..., formats=["%Y-%m-%d"], help="The last day on which it must be kept, as 2027-01-31.", show_default=False
)
Reason = typer.Option(..., "--reason-code", help=f"One of: {', '.join(HOLD_REASONS)}.", show_default=False)
_LEAST_ID = 8


@tickets.command("list")
def list_tickets(
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
    state: Optional[str] = typer.Option(
        None, help="Only tickets in this state: new, accepted, rejected, done, revoked.", show_default=False
    ),
    as_json: bool = AsJson,
) -> None:
    """List a desk's tickets, urgent ones first."""
    opened = asking.open_desk(desk_id, member)
    found = opened.tickets(state)
    if as_json:
        typer.echo(json_line({"desk": opened.desk, "tickets": [_object(ticket) for ticket in found]}))
    elif not found:
        typer.echo(f"Desk {opened.desk} has no tickets{f' that are {state}' if state else ''}.")
    else:
        _print_table(found)
    _warn(found)


@tickets.command()
def show(
    ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member, as_json: bool = AsJson
) -> None:
    """Show one ticket: addresses defanged, hidden characters spelt out; with --json the words as they came."""
    record, content = asking.open_desk(desk_id, member).ticket(ticket)
    if as_json:
        typer.echo(json_line({"id": record.id, "state": record.state, **json.loads(to_bytes(content))}))
        return
    typer.echo(as_text(content, record.id))


@tickets.command()
def export(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Print one ticket under the field names of HTCDS 2.0, as one JSON object on one line."""
    from bot.knowledge.htcds import load_htcds
    from bot.reports.export import export as as_standard

    record, content = asking.open_desk(desk_id, member).ticket(ticket)
    typer.echo(json_line(as_standard(content, load_htcds(PROJECT_ROOT / "data"), record.id)))


@tickets.command()
def exported(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Confirm that an accepted ticket is kept elsewhere now: here it is erased after its term."""
    record = asking.open_desk(desk_id, member).confirm_export(ticket)
    typer.echo(f"Noted: ticket {record.id} is kept elsewhere. Here it ends with its term (closed_days in site.yml).")


@tickets.command()
def hold(
    ticket: str = Ticket,
    until: datetime = Until,
    reason: str = Reason,
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Keep a ticket beyond its term; the person who sent it can still take it back."""
    record = asking.open_desk(desk_id, member).hold(ticket, until.date(), reason)
    typer.echo(f"Ticket {record.id} is kept through {until.date()}, unless the person who sent it takes it back.")


@tickets.command()
def release(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """End a hold: the ticket's term counts again."""
    record = asking.open_desk(desk_id, member).release(ticket)
    typer.echo(f"The hold on ticket {record.id} has ended: its term counts again.")


def _warn(found: list[Opened]) -> None:
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


def _cells(opened: Opened) -> tuple[str, ...]:
    """Return the cells of `SUMMARY_COLUMNS` and the state; a tombstone has its id and day only."""
    if opened.content is not None:
        return (*summary_row(opened.content, opened.record.id), opened.record.state)
    nothing = ("",) * (len(SUMMARY_COLUMNS) - 2)
    state = "does not open" if opened.damaged else opened.record.state
    return (opened.record.id, opened.record.day.isoformat(), *nothing, state)


def _object(opened: Opened) -> dict[str, Any]:
    cells = dict(zip((*SUMMARY_COLUMNS, "state"), _cells(opened), strict=True))
    return {"id": cells.pop("ticket"), **cells, "urgent": cells["urgent"] == "!"}


def _print_table(found: list[Opened]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*SUMMARY_COLUMNS, "state", box=None)
    length = _id_length([opened.record.id for opened in found])
    for opened in found:
        first, *others = _cells(opened)
        # Text, not a string: rich would read brackets as markup.
        table.add_row(*(Text(cell) for cell in (first[:length], *others)))
    Console(width=120).print(table)


def _id_length(identifiers: list[str]) -> int:
    """Return how much of the ids must be shown so that each can be told from the others."""
    for length in range(_LEAST_ID, 32):
        if len({identifier[:length] for identifier in identifiers}) == len(identifiers):
            return length
    return 32
