"""Tickets, from the moment a person confirms a report until only a tombstone is left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any, Optional

from sqlalchemy import and_, delete, func, literal, select, update
from sqlalchemy.engine import Connection

from bot.store import tables, watch
from bot.store.database import Database
from bot.store.erase import erase
from bot.store.errors import StoreUnavailable
from bot.store.records import Ending, HoldRecord, MessageRecord, OutboxRecord, TicketRecord

_BEFORE = {"accepted": ("new",), "rejected": ("new",), "done": ("accepted", "rejected")}
"""From which states a ticket may come into a state; `revoked` is reached by withdrawal alone."""
_CONTENT = ("kind", "concern", "level", "platform_kind", "sealed_body", "sealed_terms", "generation", "indexed")
_CLOSING = ("rejected", "done")
_WITH_CONTENT = tables.ticket.c.sealed_body.is_not(None)


class Insertion(str, Enum):
    """What became of something handed in for storing; both mean that it is stored."""

    INSERTED = "inserted"
    ALREADY_THERE = "already there"


class Tickets:
    """The tickets of one database, with what is to be delivered and said about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(
        self, ticket: TicketRecord, outbox: Sequence[OutboxRecord], *, urgent: Optional[datetime] = None
    ) -> Insertion:
        """Store a ticket and what is to be delivered about it, together or not at all.

        The same id again changes nothing: after a crash or a lost answer, insert again.

        Args:
            urgent: now, with its time zone, where the ticket is urgent: its desk is watched from then on.

        Raises:
            StoreRefused: the desk is unknown, or a value does not fit its column.
            StoreUnavailable: nothing was stored, or the answer was lost.
        """
        with self._database.write() as connection:
            if not self._database.insert_new(connection, tables.ticket, _row(ticket)):
                return Insertion.ALREADY_THERE
            if outbox:
                connection.execute(tables.outbox.insert(), [asdict(row) for row in outbox])
            if urgent is not None:
                watch.note_urgent(self._database, connection, ticket.desk, urgent)
        return Insertion.INSERTED

    def replace_content(self, ticket: TicketRecord, *, urgent: Optional[datetime] = None) -> bool:
        """Put a fuller report in the place of one that nobody has taken up; False, and no change, otherwise.

        Only at the same desk: what is sealed to another could never be opened at this one. `urgent` as in `insert`.
        """
        column = tables.ticket.c
        here = and_(column.id == ticket.id, column.desk == ticket.desk)
        waiting = and_(here, column.state == "new", column.held_until.is_(None), _WITH_CONTENT)
        content = {name: getattr(ticket, name) for name in _CONTENT}
        with self._database.write() as connection:
            done = bool(connection.execute(update(tables.ticket).where(waiting).values(**content)).rowcount)
            if done and urgent is not None:
                watch.note_urgent(self._database, connection, ticket.desk, urgent)
        return done

    def get(self, id: str) -> Optional[TicketRecord]:
        """Return a ticket or its tombstone."""
        return self._one(tables.ticket.c.id == id)

    def by_receipt(self, tag: bytes) -> Optional[TicketRecord]:
        """Return the ticket, or the tombstone, that a receipt's tag belongs to."""
        return self._one(tables.ticket.c.receipt_tag == tag)

    def of_desk(self, desk: str, state: Optional[str] = None, start: str = "") -> list[TicketRecord]:
        """Return a desk's tickets, the oldest day first; all states, or one; those whose id has this start."""
        wanted = select(*tables.TICKET_RECORD).where(tables.ticket.c.desk == desk)
        if state is not None:
            wanted = wanted.where(tables.ticket.c.state == state)
        if start:
            wanted = wanted.where(tables.ticket.c.id.startswith(start, autoescape=True))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(tables.ticket.c.day, tables.ticket.c.id)).mappings()
            return [_ticket(row) for row in rows]

    def set_state(
        self, id: str, state: str, day: date, outcome: Optional[str] = None, message: Optional[MessageRecord] = None
    ) -> bool:
        """Move a ticket on: new to accepted or rejected, either of these to done.

        Return False, and change nothing, where there is no such ticket in a state before that one: someone
        else was faster, or it was withdrawn or has ended.

        Args:
            id: the ticket's.
            state: the new state.
            day: today, in UTC; rejected or done tickets are kept for a term from their first such day.
            outcome: what a ticket that is done was good for.
            message: the desk's signed word of it, stored together with the change or not at all.

        Raises:
            StoreRefused: the outcome is none, or the state has none.
        """
        column = tables.ticket.c
        fits = and_(column.id == id, column.state.in_(_BEFORE.get(state, ())), _WITH_CONTENT)
        values: dict[str, Any] = {"state": state, "outcome": outcome}
        if state in _CLOSING:
            values["closed"] = _first_of(column.closed, day)
        with self._database.write() as connection:
            changed = connection.execute(update(tables.ticket).where(fits).values(**values)).rowcount
            if changed and message is not None:
                self._database.insert_new(connection, tables.message, asdict(message))
        return bool(changed)

    def confirm_export(self, id: str, day: date) -> bool:
        """Note that an accepted ticket is now kept elsewhere; False, and no change, where it is not accepted."""
        column = tables.ticket.c
        fits = and_(column.id == id, column.state == "accepted", _WITH_CONTENT)
        return self._changed(fits, {"closed": _first_of(column.closed, day)})

    def hold(self, hold: HoldRecord) -> bool:
        """Keep a ticket beyond its term, in the place of an earlier hold; False where nothing is left to keep.

        A hold stands in the way of retention, never in that of a withdrawal.
        """
        kept = select(tables.ticket.c.id).where(and_(tables.ticket.c.id == hold.ticket, _WITH_CONTENT))
        with self._database.write() as connection:
            if connection.execute(kept.with_for_update()).scalar_one_or_none() is None:
                return False
            connection.execute(delete(tables.hold).where(tables.hold.c.ticket == hold.ticket))
            connection.execute(tables.hold.insert(), [asdict(hold)])
        return True

    def release(self, id: str) -> bool:
        """Take a hold away; False where there was none."""
        with self._database.write() as connection:
            return bool(connection.execute(delete(tables.hold).where(tables.hold.c.ticket == id)).rowcount)

    def hold_on(self, id: str) -> Optional[HoldRecord]:
        """Return the hold on a ticket, or None."""
        wanted = select(tables.hold).where(tables.hold.c.ticket == id)
        with self._database.read() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return HoldRecord(**row) if row else None

    def held(self, desk: str) -> list[HoldRecord]:
        """Return the holds on a desk's tickets, the first to end first."""
        column = tables.hold.c
        of_desk = tables.ticket.c.desk == desk
        wanted = select(tables.hold).join(tables.ticket).where(of_desk).order_by(column.until, column.ticket)
        with self._database.read() as connection:
            return [HoldRecord(**row) for row in connection.execute(wanted).mappings()]

    def set_terms(self, id: str, sealed_terms: bytes) -> bool:
        """Put other terms in the place of a receipt's; False where nothing of the ticket is left."""
        there = and_(tables.ticket.c.id == id, tables.ticket.c.sealed_body.is_not(None))
        with self._database.write() as connection:
            changed = connection.execute(update(tables.ticket).where(there).values(sealed_terms=sealed_terms)).rowcount
        return bool(changed)

    def hold_withdrawal(self, id: str, until: datetime) -> Optional[TicketRecord]:
        """Note that a ticket is withdrawn but kept until a moment; asked for again, the first moment stays.

        Return the ticket as it is then; None where there is no such ticket.

        Args:
            id: the ticket's.
            until: with a zone; rounded up to the hour by the caller, since it tells when someone was here.
        """
        waits = and_(tables.ticket.c.id == id, tables.ticket.c.sealed_body.is_not(None))
        first = and_(waits, tables.ticket.c.held_until.is_(None))
        with self._database.write() as connection:
            connection.execute(update(tables.ticket).where(first).values(held_until=_without_zone(until)))
        return self.get(id)

    def due_withdrawals(self, now: datetime) -> list[str]:
        """Return the tickets whose withdrawal was held until now or before, for `withdraw` to carry out.

        Args:
            now: with a zone.
        """
        due = tables.ticket.c.held_until <= _without_zone(now)
        with self._database.read() as connection:
            return list(
                connection.execute(select(tables.ticket.c.id).where(due).order_by(tables.ticket.c.id)).scalars()
            )

    def withdraw(self, id: str, day: date) -> Optional[str]:
        """Erase a ticket's content and all that waits or was said about it; a tombstone stays.

        Return the state it was in, so that the person can be told honestly if a desk had accepted it; None
        where there is no such ticket. Withdrawing again is harmless, and finishes an erasure that failed.

        Args:
            day: today, in UTC.

        Raises:
            StoreUnavailable: nothing changed; or, as the message then says, old bytes are still in the journal.
        """
        with self._database.write() as connection:
            state = _locked_state(connection, id)
            if state is not None and state != "revoked":
                erase(connection, [id], day, state="revoked")
        if not self._database.scrub():
            raise StoreUnavailable(
                f"Ticket {id} is withdrawn, but its old bytes are still being read: withdraw it again in a minute."
            )
        return state

    def endings(self) -> list[Ending]:
        """Return how every ticket ended of which a tombstone is left, the oldest first."""
        column = tables.ticket.c
        wanted = select(column.id, column.state, column.day).where(column.sealed_body.is_(None))
        with self._database.read() as connection:
            return [Ending(*row) for row in connection.execute(wanted.order_by(column.day, column.id))]

    def add_message(
        self, message: MessageRecord, outbox: Sequence[OutboxRecord] = (), sealed_for: Optional[int] = None
    ) -> Optional[Insertion]:
        """Store a letter on a ticket, and what is to be delivered about it; None where the ticket is gone.

        Idempotent by id. `sealed_for` is the generation of the desk's keys that the letter is sealed to: it is refused
        where the ticket was sealed to later ones meanwhile, because nobody would seal it anew.
        """
        with self._database.write() as connection:
            generation = _locked_generation(connection, message.ticket)
            if generation is None or (sealed_for is not None and sealed_for < generation):
                return None
            new = self._database.insert_new(connection, tables.message, asdict(message))
            if new and outbox:
                connection.execute(tables.outbox.insert(), [asdict(row) for row in outbox])
        return Insertion.INSERTED if new else Insertion.ALREADY_THERE

    def messages(self, id: str) -> list[MessageRecord]:
        """Return what was asked and answered on a ticket, the oldest day first; the order within a day is sealed."""
        wanted = select(tables.message).where(tables.message.c.ticket == id)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(tables.message.c.day, tables.message.c.id)).mappings()
            return [MessageRecord(**row) for row in rows]

    def _changed(self, condition: Any, values: dict[str, Any]) -> bool:
        with self._database.write() as connection:
            return bool(connection.execute(update(tables.ticket).where(condition).values(**values)).rowcount)

    def _one(self, condition: Any) -> Optional[TicketRecord]:
        with self._database.read() as connection:
            row = connection.execute(select(*tables.TICKET_RECORD).where(condition)).mappings().one_or_none()
        return _ticket(row) if row else None


def _locked_generation(connection: Connection, id: str) -> Optional[int]:
    """Return to which keys a ticket is sealed, and keep it from changing; None where nothing of it is left."""
    there = and_(tables.ticket.c.id == id, tables.ticket.c.sealed_body.is_not(None))
    return connection.execute(select(tables.ticket.c.generation).where(there).with_for_update()).scalar()


def _ticket(row: Any) -> TicketRecord:
    held = row["held_until"]
    return TicketRecord(**{**row, "held_until": held.replace(tzinfo=timezone.utc) if held else None})


def _row(ticket: TicketRecord) -> dict[str, Any]:
    held = ticket.held_until
    return {**asdict(ticket), "held_until": _without_zone(held) if held else None}


def _without_zone(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _locked_state(connection: Connection, id: str) -> Optional[str]:
    """Return a ticket's state and keep the ticket from changing until the transaction ends."""
    wanted = select(tables.ticket.c.state).where(tables.ticket.c.id == id).with_for_update()
    state: Optional[str] = connection.execute(wanted).scalar_one_or_none()
    return state


def _first_of(column: Any, day: date) -> Any:
    return func.coalesce(column, literal(day, column.type))
