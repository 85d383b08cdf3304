"""Opening a desk: at login by passphrase, afterwards from what a session keeps. All of this blocks."""

import hmac
from dataclasses import dataclass, field
from typing import Optional

from bot import PROJECT_ROOT
from bot.desk.second_factor import SecondFactor, accept, opened, sealed
from bot.knowledge.common import load_common
from bot.privacy import roster
from bot.privacy.delegates import signing_seed
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.member_keys import WrongPassphrase, lock_identity, unlock_identity
from bot.privacy.passphrases import new_passphrase
from bot.privacy.pins import Pin
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import generate_identity, recipient_of
from bot.reports.identifiers import Leads
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskSession, note_coming, pinned, seat_of
from bot.runtime.member_names import NameRefused, login_name
from bot.runtime.seat import Seat
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import DeskRecord, MemberRecord
from bot.store.second_factors import SecondFactors
from bot.store.tickets import Tickets


class DeskChanged(Exception):
    """The member left, or the desk's keys were changed, while a session was open."""


@dataclass(frozen=True)
class Entrance:
    """What a right passphrase opened. `enrolled`: a second factor is set up, and was shown."""

    seat: Seat
    enrolled: bool
    kept: dict[str, object] = field(repr=False)
    """What a session needs to come back to the same place."""

    @property
    def member(self) -> MemberRecord:
        """Who came in."""
        return self.seat.member


class Doors:
    """The desks of this site.

    Raises:
        KeyFolderError: no site was founded here.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        key_folder.need(settings.key_folder)
        # A database that does not answer now may answer when somebody logs in.
        self._database = Database(settings.database_url)
        self._desks = Desks(self._database)
        self._tickets = Tickets(self._database)
        self._factors = SecondFactors(self._database)
        self._leads = Leads(load_common(PROJECT_ROOT / "data"))
        self._nobody = lock_identity(generate_identity(), new_passphrase())
        """A lock that opens to nothing: trying it takes as long as trying a member's."""

    def names(self) -> list[str]:
        """Return the ids of the desks."""
        return self._desks.ids()

    def enter(self, desk: str, typed_name: str, passphrase: str, code: Optional[str], now: float) -> Optional[Entrance]:
        """Open a desk; None where name, passphrase or code is wrong, after the same time in each case.

        Whoever comes in stands in the audit log before they are in; who reads tickets opens the desk's intake again.

        Args:
            desk, typed_name, passphrase: as typed.
            code: the second factor; None where this session has shown it already.
            now: seconds since 1970.

        Raises:
            LockedKeyError, SealError, RosterError: the keys do not open.
            DeskError, KeyFolderError, PinError, StoreUnavailable: the site is not in order.
        """
        row, member = self._find(desk, typed_name)
        try:
            identity = unlock_identity(member.locked_identity if member else self._nobody, passphrase)
        except WrongPassphrase:
            return None
        if row is None or member is None:
            return None
        pin = self._pin(desk)
        enrolled = self._second(member, identity, code, now)
        if enrolled is None:
            return None
        seat = seat_of(self._settings, self._database, row, member, identity, pin)
        seat.note("log_in")
        note_coming(seat)
        return Entrance(seat, enrolled, _kept(seat, identity))

    def resume(self, desk: str, name: str, member_id: str, generation: int, secret: str = "", seed: str = "") -> Seat:
        """Come back to a desk with what a session kept: its secret, or the seed of a member's own key.

        Raises:
            DeskChanged: the member is no longer one, or the desk has other keys now.
            KeyFolderError, PinError, StoreUnavailable: the site is not in order.
        """
        member, row, pin = self._desks.member(desk, name), self._desks.get(desk, generation), self._pin(desk)
        if member is None or member.id != member_id or row is None or pin.generation != generation:
            raise DeskChanged
        if not secret:
            listed = roster.member_of(row.sealed_secret, pin, member.name, member.recipient)
            writer = roster.as_delegate(bytes.fromhex(seed), listed, pin)
            return Seat(self._settings, self._database, row, member, writer)
        keys = DeskKeys.from_secret(bytes.fromhex(secret))
        if pin != Pin(desk, generation, keys.recipient, keys.verify_key):
            raise DeskChanged
        opened = OpenDesk(pin, bytes.fromhex(secret), keys)
        return DeskSession(self._settings, self._database, row, member, opened, self._leads)

    def enrol(self, seat: Seat, factor: SecondFactor) -> bool:
        """Store a member's first second factor; False where one was set up meanwhile.

        It is sealed to the key that the desk signed for this member, whatever else the database says.

        Raises:
            RosterError: the desk signed no such member, or another key for them.
        """
        member = seat.member
        signed = roster.member_of(seat.row().sealed_secret, seat.pin, member.name, member.recipient)
        return self._factors.add(member.id, sealed(factor, member.id, signed.recipient))

    @property
    def database(self) -> Database:
        """The site's database."""
        return self._database

    @property
    def tickets(self) -> Tickets:
        """The tickets of the site."""
        return self._tickets

    def _find(self, desk: str, typed_name: str) -> tuple[Optional[DeskRecord], Optional[MemberRecord]]:
        try:
            name = login_name(typed_name)
        except NameRefused:
            return None, None
        if not any(hmac.compare_digest(known.encode(), desk.encode()) for known in self._desks.ids()):
            return None, None
        return pinned(self._desks, self._pin(desk)), self._desks.member(desk, name)

    def _second(self, member: MemberRecord, identity: str, code: Optional[str], now: float) -> Optional[bool]:
        """Return whether a second factor is set up, or None: it is, and the code is wrong."""
        before = self._factors.get(member.id)
        if before is None:
            return False
        if code is None:
            return True
        used = accept(opened(before, member.id, identity), code, now)
        now_sealed = sealed(used, member.id, recipient_of(identity)) if used else b""
        if used is None or not self._factors.replace(member.id, before, now_sealed):
            return None
        return True

    def _pin(self, desk: str) -> Pin:
        return key_folder.read(self._settings.key_folder).pins.current(desk)


def kept_of(opened: OpenDesk) -> dict[str, object]:
    """Return what a session keeps of an open desk."""
    return {"generation": opened.pin.generation, "secret": opened.secret.hex()}


def _kept(seat: Seat, identity: str) -> dict[str, object]:
    if isinstance(seat, DeskSession):
        return kept_of(seat.opened)
    return {"generation": seat.pin.generation, "seed": signing_seed(identity).hex()}
