"""The index entries of tickets, sealed: which tickets belong together is known only to a desk at work."""

from dataclasses import dataclass, field
from typing import Optional

from sqlalchemy import and_, select

from bot.store import tables
from bot.store.database import Database


@dataclass(frozen=True)
class IndexEntry:
    """A ticket's index tags: `own` sealed under the desk's X, `shared` under K where other desks may find them."""

    own: bytes = field(repr=False)
    shared: Optional[bytes] = field(default=None, repr=False)


class Index:
    """The index of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_desk(self, desk: str) -> list[tuple[str, bytes]]:
        """Return a desk's tickets that are indexed, each with its own sealed tags."""
        entry, ticket = tables.index_entry.c, tables.ticket.c
        wanted = select(ticket.id, entry.own).join_from(tables.index_entry, tables.ticket).where(ticket.desk == desk)
        with self._database.read() as connection:
            return [(id, own) for id, own in connection.execute(wanted)]

    def elsewhere(self, desk: str) -> list[tuple[str, str, bytes]]:
        """Return desk, ticket and sealed tags of what other desks have accepted, if they share openly."""
        entry, ticket, holder = tables.index_entry.c, tables.ticket.c, tables.desk.c
        found = and_(
            entry.shared.is_not(None),
            ticket.desk != desk,
            ticket.state.in_(("accepted", "done")),
            holder.sharing == "openly",
        )
        wanted = (
            select(ticket.desk, ticket.id, entry.shared)
            .join_from(tables.index_entry, tables.ticket)
            .join(tables.desk, holder.id == ticket.desk)
            .where(found)
            .order_by(ticket.desk, ticket.id)
        )
        with self._database.read() as connection:
            return [(where, id, shared) for where, id, shared in connection.execute(wanted)]
