"""Carrying retention out: one transaction erases what is due, then the bytes go."""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.reports.retention import Kept, Plan, plan
from bot.site import Retention
from bot.store import tables
from bot.store.database import Database
from bot.store.erase import erase, remove


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
            remove(connection, done.plan.tombstones)
            connection.execute(delete(tables.invitation).where(_expired(now)))
        return Done(done.plan, done.invitations, self._database.scrub(thorough=True))

    def _found(self, connection: Connection, now: datetime) -> Done:
        ticket, hold = tables.ticket, tables.hold
        columns = (ticket.c.id, ticket.c.state, ticket.c.day, ticket.c.closed)
        ended = ticket.c.sealed_body.is_(None).label("ended")
        wanted = select(*columns, ended, hold.c.until.label("held_until")).select_from(ticket.outerjoin(hold))
        # Locked, so that nobody takes up between looking and erasing what nobody had taken up.
        rows = connection.execute(wanted.with_for_update(of=ticket)).mappings()
        due = plan((Kept(**row) for row in rows), self._terms, now.astimezone(timezone.utc).date())
        expired = select(func.count()).select_from(tables.invitation).where(_expired(now))
        return Done(due, int(connection.execute(expired).scalar_one()))


def _expired(now: datetime) -> Any:
    return tables.invitation.c.expires <= now.astimezone(timezone.utc).replace(tzinfo=None)
