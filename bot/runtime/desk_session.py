"""A member at work: a desk opened by passphrase, its tickets read, people invited and let in."""

import hashlib
import secrets
from datetime import date, datetime, timedelta, timezone
from typing import Optional

from bot.privacy import roster
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import Label, SealError, open_field
from bot.reports.ticket import Ticket, from_bytes
from bot.runtime import key_folder
from bot.runtime.reporting import BODY
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import DeskRecord, InvitationRecord, MemberRecord, TicketRecord
from bot.store.tickets import Tickets

INVITED_FOR = timedelta(hours=72)
_VERSIONS = (2, 1)
"""A report, or with its addition: the newer one is tried first."""


class DeskError(Exception):
    """There is no such desk, member, ticket or invitation; the message says what to do."""


class DeskSession:
    """One member's session at one desk. Holds the desk's keys in memory: make it, use it, drop it."""

    def __init__(self, tickets: Tickets, desks: Desks, member: MemberRecord, opened: OpenDesk) -> None:
        self._tickets = tickets
        self._desks = desks
        self._member = member
        self._opened = opened

    @property
    def desk(self) -> str:
        """The desk's id."""
        return self._opened.pin.desk

    def tickets(self, state: Optional[str] = None) -> list[tuple[TicketRecord, Optional[Ticket]]]:
        """Return the desk's tickets, opened; None beside a tombstone."""
        return [(record, self._read(record)) for record in self._tickets.of_desk(self.desk, state)]

    def ticket(self, identifier: str) -> tuple[TicketRecord, Ticket]:
        """Return one ticket of this desk, opened; the start of its id is enough where it is the only one.

        Raises:
            DeskError: there is none, or more than one, or it was taken back.
            SealError: it does not open with this desk's keys.
        """
        found = [record for record in self._tickets.of_desk(self.desk) if record.id.startswith(identifier)]
        if len(found) != 1:
            raise DeskError(f"{len(found)} tickets of this desk begin with {identifier!r}: see `oberih tickets list`.")
        ticket = self._read(found[0])
        if ticket is None:
            raise DeskError(f"Ticket {found[0].id} was taken back: nothing of it is left.")
        return found[0], ticket

    def invite(self, role: str) -> str:
        """Store an invitation and return its code, which is told once and opens nothing after it was used."""
        invitation = roster.invite(self._opened)
        expires = datetime.now(timezone.utc) + INVITED_FOR
        self._desks.invite(
            InvitationRecord(
                _invitation_id(invitation.code), self.desk, role, self._member.id, invitation.sealed, expires
            )
        )
        return invitation.code

    def _read(self, record: TicketRecord) -> Optional[Ticket]:
        if record.sealed_body is None:
            return None
        for version in _VERSIONS:
            label = Label(record.id, BODY, version)
            try:
                return from_bytes(open_field(label, record.sealed_body, self._opened.keys.identity))
            except SealError:
                if version == _VERSIONS[-1]:
                    raise
        return None


def log_in(settings: Settings, desk: str, name: str, passphrase: str) -> DeskSession:
    """Open a desk as a member.

    Raises:
        DeskError: there is no such desk or member.
        WrongPassphrase, SealError, RosterError: the keys do not open.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    keys = key_folder.read(settings.key_folder)
    database = Database(settings.database_url)
    database.check()
    desks = Desks(database)
    row, member = _desk(desks, desk), desks.member(desk, name)
    if member is None:
        raise DeskError(f"Desk {desk} has no member {name}. Give your name with --as.")
    opened = roster.log_in(member.locked_identity, passphrase, row.sealed_secret, keys.pins.current(desk))
    return DeskSession(Tickets(database), desks, member, opened)


def join(settings: Settings, code: str, name: str, passphrase: str, today: date) -> MemberRecord:
    """Become a member by an invitation's code.

    Raises:
        DeskError: the invitation was used, has expired, or someone else joined at the same moment.
        RosterError, SealError, WeakPassphrase: as for `roster.join`.
        StoreRefused: the name is taken.
    """
    keys = key_folder.read(settings.key_folder)
    database = Database(settings.database_url)
    database.check()
    desks = Desks(database)
    invitation = desks.take_invitation(_invitation_id(code), datetime.now(timezone.utc))
    if invitation is None:
        raise DeskError("This invitation was used or has expired, or its code is mistyped. Ask for a new one.")
    row = _desk(desks, invitation.desk)
    member, shared = roster.join(
        invitation.sealed_secret, code, passphrase, row.sealed_secret, keys.pins, invitation.desk
    )
    record = MemberRecord(
        secrets.token_hex(16), invitation.desk, name, invitation.role, member.recipient, member.locked, today
    )
    if not desks.join(record, row.sealed_secret, shared):
        raise DeskError("Someone else joined at the same moment. Ask for a new invitation.")
    return record


def _desk(desks: Desks, identifier: str) -> DeskRecord:
    row = desks.get(identifier)
    if row is None:
        known = ", ".join(desk.id for desk in desks.all()) or "none"
        raise DeskError(f"There is no desk {identifier}. Desks here: {known}.")
    return row


def _invitation_id(code: str) -> str:
    """Return where an invitation lies: a digest of its code, which does not open it."""
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode()).hexdigest()[:32]
