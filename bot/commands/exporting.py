"""`oberih tickets export`: one ticket for another program, in the clear or sealed to somebody's own age key."""

import os
import sys
from pathlib import Path
from typing import Optional

import typer

from bot.commands import asking
from bot.commands.ticket_options import Desk, Member, Ticket
from bot.privacy.powers import Act
from bot.privacy.seal import seal
from bot.runtime.desk_session import DeskError
from bot.runtime.exporting import htcds

To = typer.Option(
    None,
    "--to",
    help="Seal it to this age key (age1…): only whoever has its other half can read it.",
    show_default=False,
)
Out = typer.Option(None, "--out", help="A new file for what is sealed, closed to others (0600).", show_default=False)


def export(
    ticket: str = Ticket,
    to: Optional[str] = To,
    out: Optional[Path] = Out,
    desk_id: Optional[str] = Desk,
    member: Optional[str] = Member,
) -> None:
    """Print one ticket under the field names of HTCDS 2.0, as one JSON object on one line; with --to as an age file."""
    _refuse(to, out)
    opened = asking.open_desk(desk_id, member, Act.EXPORT)
    record, content = opened.ticket(ticket)
    asking.note(opened, "export", record.id, f"to {to}" if to else "")
    line = htcds(record, content)
    if to is None:
        typer.echo(line)
    else:
        _hand_over(seal(f"{line}\n".encode(), [to]), out)


def _refuse(to: Optional[str], out: Optional[Path]) -> None:
    """Return if what is asked for makes sense, before anything is opened.

    Raises:
        DeskError: a file is named for what is not sealed, or an age file would go to a terminal.
        SealError: that is no age key.
    """
    if to is None:
        if out is not None:
            raise DeskError("Only a sealed ticket is written to a file: name a key with --to.")
        return
    seal(b"", [to])
    if out is None and sys.stdout.isatty():
        raise DeskError("An age file is not for a terminal: name a file with --out, or pass it on with |.")


def _hand_over(sealed: bytes, out: Optional[Path]) -> None:
    if out is None:
        sys.stdout.buffer.write(sealed)
        sys.stdout.buffer.flush()
        return
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
    typer.echo(f"Written to {out}.", err=True)
