"""`oberih tickets …`: reading the tickets of a desk, and working on them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

import typer

from bot.commands import asking, exporting, keeping
from bot.commands.ticket_options import Desk, Member, Ticket
from bot.privacy.powers import Act
from bot.reports.links import Link
from bot.reports.notes import CORRECTED_LEVELS, OUTCOMES
from bot.reports.show import SUMMARY_COLUMNS, summary_row
from bot.reports.show import show as as_text
from bot.reports.show_thread import show_thread
from bot.reports.visible import harmless, json_line
from bot.runtime.desk_session import Opened, refuse_strange
from bot.runtime.exporting import whole
from bot.runtime.handing_on import elsewhere, hand_on
from bot.runtime.linking import links_among, links_of
from bot.runtime.upkeep import bring_up
from bot.store.records import TicketRecord

tickets = typer.Typer(no_args_is_help=True, help="Work on the tickets of a desk; asks for your passphrase.")
AsJson = typer.Option(False, "--json", help="Print one JSON object on one line.")
_LEAST_ID = 8
_MOST_IDS = 5


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
    refuse_strange(state)
    opened = asking.open_desk(desk_id, member, Act.READ)
    asking.note(opened, "list")
    every = opened.tickets()
    links = links_among(opened, every)
    found = [ticket for ticket in every if state in (None, ticket.record.state)]
    if as_json:
        typer.echo(json_line({"desk": opened.desk, "tickets": [_object(ticket, links) for ticket in found]}))
    elif not found:
        typer.echo(f"Desk {opened.desk} has no tickets{f' that are {state}' if state else ''}.")
    else:
        _print_table(found, links)
    keeping.warn_of_terms(found)


@tickets.command()
def show(
    ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member, as_json: bool = AsJson
) -> None:
    """Show one ticket: addresses defanged, hidden characters spelt out; with --json the words as they came."""
    opened = asking.open_desk(desk_id, member, Act.READ)
    record, content = opened.ticket(ticket)
    asking.note(opened, "show", record.id)
    found = opened.open(record)
    if as_json:
        typer.echo(whole(opened, found))
        return
    links, thread = links_of(opened, record, content), opened.talk.thread(record.id)
    shown = show_thread(thread.said, thread.closed, opened.desk)
    told = (*_doubts(found), _withdrawn(record), as_text(content, record.id), shown)
    parts = (*told, *_link_lines(record.id, links))
    typer.echo("\n".join(part for part in parts if part))


@tickets.command()
def ask(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Ask the person who reported something; they see it under their receipt, signed by your desk."""
    opened = asking.open_desk(desk_id, member, Act.ASK)
    record, _ = opened.ticket(ticket)
    _warn()
    words = asking.line("Your question")
    asking.note(opened, "ask", record.id)
    number = opened.talk.ask(record, words)
    typer.echo(f"Question {number} on ticket {record.id} waits under its receipt.")


