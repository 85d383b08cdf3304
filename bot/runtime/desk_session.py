"""A member at work: a desk opened by passphrase, its tickets read and decided on, people invited."""

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import Optional

from bot import PROJECT_ROOT
from bot.knowledge.common import load_common
from bot.privacy import deconfliction, roster
from bot.privacy.delegates import signing_seed
from bot.privacy.member_keys import unlock_identity
from bot.privacy.pins import Pin
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import SealError, recipient_of
from bot.privacy.vouching import vouching_key
from bot.reports.identifiers import Leads
from bot.reports.ticket import Ticket, TicketError
from bot.runtime import key_folder
from bot.runtime.bodies import Body, open_body
from bot.runtime.desk_talk import DeskTalk
from bot.runtime.member_names import login_name
from bot.runtime.seat import DeskError as DeskError
from bot.runtime.seat import NotYourPart, Seat
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import (
    STATES,
    DeskRecord,
    MemberRecord,
    TicketRecord,
)
from bot.store.tickets import Tickets
from bot.store.watch import Watches

_ID = re.compile(r"[0-9a-fA-F-]+")


@dataclass(frozen=True)
class Opened:
    """A ticket as a member finds it. Without `content` it is a tombstone, or, if `damaged`, does not open.

    `made_up`: it did not come in through the chat, or its content was changed since. `changed`: the clear fields that
    are not as they were sent.
    """

    record: TicketRecord
    content: Optional[Ticket]
    damaged: bool = False
    made_up: bool = False
    changed: tuple[str, ...] = ()


class DeskSession(Seat):
    """One member's session at one desk. Holds the desk's keys in memory: make it, use it, drop it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        row: DeskRecord,
        member: MemberRecord,
        opened: OpenDesk,
        leads: Optional[Leads] = None,
    ) -> None:
        super().__init__(settings, database, row, member, opened)
        self._leads = leads
        self._tickets = Tickets(database)
        self._opened = opened

    @property
    def talk(self) -> DeskTalk:
        """What is said on the desk's tickets, under its present keys.

        Raises:
            KeyFolderError, PinError: the key folder is not in order.
        """
        verify_keys = key_folder.read(self.settings.key_folder).pins.verify_keys
        return DeskTalk(self._tickets, self._opened, verify_keys, self._member.name, self.vouching_key)

    @property
    def opened(self) -> OpenDesk:
        """The desk's keys."""
        return self._opened

    @cached_property
    def leads(self) -> Leads:
        """What brings identifiers to their normal form: as given, else read from the project's files."""
        return self._leads or Leads(load_common(PROJECT_ROOT / "data"))

    @cached_property
    def vouching_key(self) -> bytes:
        """What the site vouches with for what came in through its chat.

        Raises:
            KeyFolderError, PinError: the key folder is not in order.
        """
        return vouching_key(key_folder.read(self.settings.key_folder).pepper)

    @property
    def shared_key(self) -> Optional[bytes]:
        """K, or None where this site has none.

        Raises:
            SealError: it is not the one that this desk signed.
        """
        sealed = self._row.sealed_shared_key
        return deconfliction.open_key(sealed, self._opened) if sealed else None

    def refuse_other_members(self, row: DeskRecord) -> None:
        """Return if the members in the database are those that the desk signed.

        Raises:
            RosterError: they are not: whoever is to leave might stay under another name.
        """
        stored = {member.name: member.recipient for member in Desks(self.database).members(self.desk)}
        roster.refuse_others(stored, row.sealed_secret, self._opened.pin)

    def continue_with(self, opened: OpenDesk) -> None:
        """Go on with the desk's new keys."""
        self._opened = self._writer = opened
        self.row()

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
        body = self._read(found[0])
        if body is None:
            raise DeskError(f"Ticket {found[0].id} was taken back or has ended: nothing of it is left.")
        return found[0], body.content

    def open(self, record: TicketRecord) -> Opened:
        """Return one of the desk's tickets; one that does not open is `damaged`."""
        return self._leniently(record)

    def _leniently(self, record: TicketRecord) -> Opened:
        try:
            body = self._read(record)
        except (SealError, TicketError):
            return Opened(record, None, damaged=True)
        return (
            Opened(record, body.content, made_up=not body.vouched, changed=body.changed)
            if body
            else Opened(record, None)
        )

    def _read(self, record: TicketRecord) -> Optional[Body]:
        if record.sealed_body is None:
            return None
        return open_body(record, self._opened.keys.identity, self.vouching_key)


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


def sit_down(settings: Settings, desk: str, name: str, passphrase: str) -> Seat:
    """Come to a desk as one of its members; with the desk's secret it is a `DeskSession`.

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
    identity = unlock_identity(member.locked_identity, passphrase)
    seat = seat_of(settings, database, row, member, identity, keys.pins.current(desk))
    note_coming(seat)
    return seat


def seat_of(
    settings: Settings, database: Database, row: DeskRecord, member: MemberRecord, identity: str, pin: Pin
) -> Seat:
    """Return a member's seat, their own key being open.

    Raises:
        SealError, RosterError: the keys do not open, or the desk does not list this member.
    """
    listed = roster.member_of(row.sealed_secret, pin, member.name, recipient_of(identity))
    if listed.holds_secret:
        opened = roster.open_as(identity, member.name, row.sealed_secret, pin)
        return DeskSession(settings, database, row, member, opened)
    return Seat(settings, database, row, member, roster.as_delegate(signing_seed(identity), listed, pin))


def note_coming(seat: Seat) -> None:
    """Note that somebody came to a desk. Who cannot read its tickets does not keep it awake."""
    now = datetime.now(timezone.utc)
    if isinstance(seat, DeskSession):
        Watches(seat.database).note_login(seat.desk, now)
    Desks(seat.database).note_login(seat.member.id, now.date())


def log_in(settings: Settings, desk: str, name: str, passphrase: str) -> DeskSession:
    """Open a desk as a member who holds its secret.

    Raises:
        NotYourPart: they do not hold it.
        Others: as for `sit_down`.
    """
    seat = sit_down(settings, desk, name, passphrase)
    if not isinstance(seat, DeskSession):
        raise NotYourPart(f"{name} is {seat.role.value} at desk {desk}, which opens no tickets.")
    return seat


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
