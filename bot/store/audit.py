"""The audit log: entries are added and read, and removed when they have expired; never changed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from typing import Any, Optional

from sqlalchemy import and_, bindparam, delete, func, select, update

from bot.privacy.audit_chain import Entry
from bot.store import tables
from bot.store.database import Database


class Audit:
    """The audit log of every desk in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entry: Entry, sealed_reason: Optional[bytes] = None) -> None:
        """Store an entry.

        Raises:
            StoreRefused: there is an entry of this number already.
        """
        row = {**asdict(entry), "moment": entry.moment.astimezone(timezone.utc).replace(tzinfo=None)}
        with self._database.write() as connection:
            connection.execute(tables.audit.insert(), [{**row, "sealed_reason": sealed_reason}])

    def last(self, desk: str) -> Optional[Entry]:
        """Return a desk's last entry, or None."""
        wanted = select(tables.audit).where(tables.audit.c.desk == desk)
        return next(iter(self._entries(wanted.order_by(tables.audit.c.number.desc()).limit(1))), None)

    def entry(self, desk: str, number: int) -> Optional[Entry]:
        """Return one entry of a desk, or None."""
        found = and_(tables.audit.c.desk == desk, tables.audit.c.number == number)
        return next(iter(self._entries(select(tables.audit).where(found))), None)

    def of_desk(self, desk: str) -> list[Entry]:
        """Return a desk's entries in the order of their numbers."""
        wanted = select(tables.audit).where(tables.audit.c.desk == desk)
        return self._entries(wanted.order_by(tables.audit.c.number))

    def about(self, desk: str, subject: str) -> list[Entry]:
        """Return what a desk's log says of one ticket, member or desk, in the order of the numbers."""
        which = and_(tables.audit.c.desk == desk, tables.audit.c.subject == subject)
        return self._entries(select(tables.audit).where(which).order_by(tables.audit.c.number))

    def before(self, desk: str, day: date) -> Optional[Entry]:
        """Return a desk's newest entry from before a day (UTC), or None."""
        older = and_(tables.audit.c.desk == desk, tables.audit.c.moment < datetime(day.year, day.month, day.day))
        wanted = select(tables.audit).where(older).order_by(tables.audit.c.number.desc()).limit(1)
        return next(iter(self._entries(wanted)), None)

    def remove(self, desk: str, number: int) -> None:
        """Remove a desk's entries up to a number: they have expired."""
        expired = and_(tables.audit.c.desk == desk, tables.audit.c.number <= number)
        with self._database.write() as connection:
            connection.execute(delete(tables.audit).where(expired))

    def count(self, desk: str, member: str, action: str, day: date) -> int:
        """Return how often a member did something on a day (UTC)."""
        column, start = tables.audit.c, datetime(day.year, day.month, day.day)
        theirs = and_(column.desk == desk, column.member == member, column.action == action)
        that_day = and_(theirs, column.moment >= start, column.moment < start + timedelta(days=1))
        with self._database.read() as connection:
            counted = select(func.count()).select_from(tables.audit).where(that_day)
            return int(connection.execute(counted).scalar_one())

    def reasons(self, desk: str) -> dict[int, bytes]:
        """Return the sealed reasons of a desk's log, by the number of their entry."""
        column = tables.audit.c
        wanted = select(column.number, column.sealed_reason)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(column.desk == desk, column.sealed_reason.is_not(None)))
            return {row.number: row.sealed_reason for row in rows}

    def replace_reasons(self, desk: str, sealed: Mapping[int, bytes]) -> None:
        """Store reasons sealed anew; the log's entries hold only their hashes and stay as they are."""
        if not sealed:
            return
        which = and_(tables.audit.c.desk == desk, tables.audit.c.number == bindparam("of"))
        changed = update(tables.audit).where(which).values(sealed_reason=bindparam("reason_now"))
        with self._database.write() as connection:
            rows = [{"of": number, "reason_now": reason} for number, reason in sealed.items()]
            connection.execute(changed, rows)

    def _entries(self, wanted: Any) -> list[Entry]:
        with self._database.read() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
        return [_entry(row) for row in rows]


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        **{name: value for name, value in row.items() if name not in ("moment", "sealed_reason")},
        moment=row["moment"].replace(tzinfo=timezone.utc),
    )
