"""A member at work: a desk opened by passphrase, its tickets read and decided on, people invited."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Optional

from bot import PROJECT_ROOT
from bot.knowledge.common import load_common
from bot.privacy import deconfliction, roster
from bot.privacy.pins import Pin
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import SealError
from bot.reports.identifiers import Leads
from bot.reports.ticket import Ticket, TicketError
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.bodies import open_body
from bot.runtime.desk_talk import DeskTalk
from bot.runtime.member_names import login_name
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import (
    STATES,
    DeskRecord,
    InvitationRecord,
    MemberRecord,
    TicketRecord,
)
from bot.store.tickets import Tickets
from bot.store.watch import Watches

INVITED_FOR = timedelta(hours=72)
_ID = re.compile(r"[0-9a-fA-F-]+")


class DeskError(Exception):
    """There is no such desk, member, ticket or invitation; the message says what to do."""


@dataclass(frozen=True)
class Opened:
    """A ticket as a member finds it. Without `content` it is a tombstone, or, if `damaged`, does not open."""

    record: TicketRecord
    content: Optional[Ticket]
    damaged: bool = False


class DeskSession:
    """One member's session at one desk. Holds the desk's keys in memory: make it, use it, drop it."""

    def __init__(
        self, settings: Settings, database: Database, row: DeskRecord, member: MemberRecord, opened: OpenDesk
    ) -> None:
        self.settings = settings
        self.database = database
        self.log = AuditLog(settings.key_folder, database)
        self.log_is_whole = True
        """False once the audit log turned out not to be the one that was written."""
        self._tickets = Tickets(database)
        self._desks = Desks(database)
        self._row = row
        self._member = member
        self._opened = opened

    @property
    def desk(self) -> str:
        """The desk's id."""
        return self._opened.pin.desk

    @property
    def talk(self) -> DeskTalk:
        """What is said on the desk's tickets, under its present keys."""
        return DeskTalk(self._tickets, self._opened.keys, self._member.name)

    @property
    def member(self) -> MemberRecord:
        """Who is at work."""
        return self._member

    @property
    def opened(self) -> OpenDesk:
        """The desk's keys."""
        return self._opened

    @cached_property
    def leads(self) -> Leads:
        """What brings identifiers to their normal form."""
        return Leads(load_common(PROJECT_ROOT / "data"))

    @property
    def shared_key(self) -> Optional[bytes]:
        """K, or None where this site has none.

        Raises:
            SealError: it is not the one that this desk signed.
        """
        sealed = self._row.sealed_shared_key
        return deconfliction.open_key(sealed, self._opened) if sealed else None

    def row(self) -> DeskRecord:
        """Return the desk as it is stored now.

        Raises:
            DeskError: its keys were changed meanwhile, by another session.
        """
        row = self._desks.get(self.desk, self._opened.pin.generation)
        if row is None:
            raise DeskError(f"The keys of desk {self.desk} have changed meanwhile: repeat the command.")
        self._row = row
        return row

    def continue_with(self, opened: OpenDesk) -> None:
        """Go on with the desk's new keys."""
        self._opened = opened
        self.row()

    def note(self, action: str, subject: str = "", reason: str = "") -> None:
        """Write into the audit log, before anything is shown or done.

        Raises:
            StoreUnavailable, KeyFolderError: it was not written.
        """
        whole = self.log.append(self._opened, self._member.id, action, subject, reason)
        self.log_is_whole = self.log_is_whole and whole

    def tickets(self, state: Optional[str] = None) -> list[Opened]:
        """Return the desk's tickets, urgent ones first, then the oldest; tombstones last.

        One that does not open hides no other.

        Raises:
            DeskError: there is no such state.
        """
        refuse_strange(state)
        return sorted((self._leniently(record) for record in self._tickets.of_desk(self.desk, state)), key=_order)

    def ticket(self, start: str) -> tuple[TicketRecord, Ticket]:
        """Return one ticket of this desk, opened; the start of its id is enough where it is the only one.

        Raises:
            DeskError: there is none, or more than one, or it was taken back.
            SealError, TicketError: it does not open with this desk's keys, or is no ticket.
        """
        wanted = start.replace("-", "").lower()
        if not _ID.fullmatch(start) or not wanted:
            raise DeskError("A ticket's id has digits and the letters a to f: see `oberih tickets list`.")
        found = self._tickets.of_desk(self.desk, start=wanted)
        if not found:
            raise DeskError(f"Desk {self.desk} has no ticket {start}: see `oberih tickets list`.")
        if len(found) > 1:
            raise DeskError(f"{len(found)} tickets begin with {start}: give more of the id.")
        content = self._read(found[0])
        if content is None:
            raise DeskError(f"Ticket {found[0].id} was taken back or has ended: nothing of it is left.")
        return found[0], content

    def invite(self, role: str) -> str:
        """Store an invitation and return its code, which is told once and opens nothing after it was used."""
        invitation = roster.invite(self._opened)
        identifier = roster.invitation_id(invitation.code)
        expires = datetime.now(timezone.utc) + INVITED_FOR
        self._desks.invite(InvitationRecord(identifier, self.desk, role, self._member.id, invitation.sealed, expires))
        return invitation.code

    def open(self, record: TicketRecord) -> Opened:
        """Return one of the desk's tickets; one that does not open is `damaged`."""
        return self._leniently(record)

    def _leniently(self, record: TicketRecord) -> Opened:
        try:
            return Opened(record, self._read(record))
        except (SealError, TicketError):
            return Opened(record, None, damaged=True)

    def _read(self, record: TicketRecord) -> Optional[Ticket]:
        if record.sealed_body is None:
            return None
        return open_body(record.id, record.sealed_body, self._opened.keys.identity)


