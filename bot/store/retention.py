"""Carrying retention out: one transaction erases what is due, then the bytes go."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any, Optional

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from bot.reports.retention import Kept, Plan, plan
from bot.site import Retention
from bot.store import tables
from bot.store.database import Database
from bot.store.erase import erase, erase_index, remove
from bot.store.records import RetentionRecord


@dataclass(frozen=True)
class Done:
    """What retention found, and with `scrubbed` whether the old bytes are out of the database's own files."""

    plan: Plan
    invitations: int
    scrubbed: bool = True


class Retainer:
    """Retention in one database."""

    def __init__(self, database: Database, terms: Retention) -> None:
        self._database = database
        self._terms = terms

    def look(self, now: datetime) -> Done:
        """Return what is due, and change nothing. `now` has its time zone."""
        with self._database.read() as connection:
            return self._found(connection, now)

    def carry_out(self, now: datetime) -> Done:
        """Erase what is due; once more is harmless. `now` has its time zone.

        Raises:
            StoreUnavailable: nothing changed.
        """
        with self._database.write() as connection:
            done = self._found(connection, now)
            erase(connection, (*done.plan.unread, *done.plan.closed), now.astimezone(timezone.utc).date())
            erase_index(connection, done.plan.index)
            remove(connection, done.plan.tombstones)
            connection.execute(delete(tables.invitation).where(_expired(now)))
            self._note(connection, done, now.astimezone(timezone.utc).date())
        return Done(done.plan, done.invitations, self._database.scrub(thorough=True))

    def last(self) -> Optional[RetentionRecord]:
        """Return what was done on the last day on which it was carried out; None where it never was."""
        wanted = select(tables.retention_run).order_by(tables.retention_run.c.day.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(wanted).mappings().first()
        return RetentionRecord(**row) if row else None

    def _note(self, connection: Connection, done: Done, today: date) -> None:
        """Keep this day's counts alone; a second time on one day is added to the first."""
        found = {name: len(getattr(done.plan, name)) for name in ("unread", "closed", "tombstones", "held", "alerts")}
        table, counts = tables.retention_run, {**found, "invitations": done.invitations}
        connection.execute(delete(table).where(table.c.day != today))
        if not self._database.insert_new(connection, table, {"day": today, **counts}, key="day"):
            erased = {name: table.c[name] + counts[name] for name in ("unread", "closed", "tombstones", "invitations")}
            waiting = {name: counts[name] for name in ("held", "alerts")}
            connection.execute(update(table).values(**erased, **waiting))

    def _found(self, connection: Connection, now: datetime) -> Done:
        ticket, hold, entry = tables.ticket, tables.hold, tables.index_entry
        columns = (ticket.c.id, ticket.c.state, ticket.c.day, ticket.c.closed)
        ended = ticket.c.sealed_body.is_(None).label("ended")
        indexed = entry.c.ticket.is_not(None).label("indexed")
        wanted = select(*columns, ended, hold.c.until.label("held_until"), indexed)
        wanted = wanted.select_from(ticket.outerjoin(hold).outerjoin(entry, entry.c.ticket == ticket.c.id))
        # Locked, so that nobody takes up between looking and erasing what nobody had taken up.
        rows = connection.execute(wanted.with_for_update(of=ticket)).mappings()
        due = plan((Kept(**row) for row in rows), self._terms, now.astimezone(timezone.utc).date())
        expired = select(func.count()).select_from(tables.invitation).where(_expired(now))
        return Done(due, int(connection.execute(expired).scalar_one()))


def _expired(now: datetime) -> Any:
    return tables.invitation.c.expires <= now.astimezone(timezone.utc).replace(tzinfo=None)
