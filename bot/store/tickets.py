"""Tickets, from the moment a person confirms a report until only a tombstone is left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any, Optional

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.records import ERASED, MessageRecord, OutboxRecord, Standing, TicketRecord
from bot.store.types import AGE_HEADER

_BEFORE = {"accepted": ("new",), "rejected": ("new",), "done": ("accepted", "rejected")}
"""From which states a ticket may come into a state; `revoked` is reached by withdrawal alone."""
_CONTENT = ("kind", "concern", "level", "platform_kind", "sealed_body", "generation", "indexed")
_SEALING = (len(AGE_HEADER + b"-> X25519 ") + 1, 22)
"""Where in an age file the key stands that was made for it alone, and how much of it is enough, for `substr`."""
_AT_ONCE = 500
"""Values in one statement; databases take more, but not any number."""
_TOMBSTONE = {
    **dict.fromkeys(("kind", "concern", "level", "platform_kind"), ERASED),
    "state": "revoked",
    "sealed_body": None,
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
            if not self._database.insert_new(connection, tables.ticket, asdict(ticket)):
                return Insertion.ALREADY_THERE
            if outbox:
                connection.execute(tables.outbox.insert(), [asdict(row) for row in outbox])
        return Insertion.INSERTED

    def replace_content(self, ticket: TicketRecord) -> bool:
        """Put a fuller report in the place of one that nobody has taken up; False, and no change, otherwise.

        Only at the same desk: what is sealed to another could never be opened at this one.
        """
        column = tables.ticket.c
        waiting = and_(column.id == ticket.id, column.desk == ticket.desk, column.state == "new")
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
            return [TicketRecord(**row) for row in rows]

    def standings(self, desk: str) -> list[Standing]:
        """Return how each ticket of a desk stands, without reading its sealed content."""
        sealing = func.substr(tables.ticket.c.sealed_body, *_SEALING).label("sealing")
        wanted = select(tables.ticket.c.id, tables.ticket.c.state, tables.ticket.c.day, sealing)
        with self._database.read() as connection:
            return [Standing(*row) for row in connection.execute(wanted.where(tables.ticket.c.desk == desk))]

    def some(self, ids: Sequence[str]) -> list[TicketRecord]:
        """Return the tickets with these ids, in no order."""
        found: list[TicketRecord] = []
        with self._database.read() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                wanted = select(tables.ticket).where(tables.ticket.c.id.in_(ids[start : start + _AT_ONCE]))
                found += [TicketRecord(**row) for row in connection.execute(wanted).mappings()]
        return found

    def set_state(self, id: str, state: str) -> bool:
        """Move a ticket on: new to accepted or rejected, either of these to done.

        Return False, and change nothing, where there is no such ticket in a state before that one: someone
        else was faster, or it was withdrawn.
        """
        fits = and_(tables.ticket.c.id == id, tables.ticket.c.state.in_(_BEFORE.get(state, ())))
        with self._database.write() as connection:
            return bool(connection.execute(update(tables.ticket).where(fits).values(state=state)).rowcount)

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

    def add_message(self, message: MessageRecord) -> Optional[Insertion]:
        """Store a question, correction or answer on a ticket; None where the ticket is gone. Idempotent by id."""
        with self._database.write() as connection:
            if _locked_state(connection, message.ticket) in (None, "revoked"):
                return None
            new = self._database.insert_new(connection, tables.message, asdict(message))
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
        return TicketRecord(**row) if row else None


def _locked_state(connection: Connection, id: str) -> Optional[str]:
    """Return a ticket's state and keep the ticket from changing until the transaction ends."""
    wanted = select(tables.ticket.c.state).where(tables.ticket.c.id == id).with_for_update()
    state: Optional[str] = connection.execute(wanted).scalar_one_or_none()
    return state
