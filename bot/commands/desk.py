"""`oberih desk …`: who belongs to a desk."""

from datetime import datetime, timezone
from typing import Optional

import typer

from bot.commands import asking
from bot.runtime import joining
from bot.runtime.desk_session import DeskError
from bot.runtime.safe_start import settings_for_keys
from bot.store.records import ROLES

desk = typer.Typer(no_args_is_help=True, help="Who belongs to a desk: invite, join.")


@desk.command()
def invite(
    desk_id: Optional[str] = typer.Argument(
        None, metavar="[DESK]", help="The desk's id; not needed where there is one desk.", show_default=False
    ),
    role: str = typer.Option("member", help=f"One of: {', '.join(ROLES)}. All roles open all tickets today."),
    member: Optional[str] = typer.Option(
        None, "--as", help="Your own name at the desk; not needed where it has one member.", show_default=False
    ),
) -> None:
    """Print a code with which one person can join a desk, once, within 72 hours."""
    if role not in ROLES:
        raise DeskError(f"There is no role {role}. Choose one of: {', '.join(ROLES)}.")
    opened = asking.open_desk(desk_id, member)
    code = opened.invite(role)
    typer.echo(
        f"Invitation to desk {opened.desk}, for one person, 72 hours. Tell it in person or by a safe channel:\n\n"
        f"  {code}\n\nThey join on this machine with: oberih desk join"
    )


@desk.command()
def join(
    code: Optional[str] = typer.Argument(
        None, help="The invitation's code; without it you are asked, which keeps it out of the shell's history."
    ),
    name: Optional[str] = typer.Option(None, "--name", help="The name to log in by; without it you are asked."),
) -> None:
    """Join a desk with an invitation's code, and choose a passphrase that only you know."""
    settings = settings_for_keys()
    typed_code = code or asking.line("Invitation code")
    desk_id = joining.invited_to(settings, typed_code)
    typed_name = name or asking.line(f"Your name at desk {desk_id}")
    passphrase = asking.new_passphrase(f"New passphrase of {typed_name} at desk {desk_id}")
    today = datetime.now(timezone.utc).date()
    member = joining.join(settings, typed_code, typed_name, passphrase, today)
    typer.echo(f"{member.name} is now a {member.role} of desk {member.desk}.")
