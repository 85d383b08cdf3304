"""Asking for what must not stand in the shell's history: on the terminal, else as one line of standard input."""

import sys
from typing import NoReturn, Optional

import typer

from bot.privacy.passphrases import WeakPassphrase, check_passphrase
from bot.privacy.powers import Act
from bot.runtime import desk_session
from bot.runtime.audit_log import BROKEN
from bot.runtime.desk_session import DeskSession
from bot.runtime.safe_start import settings_for_keys
from bot.runtime.seat import NotYourPart, Seat
from bot.runtime.upkeep import bring_up


class NothingTyped(Exception):
    """Standard input ended before an answer came; the message says which one."""


def on_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin.isatty()


def progress(message: str) -> None:
    """Tell a person at a terminal what takes a moment; programs are not disturbed."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()


def line(question: str, *, default: Optional[str] = None) -> str:
    """Return one line of words, shown while it is typed.

    Raises:
        NothingTyped: standard input is empty.
    """
    if on_terminal():
        return str(typer.prompt(question, default=default, err=True))
    return _next_line(question)


def passphrase(question: str) -> str:
    """Return a passphrase that exists, hidden while it is typed.

    Raises:
        NothingTyped: standard input is empty.
    """
    if on_terminal():
        return str(typer.prompt(question, hide_input=True, err=True))
    return _next_line(question)


def new_passphrase(question: str) -> str:
    """Return a new passphrase. A person types it twice, and again where it is weak or the two differ.

    Raises:
        WeakPassphrase: it came from standard input and is too easy to guess.
        NothingTyped: standard input is empty.
    """
    if not on_terminal():
        typed = _next_line(question)
        check_passphrase(typed)
        return typed
    while True:
        typed = str(typer.prompt(question, hide_input=True, err=True))
        try:
            check_passphrase(typed)
        except WeakPassphrase as error:
            typer.echo(str(error), err=True)
            continue
        if typer.prompt("The same again", hide_input=True, err=True) == typed:
            return typed
        typer.echo("The two are not the same: type both again.", err=True)


def open_desk(desk: Optional[str], member: Optional[str], act: Act) -> DeskSession:
    """Ask for a member's passphrase and open their desk, for something that their role does.

    Raises:
        DeskError: it is not clear which desk or which member.
        NotYourPart: their role does not do this, or opens no tickets.
        WrongPassphrase: the passphrase does not open it.
    """
    seat = sit_down(desk, member, act)
    if not isinstance(seat, DeskSession):
        raise NotYourPart(f"{seat.member.name} is {seat.role.value} at desk {seat.desk}, which opens no tickets.")
    return seat


def sit_down(desk: Optional[str], member: Optional[str], act: Act) -> Seat:
    """Ask for a member's passphrase, for something that needs no ticket; whoever holds the desk's secret opens it.

    Raises:
        As for `open_desk`.
    """
    settings = settings_for_keys()
    desk_id, name = desk_session.who_works(settings, desk, member)
    typed = passphrase(f"Passphrase of {name} at {desk_id}")
    progress(f"opening {desk_id} …")
    seat = desk_session.sit_down(settings, desk_id, name, typed)
    seat.need(act)
    if isinstance(seat, DeskSession):
        bring_up(seat, sealed_so_far)
    return seat


def note(session: Seat, action: str, subject: str = "", reason: str = "") -> None:
    """Write into the audit log, and warn where that log is not the one that was written."""
    session.note(action, subject, reason)
    warn(session)


def warn(session: Seat) -> None:
    """Say where the audit log is not the one that was written."""
    if not session.log_is_whole:
        typer.echo(BROKEN, err=True)


def sealed_so_far(done: int, of: int) -> None:
    """Tell a person at a terminal how far the tickets are that had to be sealed or indexed."""
    progress(f"tickets brought up to date: {done} of {of}")


def _next_line(question: str) -> str:
    read = sys.stdin.readline()
    if not read:
        _nothing(question)
    return read.rstrip("\r\n")


def _nothing(question: str) -> NoReturn:
    raise NothingTyped(f"{question}: type it on a terminal, or give it as a line of standard input.")
