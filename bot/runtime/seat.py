"""Somebody of a desk at work: who they are, what they may do, and the audit log in which it stands.

With the desk's secret they are a `DeskSession`, which reads tickets; without it they are a plain `Seat`.
"""

from functools import cached_property

from bot.privacy import roster
from bot.privacy.delegates import Writer
from bot.privacy.pins import Pin
from bot.privacy.powers import Act, Role, may
from bot.runtime.audit_log import AuditLog
from bot.settings import Settings
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.records import DeskRecord, MemberRecord


class DeskError(Exception):
    """There is no such desk, member, ticket or invitation; the message says what to do."""


class NotYourPart(DeskError):
    """A member's role does not do this."""


class Seat:
    """One member's place at one desk: make it, use it, drop it."""

    def __init__(
        self, settings: Settings, database: Database, row: DeskRecord, member: MemberRecord, writer: Writer
    ) -> None:
        self.settings = settings
        self.database = database
        self.log = AuditLog(settings.key_folder, database)
        self.log_is_whole = True
        """False once the audit log turned out not to be the one that was written."""
        self._row = row
        self._member = member
        self._writer = writer

    @property
    def desk(self) -> str:
        """The desk's id."""
        return self._writer.pin.desk

    @property
    def pin(self) -> Pin:
        """The desk's public keys."""
        return self._writer.pin

    @property
    def member(self) -> MemberRecord:
        """Who is at work."""
        return self._member

    @property
    def writer(self) -> Writer:
        """What they sign with: the desk's keys, or their own."""
        return self._writer

    @cached_property
    def role(self) -> Role:
        """What they are here, by the list that the desk signed.

        Raises:
            RosterError: they are not on it, or it is damaged.
        """
        member = self._member
        return roster.member_of(self._row.sealed_secret, self.pin, member.name, member.recipient).role

    def row(self) -> DeskRecord:
        """Return the desk as it is stored now.

        Raises:
            DeskError: its keys were changed meanwhile, by another session.
        """
        row = Desks(self.database).get(self.desk, self.pin.generation)
        if row is None:
            raise DeskError(f"The keys of desk {self.desk} have changed meanwhile: repeat the command.")
        self._row = row
        return row

    def need(self, act: Act) -> None:
        """Return if their role does this.

        Raises:
            NotYourPart: it does not.
        """
        if not may(self.role, act):
            raise NotYourPart(f"{self._member.name} is {self.role.value} at desk {self.desk}, which does not do this.")

    def note(self, action: str, subject: str = "", reason: str = "") -> None:
        """Write into the audit log, before anything is shown or done.

        Raises:
            StoreUnavailable, KeyFolderError: it was not written.
        """
        whole = self.log.append(self._writer, self._member.id, action, subject, reason)
        self.log_is_whole = self.log_is_whole and whole