@tickets.command()
def correct(
    ticket: str = Ticket,
    level: str = typer.Option(..., "--level", help=f"One of: {', '.join(CORRECTED_LEVELS)}.", show_default=False),
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Put another level in the place of the assistant's, with a reason that the person can read."""
    opened = asking.open_desk(desk_id, member, Act.CORRECT)
    record, _ = opened.ticket(ticket)
    _warn()
    words = asking.line("Your reason, in plain words")
    asking.note(opened, "correct", record.id)
    opened.talk.correct(record, level, words)
    typer.echo(f"The correction to {level} on ticket {record.id} waits under its receipt.")


@tickets.command()
def accept(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Take a ticket up; its reporter can see that."""
    _decide(ticket, "accept", "accepted", None, desk_id, member)


@tickets.command()
def reject(ticket: str = Ticket, desk_id: Optional[str] = Desk, member: Optional[str] = Member) -> None:
    """Do not take a ticket up; its reporter can see that."""
    _decide(ticket, "reject", "rejected", None, desk_id, member)


@tickets.command()
def close(
    ticket: str = Ticket,
    outcome: str = typer.Option(..., "--outcome", help=f"One of: {', '.join(OUTCOMES)}.", show_default=False),
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Close a ticket; its reporter sees that, and of the outcome only where it was passed to."""
    _decide(ticket, "close", "done", outcome, desk_id, member)


@tickets.command()
def transfer(
    ticket: str = Ticket,
    to: str = typer.Argument(..., help="The id of the desk that receives it.", show_default=False),
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Hand a ticket on to another desk: from then on only that desk opens it. The reporter's receipt keeps working."""
    opened = asking.open_desk(desk_id, member, Act.TRANSFER)
    there = hand_on(opened, ticket, to)
    asking.warn(opened)
    typer.echo(f"Ticket {there.id} is now at desk {there.desk}.")


@tickets.command()
def others(
    ticket: str = Ticket,
    reason: str = typer.Option("", help="Why you ask; kept sealed in the audit log.", show_default=False),
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
    as_json: bool = AsJson,
) -> None:
    """Say which other desks follow the leads of one of your accepted tickets, so that you can talk to them."""
    opened = asking.open_desk(desk_id, member, Act.COMPARE)
    found = elsewhere(opened, ticket, reason)
    asking.warn(opened)
    if as_json:
        hits = [
            {"desk": hit.desk, "kind": hit.lead.kind, "value": hit.lead.value, "tickets": hit.tickets} for hit in found
        ]
        typer.echo(json_line({"desk": opened.desk, "elsewhere": hits}))
        return
    for hit in found:
        typer.echo(f"Desk {hit.desk}, accepted tickets: {hit.tickets}: {harmless(f'{hit.lead.kind} {hit.lead.value}')}")
    if not found:
        typer.echo("No other desk that says so follows these leads.")


def _decide(
    ticket: str, action: str, state: str, outcome: Optional[str], desk: Optional[str], member: Optional[str]
) -> None:
    opened = asking.open_desk(desk, member, Act.DECIDE)
    record, _ = opened.ticket(ticket)
    asking.note(opened, action, record.id)
    opened.talk.decide(record, state, outcome)
    bring_up(opened)
    typer.echo(f"Ticket {record.id} is {state}{f': {outcome}' if outcome else ''}.")


def _warn() -> None:
    typer.echo(
        "The wrong person may read this: whoever has the receipt sees it. Name nobody, write nothing that tells who "
        "reported or what, promise nothing. It cannot be unsaid.",
        err=True,
    )


def _withdrawn(record: TicketRecord) -> str:
    if record.held_until is None:
        return ""
    return f"WITHDRAWN by its reporter, held until {record.held_until:%Y-%m-%d %H:%M UTC}, then erased."


def _doubts(opened: Opened) -> Iterator[str]:
    """Say where the database is not what the chat put there."""
    if opened.made_up:
        yield "MADE UP OR CHANGED: this did not come in like this through the chat. Tell whoever runs the site."
    if opened.changed:
        fields = ", ".join(opened.changed)
        yield f"CHANGED IN THE DATABASE: {fields}. What follows is what was sent. Tell whoever runs the site."


def _state(opened: Opened) -> str:
    record = opened.record
    marks = {"withdrawn": record.held_until is not None, "made up": opened.made_up, "changed": bool(opened.changed)}
    return ", ".join((record.state, *(mark for mark, holds in marks.items() if holds)))


def _link_lines(id: str, links: Sequence[Link]) -> Iterator[str]:
    """Return what the ticket shares with others, as many as there are, and the ids of some of those."""
    if links:
        yield "Links with other tickets of this desk"
    for link in links:
        others = [other[:_LEAST_ID] for other in link.tickets if other != id]
        more = f" and {len(others) - _MOST_IDS} more" if len(others) > _MOST_IDS else ""
        yield f"  | {harmless(str(link))}; see {', '.join(others[:_MOST_IDS])}{more}"


for command in (exporting.export, keeping.exported, keeping.hold, keeping.release):
    tickets.command()(command)


def _cells(opened: Opened) -> tuple[str, ...]:
    """Return the cells of `SUMMARY_COLUMNS` and the state; a tombstone has its id and day only."""
    if opened.content is not None:
        return (*summary_row(opened.content, opened.record.id), _state(opened))
    nothing = ("",) * (len(SUMMARY_COLUMNS) - 2)
    state = "does not open" if opened.damaged else opened.record.state
    return (opened.record.id, opened.record.day.isoformat(), *nothing, state)


def _object(opened: Opened, links: Mapping[str, Link]) -> dict[str, Any]:
    cells = dict(zip((*SUMMARY_COLUMNS, "state"), _cells(opened), strict=True))
    link = links.get(opened.record.id)
    return {
        "id": cells.pop("ticket"),
        **cells,
        "urgent": cells["urgent"] == "!",
        "link": link.plain() if link else None,
    }


def _print_table(found: list[Opened], links: Mapping[str, Link]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*SUMMARY_COLUMNS, "state", "linked", box=None)
    length = _id_length([opened.record.id for opened in found])
    for opened in found:
        link = links.get(opened.record.id)
        # Tickets, independent texts, accepted ones.
        linked = f"{len(link.tickets)}/{link.texts}/{link.accepted}" if link else ""
        first, *others = (*_cells(opened), linked)
        # Text, not a string: rich would read brackets as markup.
        table.add_row(*(Text(cell) for cell in (first[:length], *others)))
    Console(width=120).print(table)


def _id_length(identifiers: list[str]) -> int:
    """Return how much of the ids must be shown so that each can be told from the others."""
    for length in range(_LEAST_ID, 32):
        if len({identifier[:length] for identifier in identifiers}) == len(identifiers):
            return length
    return 32
