"""Invitations to a desk, and the people who ask to be admitted by them."""

from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any, Optional

from sqlalchemy import and_, delete, select, update

from bot.store import tables
from bot.store.database import Database
from bot.store.desks import put_member, put_secret
from bot.store.records import ROLES, DeskRecord, InvitationRecord, MemberRecord

_NO_ROLE = "auditor"


class Invitations:
    """The invitations of one database. A moment, `now`, has its time zone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, invitation: InvitationRecord) -> None:
        """Store an invitation.

        Raises:
            StoreRefused: the desk is unknown, or the id is taken.
        """
        row = {**asdict(invitation), "expires": _without_zone(invitation.expires)}
        with self._database.write() as connection:
            connection.execute(tables.invitation.insert(), [row])

    def get(self, id: str, now: datetime) -> Optional[InvitationRecord]:
        """Return an invitation; None where there is none, or where it has expired: then it is removed."""
        with self._database.read() as connection:
            row = connection.execute(select(tables.invitation).where(tables.invitation.c.id == id)).mappings().first()
        if row is None:
            return None
        if row["expires"] <= _without_zone(now):
            self._remove(tables.invitation.c.id == id)
            return None
        return _record(row)

    def of_desk(self, desk: str, now: datetime) -> list[InvitationRecord]:
        """Return a desk's invitations that have not expired, the one that ends first before the others."""
        column = tables.invitation.c
        open_still = and_(column.desk == desk, column.expires > _without_zone(now))
        wanted = select(tables.invitation).where(open_still).order_by(column.expires, column.id)
        with self._database.read() as connection:
            return [_record(row) for row in connection.execute(wanted).mappings()]

    def ask(self, applicant: InvitationRecord) -> bool:
        """Store who asks to be admitted by an invitation; of two who do so at once, one gets False."""
        column = tables.invitation.c
        names = ("name", "recipient", "verify_key", "locked_identity", "proof")
        unused = and_(column.id == applicant.id, column.name.is_(None))
        changed = update(tables.invitation).where(unused)
        with self._database.write() as connection:
            values = {name: getattr(applicant, name) for name in names}
            return bool(connection.execute(changed.values(**values)).rowcount)

    def add_factor(self, id: str, recipient: str, sealed: bytes) -> bool:
        """Store an applicant's second factor; False where they have one, or were admitted or sent away meanwhile."""
        column = tables.invitation.c
        theirs = and_(column.id == id, column.recipient == recipient, column.sealed_factor.is_(None))
        with self._database.write() as connection:
            changed = update(tables.invitation).where(theirs).values(sealed_factor=sealed)
            return bool(connection.execute(changed).rowcount)

    def withdraw(self, desk: str, id: str) -> bool:
        """Remove an invitation of a desk; False where it is gone already."""
        return self._remove(and_(tables.invitation.c.id == id, tables.invitation.c.desk == desk))

    def admit(self, invitation: InvitationRecord, member: MemberRecord, desk: DeskRecord, after: bytes) -> bool:
        """Make an applicant a member, together with the desk's members and secret as they are stored from then on.

        Args:
            desk, after: as in `Desks.join`.

        Return False, and change nothing, where the desk's members or the invitation changed meanwhile.

        Raises:
            StoreRefused: the name is taken at this desk.
        """
        column = tables.invitation.c
        same = and_(column.id == invitation.id, column.recipient == invitation.recipient)
        with self._database.write() as connection:
            factor = connection.execute(select(column.sealed_factor).where(same).with_for_update()).first()
            if factor is None or not put_secret(connection, desk, after):
                return False
            connection.execute(delete(tables.invitation).where(same))
            put_member(connection, member)
            if factor.sealed_factor is not None:
                row = {"id": member.id, "sealed": factor.sealed_factor}
                connection.execute(tables.second_factor.insert(), [row])
        return True

    def _remove(self, which: Any) -> bool:
        with self._database.write() as connection:
            return bool(connection.execute(delete(tables.invitation).where(which)).rowcount)


def _record(row: Any) -> InvitationRecord:
    # SQLite keeps any word: one that is no role reads as one that opens no ticket, and hides no other invitation.
    role = row["role"] if row["role"] in ROLES else _NO_ROLE
    return InvitationRecord(**{**row, "role": role, "expires": row["expires"].replace(tzinfo=timezone.utc)})


def _without_zone(moment: datetime) -> datetime:
    """Return a moment in UTC, without its zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
