"""`oberih desk …`: who belongs to a desk, its keys, and what was done there."""

from datetime import datetime, timezone
from typing import Any, Optional

import typer

from bot.commands import asking
from bot.privacy.audit_chain import Entry
from bot.privacy.powers import Act, Role
from bot.privacy.recovery import new_recovery, parse_recovery
from bot.reports.visible import harmless, json_line
from bot.runtime import joining, key_folder, people, rotating
from bot.runtime.desk_session import DeskError, DeskSession, known_desk, open_store
from bot.runtime.renewing import renew
from bot.runtime.safe_start import settings_for_keys
from bot.runtime.seat import Seat
from bot.runtime.upkeep import bring_up
from bot.store.desks import Desks
from bot.store.records import ROLES, SHARING

desk = typer.Typer(no_args_is_help=True, help="Who belongs to a desk, its keys, and what was done there.")
DeskId = typer.Argument(
    None, metavar="[DESK]", help="The desk's id; not needed where there is one desk.", show_default=False
)
DeskOption = typer.Option(None, "--desk", help="The desk's id; not needed where there is one desk.", show_default=False)
Member = typer.Option(
    None, "--as", help="Your own name at the desk; not needed where it has one member.", show_default=False
)


@desk.command()
def invite(
    desk_id: Optional[str] = DeskId,
    role: str = typer.Option("intake", help=f"One of: {', '.join(ROLES)}."),
    member: Optional[str] = Member,
) -> None:
    """Print a code with which one person can ask to be admitted to a desk, once, within 72 hours."""
    if role not in ROLES:
        raise DeskError(f"There is no role {role}. Choose one of: {', '.join(ROLES)}.")
    seat = asking.sit_down(desk_id, member, Act.INVITE)
    code = people.invite(seat, Role(role))
    asking.warn(seat)
    typer.echo(
        f"Invitation to desk {seat.desk} as {role}, for one person, 72 hours. Tell it in person or by a safe channel:"
        f"\n\n  {code}\n\nThey open the desk's page /join, or type on this machine: oberih desk join\n"
        "Then a member who opens tickets admits them: oberih desk admit"
    )


@desk.command()
def join(
    code: Optional[str] = typer.Argument(
        None, help="The invitation's code; without it you are asked, which keeps it out of the shell's history."
    ),
    name: Optional[str] = typer.Option(None, "--name", help="The name to log in by; without it you are asked."),
) -> None:
    """Ask to be admitted to a desk with an invitation's code, and choose a passphrase that only you know."""
    settings = settings_for_keys()
    typed_code = code or asking.line("Invitation code")
    desk_id = joining.invited_to(settings, typed_code)
    typed_name = name or asking.line(f"Your name at desk {desk_id}")
    passphrase = asking.new_passphrase(f"New passphrase of {typed_name} at desk {desk_id}")
    asked = joining.ask(settings, typed_code, typed_name, passphrase)
    typer.echo(
        f"{asked.name} asks to be admitted to desk {asked.desk} as {asked.role.value}.\n"
        f"Your number is {asked.number}: tell it to the member who admits you."
    )


@desk.command()
def admit(
    name: str = typer.Argument(..., help="The name of whoever asks to be admitted.", show_default=False),
    desk_id: Optional[str] = DeskOption,
    member: Optional[str] = Member,
) -> None:
    """Let in a person who was invited, once they have told you the number that they were shown."""
    session = asking.open_desk(desk_id, member, Act.ADMIT)
    id = people.asking_as(session, name)
    waiting = next(each for each in people.waiting_at(session) if each.id == id)
    typed = asking.line(f"The number that {name} told you, who asks to be {waiting.role.value}")
    admitted = people.admit_compared(session, id, typed)
    asking.warn(session)
    typer.echo(f"{admitted.name} is now {waiting.role.value} at desk {session.desk}.")


@desk.command()
def members(desk_id: Optional[str] = DeskId, member: Optional[str] = Member) -> None:
    """List who belongs to a desk, who asks to be admitted, and the invitations that nobody has used."""
    seat = asking.sit_down(desk_id, member, Act.MEMBERS)
    for each in people.members_of(seat):
        came = each.last_login.isoformat() if each.last_login else "never"
        codes = "with one-time codes" if each.second_factor else "without one-time codes"
        role = each.role.value if each.role else "not on the signed list"
        typer.echo(f"{each.name}: {role}, joined {each.joined}, last login {came}, {codes}")
    for waiting in people.waiting_at(seat):
        until = f"{waiting.expires:%Y-%m-%d %H:%M UTC}"
        who = f"{waiting.name} asks to be admitted" if waiting.name else "not used yet"
        typer.echo(f"Invitation {waiting.id[:8]}: {waiting.role.value}, by {waiting.inviter}, until {until}: {who}")


@desk.command()
def withdraw(
    invitation: str = typer.Argument(..., help="How the invitation's id begins: see oberih desk members."),
    desk_id: Optional[str] = DeskOption,
    member: Optional[str] = Member,
) -> None:
    """Withdraw an invitation, or send away who asks to be admitted by it."""
    seat = asking.sit_down(desk_id, member, Act.INVITE)
    found = [waiting.id for waiting in people.waiting_at(seat) if waiting.id.startswith(invitation)]
    if len(found) != 1:
        raise DeskError(f"{len(found)} invitations of desk {seat.desk} begin so: see oberih desk members.")
    people.withdraw(seat, found[0])
    asking.warn(seat)
    typer.echo("The invitation is withdrawn.")


