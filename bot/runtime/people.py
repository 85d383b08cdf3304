"""Who belongs to a desk: inviting, admitting, looking after lost codes. Each act stands in the audit log first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Optional

from bot.privacy import invitations as invitation_book
from bot.privacy import roster
from bot.privacy.delegates import member_id
from bot.privacy.invitations import Applicant, Invitation, check_number
from bot.privacy.powers import Act, Role
from bot.privacy.roster import Member
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskSession
from bot.runtime.seat import DeskError, Seat
from bot.store.desks import Desks
from bot.store.invitations import Invitations
from bot.store.records import InvitationRecord, MemberRecord
from bot.store.second_factors import SecondFactors

INVITED_FOR = timedelta(hours=72)
_GONE = "This invitation is gone: it was withdrawn, it expired, or somebody else admitted them."


class OtherNumber(DeskError):
    """The number that was told is not that of the key which asks to be admitted."""


@dataclass(frozen=True)
class Belonging:
    """A member as others of the desk see them; `role` is None where the desk's signed list does not have them."""

    id: str
    name: str
    role: Optional[Role]
    joined: date
    last_login: Optional[date]
    second_factor: bool


@dataclass(frozen=True)
class Waiting:
    """An invitation; with a `name`, somebody asks to be admitted by it. Their number is not shown: they tell it."""

    id: str
    role: Role
    inviter: str
    expires: datetime
    name: Optional[str]


def invite(seat: Seat, role: Role) -> str:
    """Store an invitation, and return its code, to be told once.

    Raises:
        NotYourPart: this member does not invite.
        StoreUnavailable, KeyFolderError: nothing was stored.
    """
    seat.need(Act.INVITE)
    expires = datetime.now(timezone.utc) + INVITED_FOR
    code, made = invitation_book.invite(seat.writer, role, seat.member.id, expires)
    seat.note("invite", made.id)
    Invitations(seat.database).add(
        InvitationRecord(made.id, made.desk, role.value, made.inviter, made.sealed_code, made.signature, expires)
    )
    return code


def withdraw(seat: Seat, id: str) -> None:
    """Withdraw an invitation, or send away who asks to be admitted by it.

    Raises:
        NotYourPart: this member does not invite.
        DeskError: it is gone already.
    """
    seat.need(Act.INVITE)
    seat.note("withdraw", _waiting(seat, id).id)
    if not Invitations(seat.database).withdraw(seat.desk, id):
        raise DeskError(_GONE)


def admit_compared(session: DeskSession, id: str, number: str) -> MemberRecord:
    """Admit somebody, as `admit` does, if the number that they told is that of their key.

    Raises:
        OtherNumber: it is not.
        Others: as for `admit`.
    """
    recipient = _waiting(session, id).recipient
    told = "".join(character for character in number if character.isdecimal())
    if recipient is None or told != check_number(recipient).replace(" ", ""):
        raise OtherNumber("This is another number than theirs: admit nobody, and ask them again.")
    return admit(session, id)


def admit(session: DeskSession, id: str) -> MemberRecord:
    """Make whoever asks to be admitted by an invitation a member of the desk.

    Raises:
        NotYourPart: this member does not admit.
        DeskError: nobody asks by this invitation any more, or the desk changed at the same moment.
        RosterError: the invitation or the request was not made by whom it says.
        StoreRefused: the name was taken meanwhile.
    """
    session.need(Act.ADMIT)
    record = _waiting(session, id)
    applicant = applicant_of(record)
    if applicant is None:
        raise DeskError("Nobody has asked to be admitted by this invitation yet.")
    folder = session.settings.key_folder
    with key_folder.locked(folder, "pins"):
        row, pins = session.row(), key_folder.read(folder).pins
        members = roster.members_of(row.sealed_secret, session.pin)
        listed = invitation_book.check(session.opened, members, invitation_of(record), applicant)
        today = datetime.now(timezone.utc).date()
        recipient = applicant.member.recipient
        member = MemberRecord(
            member_id(recipient), session.desk, applicant.name, recipient, applicant.member.locked, today
        )
        session.note("admit", member.id)
        after = roster.let_in(session.opened, listed, row.sealed_secret, pins)
        if not Invitations(session.database).admit(record, member, row, after):
            raise DeskError(_GONE)
    return member


