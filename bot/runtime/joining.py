"""How a person comes to a desk: they ask by an invitation's code, which works once; or by the recovery key."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import Optional

from bot.privacy import invitations as invitation_book
from bot.privacy import roster
from bot.privacy.delegates import member_id
from bot.privacy.invitations import check_number
from bot.privacy.passphrases import check_passphrase
from bot.privacy.pins import Pin
from bot.privacy.powers import Role
from bot.privacy.recovery import parse_recovery
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.desk_session import DeskError, open_store, pinned
from bot.runtime.founding import first_role, site_of
from bot.runtime.member_names import login_name
from bot.runtime.people import invitation_of
from bot.settings import Settings
from bot.store.desks import Desks
from bot.store.invitations import Invitations
from bot.store.records import InvitationRecord, MemberRecord

_GONE = "This invitation was used or has expired: ask for a new one."


class NameTaken(DeskError):
    """Somebody at the desk goes by this name already."""


@dataclass(frozen=True)
class Asked:
    """What whoever asks to be admitted is told: the admitting member types `number`, as they tell it."""

    invitation: str
    desk: str
    name: str
    role: Role
    recipient: str
    number: str


def invited_to(settings: Settings, code: str) -> str:
    """Return the id of the desk that a code invites to.

    Raises:
        DeskError: it was used or has expired.
        RosterError: the code is mistyped.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    return _unused(Invitations(open_store(settings)), code).desk


def ask(settings: Settings, code: str, typed_name: str, passphrase: str) -> Asked:
    """Ask to be admitted by an invitation's code. What can be corrected is refused before the invitation is used up.

    Raises:
        NameTaken: somebody goes by this name, or asks to.
        DeskError: the invitation was used or has expired.
        RosterError: the code is mistyped.
        WeakPassphrase, NameRefused: the passphrase or the name cannot be used.
        KeyFolderError, StoreUnavailable: the site is not in order.
    """
    database = open_store(settings)
    store = Invitations(database)
    record = _unused(store, code)
    check_passphrase(passphrase)
    name = login_name(typed_name)
    taken = {waiting.name for waiting in store.of_desk(record.desk, datetime.now(timezone.utc))}
    if name in taken or Desks(database).member(record.desk, name) is not None:
        raise NameTaken(f"Desk {record.desk} has a member {name} already: choose another name.")
    invitation = invitation_of(record)
    made = invitation_book.apply(code, invitation, name, roster.new_member(passphrase))
    asked = replace(
        record,
        name=name,
        recipient=made.member.recipient,
        verify_key=made.member.verify_key,
        locked_identity=made.member.locked,
        proof=made.proof,
    )
    if not store.ask(asked):
        raise DeskError(_GONE)
    recipient = made.member.recipient
    return Asked(record.id, record.desk, name, invitation.role, recipient, check_number(recipient))


def recover(settings: Settings, desk: str, code: str, typed_name: str, passphrase: str, today: date) -> MemberRecord:
    """Let a member in with the recovery key: a new one, or, under their name, one whose passphrase is lost.

    Raises:
        RecoveryError: that is no recovery code.
        DeskError: the code is another site's, the desk changed at the same moment, or this member never held its keys.
        WeakPassphrase, NameRefused: the passphrase or the name cannot be used.
        KeyFolderError, PinError, RosterError, StoreUnavailable: the site is not in order.
    """
    recovery = parse_recovery(code)
    check_passphrase(passphrase)
    name = login_name(typed_name)
    database = open_store(settings)
    desks = Desks(database)
    with key_folder.locked(settings.key_folder, "pins"):
        keys = key_folder.read(settings.key_folder)
        if recovery.recipient != keys.pins.recovery:
            raise DeskError("This recovery key is another site's: look for the paper with the root that doctor shows.")
        pin = keys.pins.current(desk)
        row = pinned(desks, pin)
        opened = roster.recover(row.sealed_secret, pin, recovery)
        known = desks.member(desk, name)
        role = _role_of(settings, known, row.sealed_secret, pin)
        member = roster.new_member(passphrase)
        listed = roster.listed_as(name, member, role)
        after = roster.let_in(opened, listed, row.sealed_secret, keys.pins, again=known is not None)
        record = MemberRecord(member_id(member.recipient), desk, name, member.recipient, member.locked, today)
        AuditLog(settings.key_folder, database).append(opened, record.id, "recover", known.id if known else record.id)
        if not desks.join(record, row, after, known.id if known else None):
            raise DeskError("Someone else joined at the same moment: repeat the command.")
    return record


def _role_of(settings: Settings, known: Optional[MemberRecord], shared: bytes, pin: Pin) -> Role:
    if known is not None:
        return roster.member_of(shared, pin, known.name, known.recipient).role
    site = site_of(settings)
    return first_role(next((each for each in site.desks if each.id == pin.desk), None) if site else None)


def _unused(store: Invitations, code: str) -> InvitationRecord:
    record = store.get(invitation_book.invitation_id(code), datetime.now(timezone.utc))
    if record is None or record.name is not None:
        raise DeskError(_GONE)
    return record
