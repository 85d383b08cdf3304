"""The commands of those who found a site and work its tickets: `init`, `desk …`, `tickets …`."""

import json
import sys
from datetime import datetime, timezone
from typing import Optional

import typer

from bot import PROJECT_ROOT
from bot.runtime import desk_session, founding
from bot.runtime.desk_session import DeskSession
from bot.runtime.safe_start import refuse_private_keys
from bot.settings import Settings, load
from bot.store.records import ROLES

desk = typer.Typer(no_args_is_help=True, help="Who belongs to a desk.")
tickets = typer.Typer(no_args_is_help=True, help="Read the tickets of a desk; asks for your passphrase.")
Desk = typer.Option("training", "--desk", help="The desk's id in site.yml.", show_default=True)
Member = typer.Option(founding.TRAINING_MEMBER, "--as", help="Your name at the desk.", show_default=True)
AsJson = typer.Option(False, "--json", help="Print one JSON object on one line.")


def init(
    member: str = typer.Option(..., "--member", help="Name of the first member of every desk.", prompt=True),
) -> None:
    """Found this site: recovery key, desks of site.yml with their first member, key folder, database."""
    settings = _settings()
    site = founding.site_of(settings)
    if site is None:
        raise founding.FoundingError(f"There is no {settings.site}: copy deploy/site.example.yml and fill it in.")
    first = {}
    for entry in site.desks:
        passphrase = typer.prompt(
            f"New passphrase of {member} at {entry.name}", hide_input=True, confirmation_prompt=True
        )
        first[entry.id] = founding.FirstMember(member, passphrase)
    recovery = founding.found(settings, site, first)
    typer.echo(
        "\nThe recovery key. Write it on paper now, keep it locked away from this machine, and clear this screen.\n"
        f"It is shown once and stored nowhere:\n\n  {recovery.code}\n\n"
        f"Its public half, to compare with `oberih doctor`:\n\n  {recovery.verify_key}\n\n"
        f"Founded: {', '.join(entry.id for entry in site.desks)}. Keys are in {settings.key_folder}."
    )


@desk.command()
def invite(
    desk_id: str = typer.Argument("training", metavar="DESK", help="The desk's id in site.yml."),
    role: str = typer.Option("member", help=f"One of: {', '.join(ROLES)}."),
    member: str = Member,
) -> None:
    """Print a code with which one person can join a desk, once, within 72 hours."""
    if role not in ROLES:
        raise desk_session.DeskError(f"There is no role {role}. Choose one of: {', '.join(ROLES)}.")
    code = _log_in(_settings(), desk_id, member).invite(role)
    typer.echo(
        f"Invitation to {desk_id}, for one person, 72 hours. Tell it in person or by a safe channel:\n\n  {code}"
    )


@desk.command()
def join(
    code: str = typer.Argument(..., help="The invitation's code."),
    name: str = typer.Option(..., "--name", prompt=True, help="The name to log in by."),
) -> None:
    """Join a desk with an invitation's code."""
    settings = _settings()
    passphrase = typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True)
    member = desk_session.join(settings, code, name, passphrase, datetime.now(timezone.utc).date())
    typer.echo(f"{member.name} is a {member.role} of desk {member.desk}.")


@tickets.command("list")
def list_tickets(
    desk_id: str = Desk,
    member: str = Member,
    state: Optional[str] = typer.Option(None, help="Only tickets in this state: new, accepted, rejected, done."),
    as_json: bool = AsJson,
) -> None:
    """List a desk's tickets, urgent ones first."""
    from rich.console import Console
    from rich.table import Table

    from bot.reports.show import SUMMARY_COLUMNS, summary_row

    found = _log_in(_settings(), desk_id, member).tickets(state)
    found.sort(key=lambda pair: (pair[1] is None, not (pair[1] and pair[1].urgent), pair[0].day, pair[0].id))
    rows = [(*(summary_row(t, r.id) if t else (r.id, *[""] * 7)), r.state) for r, t in found]
    columns = (*SUMMARY_COLUMNS, "state")
    if as_json:
        typer.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False))
        return
    if not rows:
        typer.echo("No tickets.")
        return
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(row[0][:8], *row[1:])
    Console(width=120).print(table)


@tickets.command()
def show(
    ticket: str = typer.Argument(..., help="The ticket's id, or the start of it."),
    desk_id: str = Desk,
    member: str = Member,
    as_json: bool = AsJson,
) -> None:
    """Show one ticket: addresses defanged, hidden characters spelt out."""
    from bot.reports.show import show as as_text
    from bot.reports.ticket import to_bytes

    record, content = _log_in(_settings(), desk_id, member).ticket(ticket)
    if as_json:
        typer.echo(json.dumps({"id": record.id, "state": record.state, **json.loads(to_bytes(content))}))
        return
    typer.echo(as_text(content, record.id))


@tickets.command()
def export(
    ticket: str = typer.Argument(..., help="The ticket's id, or the start of it."),
    desk_id: str = Desk,
    member: str = Member,
) -> None:
    """Print one ticket under the field names of HTCDS 2.0, as one JSON object."""
    from bot.knowledge.htcds import load_htcds
    from bot.reports.export import export as as_standard

    record, content = _log_in(_settings(), desk_id, member).ticket(ticket)
    typer.echo(json.dumps(as_standard(content, load_htcds(PROJECT_ROOT / "data"), record.id), ensure_ascii=False))


def _settings() -> Settings:
    """Return the settings, where no private key lies in clear."""
    settings = load()
    refuse_private_keys(settings)
    return settings


def _log_in(settings: Settings, desk_id: str, member: str) -> DeskSession:
    """Ask for the passphrase, on the terminal where there is one, else as a line of standard input."""
    if sys.stdin.isatty():
        passphrase = typer.prompt(f"Passphrase of {member} at {desk_id}", hide_input=True, err=True)
    else:
        passphrase = sys.stdin.readline().rstrip("\n")
    return desk_session.log_in(settings, desk_id, member, passphrase)
