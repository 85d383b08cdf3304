"""What a desk does with its tickets when it is at work: sealing them to its present key, and indexing them.

Both are one pass, a few tickets to a transaction: a ticket is either as it was or wholly done, its messages
and its index entry included, so that the pass can be broken off at any moment and taken up again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.engine import Connection

from bot.store import tables
from bot.store.database import Database
from bot.store.index import IndexEntry
from bot.store.records import MessageRecord, TicketRecord


@dataclass(frozen=True)
class Done:
    """A ticket as it is to be stored: its body, what changed of what was said on it, and its index entry, if any."""

    sealed_body: bytes = field(repr=False)
    messages: Sequence[MessageRecord] = field(repr=False)
    entry: Optional[IndexEntry]
    indexed: str


Change = Callable[[TicketRecord, Sequence[MessageRecord]], Done]


class Upkeep:
    """The tickets of one database that are behind."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def behind(self, desk: str, generation: int) -> int:
        """Return how many tickets of a desk are sealed to an earlier key, or not indexed as far as they may be."""
        counted = select(func.count()).select_from(tables.ticket).where(_behind(desk, generation))
        with self._database.read() as connection:
            return int(connection.execute(counted).scalar_one())

    def sealed_before(self, desk: str, generation: int) -> int:
        """Return how many tickets of a desk are still sealed to an earlier key."""
        column = tables.ticket.c
        earlier = and_(column.desk == desk, column.sealed_body.is_not(None), column.generation < generation)
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(tables.ticket).where(earlier)).scalar_one())

    def sealed(self, desk: str) -> int:
        """Return how many tickets of a desk there are, tombstones not counted."""
        column = tables.ticket.c
        there = and_(column.desk == desk, column.sealed_body.is_not(None))
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(tables.ticket).where(there)).scalar_one())

    def bring_up(self, desk: str, generation: int, after: Optional[str], most: int, change: Change) -> list[str]:
        """Change up to `most` tickets that are behind, in one transaction; return their ids, in order.

        Args:
            generation: of the desk's present keys, to which `change` seals.
            after: None, or the last id of the time before: the database need not pass over those again.
            change: called while the tickets are locked; what it raises undoes the transaction.
        """
        wanted = select(*tables.TICKET_RECORD).where(_behind(desk, generation)).order_by(tables.ticket.c.id).limit(most)
        if after is not None:
            wanted = wanted.where(tables.ticket.c.id > after)
        with self._database.write() as connection:
            rows = connection.execute(wanted.with_for_update()).mappings()
            tickets = [TicketRecord(**row) for row in rows]
            if tickets:
                said = _messages(connection, [ticket.id for ticket in tickets])
                done = {ticket.id: change(ticket, said.get(ticket.id, ())) for ticket in tickets}
                _store(connection, done, generation)
        return [ticket.id for ticket in tickets]

    def sign_anew(self, desk: str, sign: Callable[[MessageRecord], Optional[bytes]]) -> None:
        """Replace signatures under letters to reporters on other desks' tickets, where `sign` returns a new one."""
        ticket = tables.ticket.c
        elsewhere = and_(ticket.desk != desk, tables.message.c.direction == "to_reporter")
        wanted = select(tables.message).join_from(tables.message, tables.ticket).where(elsewhere).order_by(ticket.id)
        with self._database.write() as connection:
            # Their tickets are locked, so that no other desk puts back what it read before.
            rows = connection.execute(wanted.with_for_update(of=tables.ticket)).mappings()
            found = [MessageRecord(**row) for row in rows]
            signed = [(message, sign(message)) for message in found]
            _replace_signatures(connection, [replace(message, signature=new) for message, new in signed if new])

    def tidy(self, desk: str, generation: int) -> None:
        """Let tombstones hold on to no key and no index entry."""
        column = tables.ticket.c
        empty = and_(column.desk == desk, column.sealed_body.is_(None))
        behind = and_(empty, or_(column.generation < generation, column.indexed != "no"))
        with self._database.write() as connection:
            ids = connection.execute(select(column.id).where(behind).with_for_update()).scalars().all()
            connection.execute(delete(tables.index_entry).where(tables.index_entry.c.ticket.in_(ids)))
            tidied = update(tables.ticket).where(column.id.in_(ids)).values(generation=generation, indexed="no")
            connection.execute(tidied)


def _behind(desk: str, generation: int) -> Any:
    column = tables.ticket.c
    indexed = or_(column.indexed == "no", and_(column.indexed == "desk", column.state == "accepted"))
    return and_(column.desk == desk, column.sealed_body.is_not(None), or_(column.generation < generation, indexed))


def _messages(connection: Connection, ids: Sequence[str]) -> dict[str, list[MessageRecord]]:
    found: dict[str, list[MessageRecord]] = {}
    for row in connection.execute(select(tables.message).where(tables.message.c.ticket.in_(ids))).mappings():
        found.setdefault(row["ticket"], []).append(MessageRecord(**row))
    return found


def _store(connection: Connection, done: Mapping[str, Done], generation: int) -> None:
    changed = update(tables.ticket).where(tables.ticket.c.id == bindparam("of"))
    rows = [{"of": id, "body": each.sealed_body, "as_far": each.indexed} for id, each in done.items()]
    values = {"sealed_body": bindparam("body"), "indexed": bindparam("as_far"), "generation": generation}
    connection.execute(changed.values(**values), rows)
    messages = [message for each in done.values() for message in each.messages]
    replace_desk_halves(connection, messages)
    _replace_signatures(connection, messages)
    connection.execute(delete(tables.index_entry).where(tables.index_entry.c.ticket.in_(list(done))))
    entries = [
        {"ticket": id, "own": each.entry.own, "shared": each.entry.shared} for id, each in done.items() if each.entry
    ]
    if entries:
        connection.execute(tables.index_entry.insert(), entries)


def replace_desk_halves(connection: Connection, messages: Sequence[MessageRecord]) -> None:
    """Store the desk's halves of messages, sealed anew."""
    if messages:
        changed = update(tables.message).where(tables.message.c.id == bindparam("of"))
        rows = [{"of": each.id, "sealed": each.sealed_to_desk} for each in messages]
        connection.execute(changed.values(sealed_to_desk=bindparam("sealed")), rows)


def _replace_signatures(connection: Connection, messages: Sequence[MessageRecord]) -> None:
    if messages:
        changed = update(tables.message).where(tables.message.c.id == bindparam("of"))
        rows = [{"of": each.id, "signed": each.signature} for each in messages]
        connection.execute(changed.values(signature=bindparam("signed")), rows)