@desk.command()
def leave(
    name: str = typer.Argument(..., help="The name of the member who goes.", show_default=False),
    desk_id: Optional[str] = DeskOption,
    member: Optional[str] = Member,
) -> None:
    """Take a member out: the desk gets new keys that they never had, and its tickets are sealed to these.

    If it is broken off, the next command of any member goes on with it; nothing is lost.
    """
    opened = asking.open_desk(desk_id, member, Act.TAKE_OUT)
    count = rotating.leave(opened, name, asking.sealed_so_far)
    asking.warn(opened)
    typer.echo(f"{name} is no member of desk {opened.desk} any more. Tickets sealed anew: {count}.")


@desk.command()
def rotate(desk_id: Optional[str] = DeskId, member: Optional[str] = Member) -> None:
    """Give a desk new keys, and seal its tickets to these; all members stay."""
    opened = asking.open_desk(desk_id, member, Act.RENEW)
    count = rotating.rotate(opened, progress=asking.sealed_so_far)
    asking.warn(opened)
    typer.echo(f"Desk {opened.desk} has new keys. Tickets sealed anew: {count}.")


@desk.command()
def recover(
    desk_id: Optional[str] = DeskId,
    name: Optional[str] = typer.Option(None, "--name", help="The name to log in by; without it you are asked."),
) -> None:
    """Open a desk with the recovery key on paper: for a member who lost their passphrase, or for a new one."""
    settings = settings_for_keys()
    chosen = known_desk(settings, desk_id)
    code = asking.passphrase("Recovery key")
    typed_name = name or asking.line(f"Name at desk {chosen}: of a member who lost their passphrase, or a new one")
    passphrase = asking.new_passphrase(f"New passphrase of {typed_name} at desk {chosen}")
    today = datetime.now(timezone.utc).date()
    found = joining.recover(settings, chosen, code, typed_name, passphrase, today)
    typer.echo(
        f"{found.name} opens desk {chosen} with the new passphrase. Whoever should not open it any more is taken out "
        "with: oberih desk leave"
    )


@desk.command("recovery-key")
def recovery_key(
    member: Optional[str] = typer.Option(
        None, "--as", help="The name that is typed at every desk; not needed where desks have one member each."
    ),
) -> None:
    """Replace a lost recovery key: a member of every desk types their passphrase, and the new code is shown once."""
    settings = settings_for_keys()
    sessions = [asking.open_desk(each, member, Act.RENEW) for each in Desks(open_store(settings)).ids()]
    recovery = new_recovery()
    typer.echo(
        "The new recovery key. Write it on paper now, and clear this screen. It is shown once and stored nowhere:\n\n"
        f"  {recovery.code}\n\nIts public half, to compare with `oberih doctor`:\n\n  {recovery.verify_key}\n"
    )
    typed = asking.passphrase("Type the new recovery key from the paper")
    if parse_recovery(typed).secret != recovery.secret:
        raise DeskError("This is not the key that was shown: nothing has changed, run the command again.")
    renew(sessions, recovery)
    typer.echo("The new recovery key opens every desk. Destroy the old paper if it turns up.")


@desk.command()
def sharing(
    how: str = typer.Argument(..., help=f"One of: {', '.join(SHARING)}."),
    desk_id: Optional[str] = DeskOption,
    member: Optional[str] = Member,
) -> None:
    """Say whether other desks learn that this one follows the same lead; silently: they never do."""
    if how not in SHARING:
        raise DeskError(f"A desk shares {' or '.join(SHARING)}.")
    opened = asking.open_desk(desk_id, member, Act.SHARE)
    asking.note(opened, "sharing", how)
    Desks(opened.database).share(opened.desk, how)
    bring_up(opened, asking.sealed_so_far)
    typer.echo(f"Desk {opened.desk} shares {how}.")


@desk.command()
def audit(
    desk_id: Optional[str] = DeskId,
    member: Optional[str] = Member,
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object on one line."),
) -> None:
    """Print what was done at a desk, by whom and when, and whether that log is whole; ends with 1 if it is not."""
    opened = asking.sit_down(desk_id, member, Act.AUDIT)
    # Looked at before this very look is written down: that must not hide a log that was cut off.
    _, wrong = opened.log.examine(opened.desk, key_folder.read(opened.settings.key_folder).pins)
    opened.note("audit")
    entries, _ = opened.log.examine(opened.desk, key_folder.read(opened.settings.key_folder).pins)
    rows = _rows(opened, entries)
    if as_json:
        typer.echo(json_line({"desk": opened.desk, "whole": not wrong, "wrong": list(wrong), "entries": rows}))
    else:
        for row in rows:
            typer.echo("  ".join(str(cell) for cell in row.values() if cell != ""))
        typer.echo("\n".join(wrong) if wrong else f"{len(rows)} entries, signed and whole.")
    raise typer.Exit(1 if wrong else 0)


def _rows(seat: Seat, entries: list[Entry]) -> list[dict[str, Any]]:
    """Members are named as long as they belong to the desk; later their id remains."""
    names = {member.id: member.name for member in Desks(seat.database).members(seat.desk)}
    reasons = seat.log.reasons(seat.opened, entries) if isinstance(seat, DeskSession) else None
    return [
        {
            "number": entry.number,
            "moment": entry.moment.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "member": names.get(entry.member, entry.member),
            "action": entry.action,
            "subject": names.get(entry.subject, entry.subject),
            "reason": _reason(entry, reasons),
        }
        for entry in entries
    ]


def _reason(entry: Entry, reasons: Optional[dict[int, Optional[str]]]) -> str:
    if entry.reason is None:
        return ""
    if reasons is None:
        return "(a reason, sealed to the desk)"
    given = reasons[entry.number]
    return "(not the reason that was given)" if given is None else harmless(given)
