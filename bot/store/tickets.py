"""Tickets, from the moment a person confirms a report until only a tombstone is left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any, Optional

from sqlalchemy import and_, delete, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.records import ERASED, MessageRecord, OutboxRecord, TicketRecord

_BEFORE = {"accepted": ("new",), "rejected": ("new",), "done": ("accepted", "rejected")}
"""From which states a ticket may come into a state; `revoked` is reached by withdrawal alone."""
_CONTENT = ("kind", "concern", "level", "platform_kind", "sealed_body", "sealed_terms", "generation", "indexed")
_TOMBSTONE = {
    **dict.fromkeys(("kind", "concern", "level", "platform_kind"), ERASED),
    "state": "revoked",
    **dict.fromkeys(("sealed_body", "sealed_terms", "outcome", "held_until")),
    "question_recipient": "",
    "indexed": "no",
}


class Insertion(str, Enum):
    """What became of something handed in for storing; both mean that it is stored."""

    INSERTED = "inserted"
    ALREADY_THERE = "already there"


class Tickets:
    """The tickets of one database, with what is to be delivered and said about them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, ticket: TicketRecord, outbox: Sequence[OutboxRecord]) -> Insertion:
        """Store a ticket and what is to be delivered about it, together or not at all.

        The same id again changes nothing: after a crash or a lost answer, insert again.

        Raises:
            StoreRefused: the desk is unknown, or a value does not fit its column.
            StoreUnavailable: nothing was stored, or the answer was lost.
        """
        with self._database.write() as connection:
            if not self._database.insert_new(connection, tables.ticket, _row(ticket)):
                return Insertion.ALREADY_THERE
            if outbox:
                connection.execute(tables.outbox.insert(), [asdict(row) for row in outbox])
        return Insertion.INSERTED

    def replace_content(self, ticket: TicketRecord) -> bool:
        """Put a fuller report in the place of one that nobody has taken up; False, and no change, otherwise.

        Only at the same desk: what is sealed to another could never be opened at this one.
        """
        column = tables.ticket.c
        waiting = and_(
            column.id == ticket.id, column.desk == ticket.desk, column.state == "new", column.held_until.is_(None)
        )
        content = {name: getattr(ticket, name) for name in _CONTENT}
        with self._database.write() as connection:
            return bool(connection.execute(update(tables.ticket).where(waiting).values(**content)).rowcount)

    def get(self, id: str) -> Optional[TicketRecord]:
        """Return a ticket or its tombstone."""
        return self._one(tables.ticket.c.id == id)

    def by_receipt(self, tag: bytes) -> Optional[TicketRecord]:
        """Return the ticket, or the tombstone, that a receipt's tag belongs to."""
        return self._one(tables.ticket.c.receipt_tag == tag)

    def of_desk(self, desk: str, state: Optional[str] = None, start: str = "") -> list[TicketRecord]:
        """Return a desk's tickets, the oldest day first; all states, or one; those whose id has this start."""
        wanted = select(tables.ticket).where(tables.ticket.c.desk == desk)
        if state is not None:
            wanted = wanted.where(tables.ticket.c.state == state)
        if start:
            wanted = wanted.where(tables.ticket.c.id.startswith(start, autoescape=True))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(tables.ticket.c.day, tables.ticket.c.id)).mappings()
            return [_ticket(row) for row in rows]

    def some(self, ids: Sequence[str]) -> list[TicketRecord]:
        """Return the tickets with these ids, in no order; a statement takes hundreds of them, but not any number."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.ticket).where(tables.ticket.c.id.in_(ids))).mappings()
            return [_ticket(row) for row in rows]

    def set_state(
        self, id: str, state: str, outcome: Optional[str] = None, message: Optional[MessageRecord] = None
    ) -> bool:
        """Move a ticket on: new to accepted or rejected, either of these to done.

        Return False, and change nothing, where there is no such ticket in a state before that one: someone
        else was faster, or it was withdrawn.

        Args:
            id: the ticket's.
            state: the new state.
            outcome: what a ticket that is done was good for.
            message: the desk's signed word of it, stored together with the change or not at all.

        Raises:
            StoreRefused: the outcome is none, or the state has none.
        """
        fits = and_(tables.ticket.c.id == id, tables.ticket.c.state.in_(_BEFORE.get(state, ())))
        with self._database.write() as connection:
            changed = connection.execute(
                update(tables.ticket).where(fits).values(state=state, outcome=outcome)
            ).rowcount
            if changed and message is not None:
                self._database.insert_new(connection, tables.message, asdict(message))
        return bool(changed)

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
                connection.execute(delete(tables.outbox).where(tables.outbox.c.ticket == id))
                connection.execute(delete(tables.message).where(tables.message.c.ticket == id))
                connection.execute(delete(tables.index_entry).where(tables.index_entry.c.ticket == id))
                ended = update(tables.ticket).where(tables.ticket.c.id == id)
                connection.execute(ended.values(**_TOMBSTONE, day=day))
        if not self._database.scrub():
            raise StoreUnavailable(
                f"Ticket {id} is withdrawn, but its old bytes are still being read: withdraw it again in a minute."
            )
        return state

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

    def _one(self, condition: Any) -> Optional[TicketRecord]:
        with self._database.read() as connection:
            row = connection.execute(select(tables.ticket).where(condition)).mappings().one_or_none()
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
