"""Finding tickets by their index tags."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from bot.store import tables
from bot.store.database import Database
from bot.store.records import TicketRecord


@dataclass(frozen=True)
class Hit:
    """How many accepted tickets of another desk have a tag."""

    desk: str
    tag: bytes
    tickets: int


class Index:
    """The index of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tickets(self, desk: str, tags: Collection[bytes]) -> list[tuple[bytes, TicketRecord]]:
        """Return a desk's tickets that have one of some tags, each beside that tag."""
        mine = and_(tables.ticket.c.desk == desk, tables.index_tag.c.tag.in_(list(tags)))
        wanted = select(tables.index_tag.c.tag, tables.ticket).join(tables.index_tag).where(mine)
        with self._database.read() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
        return [(row.pop("tag"), TicketRecord(**row)) for row in rows]

    def elsewhere(self, desk: str, tags: Collection[bytes]) -> list[Hit]:
        """Return where other desks, if they share openly, have accepted tickets with one of some tags."""
        ticket, holder = tables.ticket.c, tables.desk.c
        found = and_(
            tables.index_tag.c.tag.in_(list(tags)), ticket.desk != desk, ticket.state.in_(("accepted", "done"))
        )
        wanted = (
            select(ticket.desk, tables.index_tag.c.tag, func.count().label("tickets"))
            .join_from(tables.index_tag, tables.ticket)
            .join(tables.desk, holder.id == ticket.desk)
            .where(found, holder.sharing == "openly")
            .group_by(ticket.desk, tables.index_tag.c.tag)
            .order_by(ticket.desk, tables.index_tag.c.tag)
        )
        with self._database.read() as connection:
            return [Hit(**row) for row in connection.execute(wanted).mappings()]
