"""Opening a desk: at login by passphrase, afterwards from what a session keeps. All of this blocks."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Optional

from bot.desk.second_factor import SecondFactor, accept, opened, sealed
from bot.privacy import roster
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.member_keys import WrongPassphrase, lock_identity, unlock_identity
from bot.privacy.passphrases import new_passphrase
from bot.privacy.pins import Pin
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import generate_identity
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskSession, pinned
from bot.runtime.member_names import NameRefused, login_name
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import DeskRecord, MemberRecord
from bot.store.second_factors import SecondFactors
from bot.store.tickets import Tickets
from bot.store.watch import Watches


class DeskChanged(Exception):
    """The member left, or the desk's keys were changed, while a session was open."""


@dataclass(frozen=True)
class Entrance:
    """What a right passphrase opened. `enrolled`: a second factor is set up, and was shown."""

    member: MemberRecord
    enrolled: bool
    desk: OpenDesk = field(repr=False)

    def keys(self) -> dict[str, object]:
        """Return what a session needs to open the desk again."""
        return {"secret": self.desk.secret.hex(), "generation": self.desk.pin.generation}


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
        self._nobody = lock_identity(generate_identity(), new_passphrase())
        """A lock that opens to nothing: trying it takes as long as trying a member's."""

    def names(self) -> list[str]:
        """Return the ids of the desks."""
        return self._desks.ids()

    def enter(self, desk: str, typed_name: str, passphrase: str, code: Optional[str], now: float) -> Optional[Entrance]:
        """Open a desk; None where name, passphrase or code is wrong, after the same time in each case.

        Whoever comes in stands in the audit log before they are in, and opens the desk's intake again.

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
        opened = roster.open_as(identity, row.sealed_secret, pin)
        DeskSession(self._settings, self._database, row, member, opened).note("log_in")
        Watches(self._database).note_login(desk, datetime.fromtimestamp(now, timezone.utc))
        return Entrance(member, enrolled, opened)

    def resume(self, desk: str, name: str, member_id: str, secret: str, generation: int) -> DeskSession:
        """Open a desk again from what a session kept.

        Raises:
            DeskChanged: the member is no longer one, or the desk has other keys now.
            KeyFolderError, PinError, StoreUnavailable: the site is not in order.
        """
        member, row = self._desks.member(desk, name), self._desks.get(desk, generation)
        keys = DeskKeys.from_secret(bytes.fromhex(secret))
        pin = Pin(desk, generation, keys.recipient, keys.verify_key)
        if member is None or member.id != member_id or row is None or self._pin(desk) != pin:
            raise DeskChanged
        opened = OpenDesk(pin, bytes.fromhex(secret), keys)
        return DeskSession(self._settings, self._database, row, member, opened)

    def enrol(self, session: DeskSession, factor: SecondFactor) -> bool:
        """Store a member's first second factor; False where one was set up meanwhile."""
        member = session.member
        return self._factors.add(member.id, sealed(factor, member.id, member.recipient))

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
        if used is None or not self._factors.replace(member.id, before, sealed(used, member.id, member.recipient)):
            return None
        return True

    def _pin(self, desk: str) -> Pin:
        return key_folder.read(self._settings.key_folder).pins.current(desk)