def members_of(seat: Seat) -> tuple[Belonging, ...]:
    """Return the members of a desk, by name.

    Raises:
        RosterError: the signed list is damaged.
    """
    members = Desks(seat.database).members(seat.desk)
    signed = roster.members_of(seat.row().sealed_secret, seat.pin)
    roles = {(each.name, each.recipient): each.role for each in signed}
    enrolled = SecondFactors(seat.database).set_up([member.id for member in members])
    return tuple(
        Belonging(
            member.id,
            member.name,
            roles.get((member.name, member.recipient)),
            member.joined,
            member.last_login,
            member.id in enrolled,
        )
        for member in members
    )


def waiting_at(seat: Seat) -> tuple[Waiting, ...]:
    """Return a desk's invitations: first those by which somebody asks to be admitted."""
    names = {member.id: member.name for member in Desks(seat.database).members(seat.desk)}
    found = [
        Waiting(
            record.id,
            Role(record.role),
            names.get(record.inviter, record.inviter[:8]),
            record.expires,
            record.name,
        )
        for record in Invitations(seat.database).of_desk(seat.desk, datetime.now(timezone.utc))
    ]
    return tuple(sorted(found, key=lambda waiting: waiting.name is None))


def asking_as(seat: Seat, name: str) -> str:
    """Return the id of the invitation by which somebody of this name asks to be admitted.

    Raises:
        DeskError: nobody does, or several do.
    """
    found: Sequence[str] = [waiting.id for waiting in waiting_at(seat) if waiting.name == name]
    if len(found) != 1:
        said = "Nobody" if not found else "More than one person"
        raise DeskError(f"{said} called {name} asks to be admitted to desk {seat.desk}: see oberih desk members.")
    return found[0]


def reset_factor(seat: Seat, id: str) -> str:
    """Take away another member's second factor, which they lost; return their name. At the next login they set up one.

    Raises:
        NotYourPart: this member does not do that.
        DeskError: there is no such member, it is the member's own, or there is none to take away.
    """
    seat.need(Act.RESET)
    member = named(seat, id)
    if member.id == seat.member.id:
        raise DeskError("Another member does this: with your own passphrase and a code you make new recovery codes.")
    seat.note("reset_factor", member.id)
    if not SecondFactors(seat.database).remove(member.id):
        raise DeskError(f"{member.name} has no one-time codes set up.")
    return member.name


def named(seat: Seat, id: str) -> MemberRecord:
    """Return a member of a desk by id.

    Raises:
        DeskError: there is none.
    """
    for member in Desks(seat.database).members(seat.desk):
        if member.id == id:
            return member
    raise DeskError(f"Desk {seat.desk} has no such member any more.")


def applicant_of(record: InvitationRecord) -> Optional[Applicant]:
    """Return who asks to be admitted by an invitation, or None."""
    if not (record.name and record.recipient and record.verify_key and record.locked_identity and record.proof):
        return None
    return Applicant(record.name, Member(record.locked_identity, record.recipient, record.verify_key), record.proof)


def invitation_of(record: InvitationRecord) -> Invitation:
    """Return an invitation as it was made, whoever asks by it."""
    return Invitation(
        record.id,
        record.desk,
        Role(record.role),
        record.inviter,
        record.expires,
        record.sealed_code,
        record.signature,
    )


def _waiting(seat: Seat, id: str) -> InvitationRecord:
    record = Invitations(seat.database).get(id, datetime.now(timezone.utc))
    if record is None or record.desk != seat.desk:
        raise DeskError(_GONE)
    return record
