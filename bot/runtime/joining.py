"""How a person becomes a member of a desk: by an invitation's code, which works once, or by the recovery key."""

import secrets
from datetime import date, datetime, timezone

from bot.privacy import roster
from bot.privacy.passphrases import check_passphrase
from bot.privacy.recovery import parse_recovery
from bot.privacy.roster import Member
from bot.privacy.seal import SealError
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.desk_session import DeskError, open_store, pinned
from bot.runtime.member_names import login_name
from bot.settings import Settings
from bot.store.desks import Desks
from bot.store.records import MemberRecord

_GONE = "This invitation was used or has expired: ask for a new one."


def invited_to(settings: Settings, code: str) -> str:
    """Return the id of the desk that a code invites to; the invitation stays, unless it has expired.

    Raises:
        DeskError: it was used or has expired.
        RosterError: the code is mistyped.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    identifier = roster.invitation_id(code)
    desks, now = Desks(open_store(settings)), datetime.now(timezone.utc)
    invitation = desks.invitation(identifier, now)
    if invitation is None:
        # One that has expired is removed.
        desks.take_invitation(identifier, now)
        raise DeskError(_GONE)
    return invitation.desk


def join(settings: Settings, code: str, typed_name: str, passphrase: str, today: date) -> MemberRecord:
    """Become a member by an invitation's code. What can be corrected is refused before the invitation is used up.

    Raises:
        DeskError: the invitation was used or has expired, the name is taken, someone else joined at once, or the desk
            has new keys since the invitation.
        RosterError: the code is mistyped.
        WeakPassphrase, NameRefused: the passphrase or the name cannot be used.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    desk = invited_to(settings, code)
    check_passphrase(passphrase)
    name = login_name(typed_name)
    database = open_store(settings)
    desks = Desks(database)
    if desks.member(desk, name) is not None:
        raise DeskError(f"Desk {desk} has a member {name} already: choose another name.")
    with key_folder.locked(settings.key_folder, "pins"):
        pins = key_folder.read(settings.key_folder).pins
        row = pinned(desks, pins.current(desk))
        invitation = desks.take_invitation(roster.invitation_id(code), datetime.now(timezone.utc))
        if invitation is None:
            raise DeskError(_GONE)
        try:
            joined = roster.join(invitation.sealed_secret, code, passphrase, row.sealed_secret, pins, desk)
        except SealError as error:
            raise DeskError("The desk has new keys since this invitation: ask for a new one.") from error
        record = record_of(joined.member, desk, name, invitation.role, today)
        AuditLog(settings.key_folder, database).append(joined.desk, record.id, "join", record.id)
        if not desks.join(record, row, joined.shared):
            raise DeskError("Someone else joined at the same moment: ask for a new invitation.")
    return record


def recover(settings: Settings, desk: str, code: str, typed_name: str, passphrase: str, today: date) -> MemberRecord:
    """Let a member in with the recovery key: a new one, or, under their name, one whose passphrase is lost.

    Raises:
        RecoveryError: that is no recovery code.
        DeskError: the code is another site's, or the desk changed at the same moment.
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
        row = pinned(desks, keys.pins.current(desk))
        opened = roster.recover(row.sealed_secret, keys.pins.current(desk), recovery)
        known = desks.member(desk, name)
        instead_of = known.recipient if known else None
        joined = roster.let_in(opened, passphrase, row.sealed_secret, keys.pins, instead_of)
        record = record_of(joined.member, desk, name, known.role if known else "lead", today)
        AuditLog(settings.key_folder, database).append(opened, record.id, "recover", known.id if known else record.id)
        if not desks.join(record, row, joined.shared, known.id if known else None):
            raise DeskError("Someone else joined at the same moment: repeat the command.")
    return record


def record_of(member: Member, desk: str, name: str, role: str, joined: date) -> MemberRecord:
    """Return a new member as they are stored."""
    return MemberRecord(secrets.token_hex(16), desk, name, role, member.recipient, member.locked, joined)