def refuse_strange(state: Optional[str]) -> None:
    """Return if there is such a state, or None was given.

    Raises:
        DeskError: there is none.
    """
    if state is not None and state not in STATES:
        raise DeskError(f"There is no state {state}. Choose one of: {', '.join(STATES)}.")


def _order(opened: Opened) -> tuple[bool, bool, str, str]:
    content = opened.content
    when = content.created if content else opened.record.day
    gone = content is None and not opened.damaged
    return gone, not (content is not None and content.urgent), when.isoformat(), opened.record.id


def open_store(settings: Settings) -> Database:
    """Return the site's database, once it is known to answer.

    Raises:
        KeyFolderError: no site was founded here.
        StoreUnavailable: the database does not answer.
    """
    key_folder.need(settings.key_folder)
    database = Database(settings.database_url)
    database.check()
    return database


def who_works(settings: Settings, desk: Optional[str], typed_name: Optional[str]) -> tuple[str, str]:
    """Return the desk and the member that are meant: those given, else the only ones there are.

    Raises:
        DeskError: there is no such desk or member, or none was given and there are several.
        KeyFolderError, StoreUnavailable: the site is not in order.
        NameRefused: that is no name.
    """
    chosen = known_desk(settings, desk)
    desks = Desks(open_store(settings))
    if typed_name is not None:
        name = login_name(typed_name)
        if desks.member(chosen, name) is None:
            raise DeskError(f"Desk {chosen} has no member {name}: give your name with --as.")
        return chosen, name
    members = desks.members(chosen)
    if len(members) != 1:
        raise DeskError(f"Desk {chosen} has {len(members)} members: give your name with --as.")
    return chosen, members[0].name


def known_desk(settings: Settings, desk: Optional[str]) -> str:
    """Return the id of the desk that is meant: the one given, else the only one there is.

    Raises:
        DeskError: there is no such desk, or none was given and there are several.
        KeyFolderError, StoreUnavailable: the site is not in order.
    """
    known = Desks(open_store(settings)).ids()
    if desk is None and len(known) != 1:
        raise DeskError(f"This site has {len(known)} desks: say which one with --desk ({', '.join(known)}).")
    chosen = known[0] if desk is None else desk
    if chosen not in known:
        raise DeskError(f"There is no desk {chosen}. Desks here: {', '.join(known) or 'none'}.")
    return chosen


def log_in(settings: Settings, desk: str, name: str, passphrase: str) -> DeskSession:
    """Open a desk as a member.

    Raises:
        DeskError: there is no such desk or member.
        WrongPassphrase, LockedKeyError, SealError, RosterError: the keys do not open.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    keys = key_folder.read(settings.key_folder)
    database = open_store(settings)
    desks = Desks(database)
    row, member = pinned(desks, keys.pins.current(desk)), desks.member(desk, name)
    if member is None:
        raise DeskError(f"Desk {desk} has no member {name}.")
    opened = roster.log_in(member.locked_identity, passphrase, row.sealed_secret, keys.pins.current(desk))
    Watches(database).note_login(desk, datetime.now(timezone.utc))
    return DeskSession(settings, database, row, member, opened)


def pinned(desks: Desks, pin: Pin) -> DeskRecord:
    """Return a desk with the secret that the pin file names.

    Raises:
        DeskError: the database does not have it.
    """
    row = desks.get(pin.desk, pin.generation)
    if row is None:
        raise DeskError(
            f"The database lacks the keys of desk {pin.desk} that the key folder names: restore both of the same day."
        )
    return row
