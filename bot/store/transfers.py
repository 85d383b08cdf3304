"""Handing a ticket on to another desk, whole: what it holds, what was said on it, and who is told."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import and_, delete, select, update

from bot.store import tables
from bot.store.database import Database
from bot.store.records import MessageRecord, OutboxRecord, TicketRecord
from bot.store.upkeep import replace_desk_halves


def transfer(
    database: Database,
    before: TicketRecord,
    after: TicketRecord,
    messages: Sequence[MessageRecord],
    notice: OutboxRecord,
) -> bool:
    """Give a ticket to another desk, to which it and its messages were sealed anew.

    What the former desk's index, outbox and worksheet held about it goes. Return False, and change nothing, where the
    ticket or what was said on it is not as it was read: someone decided, withdrew or answered meanwhile.
    """
    column, said = tables.ticket.c, tables.message.c
    unchanged = and_(
        *(column[name] == getattr(before, name) for name in ("id", "desk", "state", "generation", "sealed_body"))
    )
    values = {name: getattr(after, name) for name in ("desk", "state", "generation", "sealed_body", "indexed")}
    with database.write() as connection:
        if not connection.execute(select(column.id).where(unchanged).with_for_update()).first():
            return False
        ids = set(connection.execute(select(said.id).where(said.ticket == before.id)).scalars())
        if ids != {message.id for message in messages}:
            return False
        connection.execute(update(tables.ticket).where(column.id == before.id).values(**values))
        replace_desk_halves(connection, messages)
        # What the former desk noted for itself stays behind, and nobody there needs it now.
        for table in (tables.index_entry, tables.worksheet):
            connection.execute(delete(table).where(table.c.ticket == before.id))
        connection.execute(delete(tables.outbox).where(tables.outbox.c.ticket == before.id))
        connection.execute(tables.outbox.insert(), [asdict(notice)])
    return True
