"""How a person becomes a member of a desk: by an invitation's code, which works once."""

import secrets
from datetime import date, datetime, timezone

from bot.privacy import roster
from bot.privacy.passphrases import check_passphrase
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskError, open_store
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
        DeskError: the invitation was used or has expired, the name is taken, or someone else joined at once.
        RosterError: the code is mistyped.
        WeakPassphrase, NameRefused: the passphrase or the name cannot be used.
        SealError: the desk's secret has changed since the invitation.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    desk = invited_to(settings, code)
    check_passphrase(passphrase)
    name = login_name(typed_name)
    keys = key_folder.read(settings.key_folder)
    desks = Desks(open_store(settings))
    if desks.member(desk, name) is not None:
        raise DeskError(f"Desk {desk} has a member {name} already: choose another name.")
    invitation = desks.take_invitation(roster.invitation_id(code), datetime.now(timezone.utc))
    row = desks.get(desk)
    if invitation is None or row is None:
        raise DeskError(_GONE)
    member, shared = roster.join(invitation.sealed_secret, code, passphrase, row.sealed_secret, keys.pins, desk)
    record = MemberRecord(secrets.token_hex(16), desk, name, invitation.role, member.recipient, member.locked, today)
    if not desks.join(record, row.sealed_secret, shared):
        raise DeskError("Someone else joined at the same moment: ask for a new invitation.")
    return record
