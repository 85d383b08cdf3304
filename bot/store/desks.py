"""Desks with their secrets, and their members."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Optional

from sqlalchemy import and_, delete, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.errors import StoreRefused
from bot.store.records import DeskRecord, MemberRecord

_SECRET = ("generation", "sealed_secret", "sealed_earlier", "sealed_shared_key")


class Desks:
    """The desks of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, desk: DeskRecord, members: Sequence[MemberRecord] = ()) -> bool:
        """Store a desk with its first members, together or not at all; False where its id is there already."""
        with self._database.write() as connection:
            if not self._database.insert_new(connection, tables.desk, {"id": desk.id, "sharing": desk.sharing}):
                return False
            _insert_secret(connection, desk)
            for member in members:
                put_member(connection, member)
        return True

    def get(self, id: str, generation: int) -> Optional[DeskRecord]:
        """Return a desk with its secret of one generation: the one that the pin file names."""
        secret = tables.desk_secret.c
        joined = and_(tables.desk.c.id == secret.desk, secret.generation == generation)
        wanted = select(tables.desk.c.id, tables.desk.c.sharing, *(secret[name] for name in _SECRET))
        row = self._first(wanted.join(tables.desk_secret, joined).where(tables.desk.c.id == id))
        return DeskRecord(**row) if row else None

    def ids(self) -> list[str]:
        """Return the ids of all desks, in order."""
        return [row["id"] for row in self._all(select(tables.desk.c.id).order_by(tables.desk.c.id))]

    def share(self, id: str, sharing: str) -> None:
        """Store whether other desks learn that this one follows the same lead; its tickets are to be indexed anew."""
        with self._database.write() as connection:
            connection.execute(update(tables.desk).where(tables.desk.c.id == id).values(sharing=sharing))
            connection.execute(update(tables.ticket).where(tables.ticket.c.desk == id).values(indexed="no"))

    def members(self, desk: str) -> list[MemberRecord]:
        """Return a desk's members, by name."""
        wanted = select(tables.member).where(tables.member.c.desk == desk).order_by(tables.member.c.name)
        return [MemberRecord(**row) for row in self._all(wanted)]

    def member(self, desk: str, name: str) -> Optional[MemberRecord]:
        """Return the member who logs in at a desk by this name."""
        wanted = and_(tables.member.c.desk == desk, tables.member.c.name == name)
        row = self._first(select(tables.member).where(wanted))
        return MemberRecord(**row) if row else None

    def join(self, member: MemberRecord, desk: DeskRecord, after: bytes, instead_of: Optional[str] = None) -> bool:
        """Add a member together with the desk's secret that is sealed to them too.

        Args:
            desk: the desk as it was read; `after` was made from its sealed secret.
            after: the same secret, sealed to the new member as well.
            instead_of: the id of a member who goes at once, because the new one takes their place.

        Return False, and change nothing, where the sealed secret is no longer that: someone else joined or left
        meanwhile. Seal it again to everyone, or one of the two is locked out.

        Raises:
            StoreRefused: the name is taken at this desk, or the desk is unknown.
        """
        with self._database.write() as connection:
            if not put_secret(connection, desk, after):
                return False
            connection.execute(delete(tables.member).where(tables.member.c.id == instead_of))
            put_member(connection, member)
        return True

    def replace_secret(self, desk: DeskRecord, after: bytes) -> bool:
        """Store a desk's secret sealed anew; False where it is no longer as it was read, as with `join`."""
        with self._database.write() as connection:
            return put_secret(connection, desk, after)

    def begin_rotation(self, desk: DeskRecord) -> None:
        """Store a desk's next secret beside the present one; it counts from when the pin file names it.

        One of the same generation that was stored before is replaced: it never counted.
        """
        with self._database.write() as connection:
            connection.execute(delete(tables.desk_secret).where(_generation(desk.id, desk.generation)))
            _insert_secret(connection, desk)

    def keep_members(self, desk: DeskRecord, recipients: Collection[str]) -> int:
        """Remove the members who are not on a desk's signed list, and return how many went.

        Nobody goes where the sealed secret that holds the list has changed meanwhile: someone may have joined.
        """
        with self._database.write() as connection:
            if not put_secret(connection, desk, desk.sealed_secret):
                return 0
            gone = and_(tables.member.c.desk == desk.id, tables.member.c.recipient.not_in(recipients))
            return int(connection.execute(delete(tables.member).where(gone)).rowcount)

    def finish_rotation(self, id: str, generation: int) -> bool:
        """Forget a desk's earlier secrets, with the invitations to them; False while a ticket is sealed to one."""
        earlier = and_(tables.desk_secret.c.desk == id, tables.desk_secret.c.generation < generation)
        sealed = and_(tables.ticket.c.desk == id, tables.ticket.c.generation < generation)
        now = update(tables.desk_secret).where(_generation(id, generation))
        try:
            with self._database.write() as connection:
                if connection.execute(select(tables.ticket.c.id).where(sealed).limit(1)).first():
                    return False
                connection.execute(delete(tables.desk_secret).where(earlier))
                connection.execute(now.values(sealed_earlier=None))
                connection.execute(delete(tables.invitation).where(tables.invitation.c.desk == id))
        except StoreRefused:
            # A ticket came in between, from someone who had read the pins before they changed.
            return False
        return True

    def note_login(self, member: str, day: date) -> None:
        """Store on which day (UTC) a member last came in."""
        came = update(tables.member).where(tables.member.c.id == member)
        with self._database.write() as connection:
            connection.execute(came.values(last_login=day))

    def relock(self, member: str, before: bytes, after: bytes) -> bool:
        """Store a member's key locked anew; False where it is no longer `before`."""
        same = and_(tables.member.c.id == member, tables.member.c.locked_identity == before)
        with self._database.write() as connection:
            changed = update(tables.member).where(same).values(locked_identity=after)
            return bool(connection.execute(changed).rowcount)

    def _all(self, wanted: Any) -> list[Any]:
        with self._database.read() as connection:
            return list(connection.execute(wanted).mappings())

    def _first(self, wanted: Any) -> Any:
        return next(iter(self._all(wanted)), None)


def put_member(connection: Connection, member: MemberRecord) -> None:
    """Store a member, in a transaction that is open."""
    connection.execute(tables.member.insert(), [asdict(member)])


def _insert_secret(connection: Connection, desk: DeskRecord) -> None:
    row = {"desk": desk.id, **{name: getattr(desk, name) for name in _SECRET}}
    connection.execute(tables.desk_secret.insert(), [row])


def _generation(desk: str, generation: int) -> Any:
    return and_(tables.desk_secret.c.desk == desk, tables.desk_secret.c.generation == generation)


def put_secret(connection: Connection, desk: DeskRecord, after: bytes) -> bool:
    """Store a desk's secret sealed anew, in a transaction that is open; False where it is no longer as it was read."""
    same = tables.desk_secret.c.sealed_secret == desk.sealed_secret
    unchanged = and_(_generation(desk.id, desk.generation), same)
    return bool(connection.execute(update(tables.desk_secret).where(unchanged).values(sealed_secret=after)).rowcount)
