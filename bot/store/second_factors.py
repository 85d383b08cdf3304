"""Second factors of members: age files to their own keys, opened only while they log in."""

from collections.abc import Collection
from typing import Optional

from sqlalchemy import and_, delete, select, update

from bot.store import tables
from bot.store.database import Database


class SecondFactors:
    """The second factors of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, member: str) -> Optional[bytes]:
        """Return the sealed factor of a member, by the member's id; None where none is set up."""
        wanted = select(tables.second_factor.c.sealed).where(tables.second_factor.c.id == member)
        with self._database.read() as connection:
            sealed: Optional[bytes] = connection.execute(wanted).scalar_one_or_none()
        return sealed

    def add(self, member: str, sealed: bytes) -> bool:
        """Store a member's first factor; False where there is one already."""
        with self._database.write() as connection:
            return self._database.insert_new(connection, tables.second_factor, {"id": member, "sealed": sealed})

    def replace(self, member: str, before: bytes, after: bytes) -> bool:
        """Store a factor anew after it was used; False where it is no longer `before`.

        So of two who use one code at the same moment, one is refused.
        """
        table = tables.second_factor
        unchanged = and_(table.c.id == member, table.c.sealed == before)
        with self._database.write() as connection:
            return bool(connection.execute(update(table).where(unchanged).values(sealed=after)).rowcount)

    def remove(self, member: str) -> bool:
        """Take a member's factor away, so that they set up another; False where there is none."""
        with self._database.write() as connection:
            gone = delete(tables.second_factor).where(tables.second_factor.c.id == member)
            return bool(connection.execute(gone).rowcount)

    def set_up(self, members: Collection[str]) -> frozenset[str]:
        """Return which of these members have one."""
        wanted = select(tables.second_factor.c.id).where(tables.second_factor.c.id.in_(members))
        with self._database.read() as connection:
            return frozenset(connection.execute(wanted).scalars())
