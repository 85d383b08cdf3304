"""Desks, their members, and invitations to join."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any, Optional

from sqlalchemy import and_, delete, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.records import DeskRecord, InvitationRecord, MemberRecord


class Desks:
    """The desks of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, desk: DeskRecord, members: Sequence[MemberRecord] = ()) -> bool:
        """Store a desk with its first members, together or not at all; False where its id is there already."""
        with self._database.write() as connection:
            if not self._database.insert_new(connection, tables.desk, asdict(desk)):
                return False
            for member in members:
                _insert_member(connection, member)
        return True

    def get(self, id: str) -> Optional[DeskRecord]:
        """Return a desk."""
        row = self._first(select(tables.desk).where(tables.desk.c.id == id))
        return DeskRecord(**row) if row else None

    def all(self) -> list[DeskRecord]:
        """Return all desks, by id."""
        return [DeskRecord(**row) for row in self._all(select(tables.desk).order_by(tables.desk.c.id))]

    def members(self, desk: str) -> list[MemberRecord]:
        """Return a desk's members, by name."""
        wanted = select(tables.member).where(tables.member.c.desk == desk).order_by(tables.member.c.name)
        return [MemberRecord(**row) for row in self._all(wanted)]

    def member(self, desk: str, name: str) -> Optional[MemberRecord]:
        """Return the member who logs in at a desk by this name."""
        wanted = and_(tables.member.c.desk == desk, tables.member.c.name == name)
        row = self._first(select(tables.member).where(wanted))
        return MemberRecord(**row) if row else None

    def join(self, member: MemberRecord, before: bytes, after: bytes) -> bool:
        """Add a member together with the desk's secret that is sealed to them too.

        Args:
            before: the sealed secret that `after` was made from.
            after: the same secret, sealed to the new member as well.

        Return False, and change nothing, where the sealed secret is no longer `before`: someone else joined or
        left meanwhile. Seal it again to everyone, or one of the two is locked out.

        Raises:
            StoreRefused: the name is taken at this desk, or the desk is unknown.
        """
        with self._database.write() as connection:
            if not _replace_secret(connection, member.desk, before, after):
                return False
            _insert_member(connection, member)
        return True

    def replace_sealed_secret(self, desk: str, before: bytes, after: bytes) -> bool:
        """Store a desk's secret sealed anew; False where it is no longer `before`, as with `join`."""
        with self._database.write() as connection:
            return _replace_secret(connection, desk, before, after)

    def invite(self, invitation: InvitationRecord) -> None:
        """Store an invitation.

        Raises:
            StoreRefused: the desk is unknown, or the id is taken.
        """
        row = {**asdict(invitation), "expires": _without_zone(invitation.expires)}
        with self._database.write() as connection:
            connection.execute(tables.invitation.insert(), [row])

    def invitation(self, id: str, now: datetime) -> Optional[InvitationRecord]:
        """Return an invitation that can still be taken, and leave it there; `now` as in `take_invitation`."""
        row = self._first(select(tables.invitation).where(tables.invitation.c.id == id))
        return _unexpired(row, _without_zone(now))

    def take_invitation(self, id: str, now: datetime) -> Optional[InvitationRecord]:
        """Return an invitation and remove it: of two who take it at once, one gets None.

        None also where it has expired; then too it is removed.

        Args:
            now: the present moment, with its time zone.
        """
        moment = _without_zone(now)
        with self._database.write() as connection:
            wanted = select(tables.invitation).where(tables.invitation.c.id == id).with_for_update()
            row = connection.execute(wanted).mappings().one_or_none()
            connection.execute(delete(tables.invitation).where(tables.invitation.c.id == id))
        return _unexpired(row, moment)

    def _all(self, wanted: Any) -> list[Any]:
        with self._database.read() as connection:
            return list(connection.execute(wanted).mappings())

    def _first(self, wanted: Any) -> Any:
        return next(iter(self._all(wanted)), None)


def _unexpired(row: Any, moment: datetime) -> Optional[InvitationRecord]:
    if row is None or row["expires"] <= moment:
        return None
    return InvitationRecord(**{**row, "expires": row["expires"].replace(tzinfo=timezone.utc)})


def _insert_member(connection: Connection, member: MemberRecord) -> None:
    connection.execute(tables.member.insert(), [asdict(member)])


def _replace_secret(connection: Connection, desk: str, before: bytes, after: bytes) -> bool:
    unchanged = and_(tables.desk.c.id == desk, tables.desk.c.sealed_secret == before)
    return bool(connection.execute(update(tables.desk).where(unchanged).values(sealed_secret=after)).rowcount)


def _without_zone(moment: datetime) -> datetime:
    """Return a moment in UTC, without its zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
