"""What someone does who can write every row of the database, and what people see afterwards.

The attacker has no passphrase, nothing of the key folder, and knows every public key. They write past the types of
the program, and in SQLite past its constraints too.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from sqlalchemy import Column, LargeBinary, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.desk import second_factor
from bot.privacy import roster
from bot.privacy.delegates import member_id
from bot.privacy.powers import Role
from bot.privacy.seal import SealError, generate_identity, open_sealed, recipient_of, seal
from bot.reports import desk_sheet, worksheet
from bot.runtime import joining, people, rotating
from bot.runtime.desk_session import DeskSession
from bot.runtime.desk_sheets import DeskSheets
from bot.site import Retention
from bot.store import columns
from bot.store.invitations import Invitations
from bot.store.retention import Retainer
from bot.store.second_factors import SecondFactors
from bot.store.tables import metadata
from bot.store.types import AgeFile, Day, Hour, Moment, Number, Recipient, VerifyKey
from tests.desks import PASSPHRASE, TODAY, Site, phone
from tests.drills.looking import Place, Seen, look

EVIL = generate_identity()
"""A key of the attacker's own."""
_FACTOR = second_factor.SecondFactor(second_factor.new_secret())
Rows = Mapping[str, list[dict[str, Any]]]


class Attacker:
    """Writes rows as they are."""

    def __init__(self, site: Site) -> None:
        self._engine: Any = create_engine(site.settings.database_url, future=True)
        self._lenient = self._engine.dialect.name == "sqlite"

    def run(self, statement: str, **values: Any) -> int:
        """Run one statement; return how many rows it changed."""
        with self._writing() as connection:
            return int(connection.execute(text(statement), values).rowcount)

    def rows(self) -> Rows:
        """Return everything that is stored, as it lies there."""
        with self._engine.connect() as connection:
            found = {name: connection.execute(text(f"SELECT * FROM {name}")).mappings() for name in metadata.tables}
            return {name: [_plain(row) for row in rows] for name, rows in found.items()}

    def put_back(self, rows: Rows) -> None:
        """Make the database what it was."""
        with self._writing() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(text(f"DELETE FROM {table.name}"))
            for table in metadata.sorted_tables:
                names = ", ".join(table.columns.keys())
                values = ", ".join(f":{column.name}" for column in table.columns)
                if rows[table.name]:
                    statement = text(f"INSERT INTO {table.name} ({names}) VALUES ({values})")
                    connection.execute(statement, rows[table.name])

    def opens(self) -> list[str]:
        """Return what in the database opens with the attacker's key."""
        found = []
        for table, rows in self.rows().items():
            for row in rows:
                for name, value in row.items():
                    try:
                        open_sealed(bytes(value) if isinstance(value, (bytes, memoryview)) else b"", EVIL)
                    except SealError:
                        continue
                    found.append(f"{table}.{name}")
        return found

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._engine.begin() as connection:
            if self._lenient:
                connection.execute(text("PRAGMA ignore_check_constraints=ON"))
            yield connection


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


@dataclass(frozen=True)
class Scene:
    """A place, what lies in its database, and what is true there."""

    place: Place
    attacker: Attacker
    earlier: Rows = field(repr=False)
    """What the database held before the last questions and the last change of keys."""
    now: Rows = field(repr=False)
    files: Mapping[str, str] = field(repr=False)

    @property
    def site(self) -> Site:
        """The site of the place."""
        return self.place.site

    @property
    def tickets(self) -> tuple[str, ...]:
        """The tickets of the place."""
        return self.place.tickets

    @cached_property
    def seen(self) -> Seen:
        """What people see while nobody has touched anything; look before the first attack."""
        return look(self.place)

    def look(self) -> Seen:
        """Return what people see now."""
        return look(self.place)

    def put_back(self) -> None:
        """Undo what was done."""
        self.attacker.put_back(self.now)
        for name, content in self.files.items():
            (self.site.settings.key_folder / name).write_text(content)


def scene(site: Site) -> Scene:
    """Set everything up that there is to attack: a row in every table."""
    attacker = Attacker(site)
    site.joins("second")
    site.joins("boss", role=Role.ADMIN)
    tickets = tuple(site.report(narrative=f"account {number}", identifiers=(phone(),)) for number in range(2))
    site.report("hotline", narrative="elsewhere", identifiers=(phone(),))
    session = site.at_work()
    session.note("accept", tickets[0])
    session.talk.decide(session.ticket(tickets[0])[0], "accepted")
    session = site.at_work()
    SecondFactors(site.database).add(
        session.member.id, second_factor.sealed(_FACTOR, session.member.id, session.member.recipient)
    )
    session.talk.ask(session.ticket(tickets[0])[0], "an early question")
    session.note("others", tickets[0], "case 12/26")
    _answers(site, tickets[0], "an early answer")
    _sheets(session, tickets, "early tag")
    earlier = attacker.rows()
    rotating.rotate(session)
    for ticket in tickets:
        session.talk.ask(session.ticket(ticket)[0], f"a question on {ticket}")
    _answers(site, tickets[0], "a late answer")
    _sheets(session, tickets, "late tag")
    Retainer(site.database, Retention.parse_obj({})).carry_out(datetime.now(timezone.utc))
    session.note("hold", tickets[1])
    attacker.run("INSERT INTO hold (ticket, until, reason) VALUES (:ticket, :until, 'investigation')",
                 ticket=tickets[1], until=str(TODAY + timedelta(days=9)))  # fmt: skip
    asked = joining.ask(site.settings, people.invite(session, Role.INVESTIGATOR), "third", PASSPHRASE)
    factor = second_factor.sealed(_FACTOR, member_id(asked.recipient), asked.recipient)
    assert Invitations(site.database).add_factor(asked.invitation, asked.recipient, factor)
    code, newcomer = people.invite(site.sits("boss"), Role.ADMIN), roster.new_member(PASSPHRASE)
    rows = attacker.rows()
    assert all(rows.values()), sorted(name for name, found in rows.items() if not found)
    files = {name: (site.settings.key_folder / name).read_text() for name in ("pins.json", "audit.json")}
    return Scene(Place(site, tickets, code, newcomer, asked), attacker, earlier, rows, files)


def _sheets(session: DeskSession, tickets: Iterable[str], tag: str) -> None:
    sheets = DeskSheets(session)
    sheets.change_of_desk(lambda sheet: desk_sheet.with_listed_tag(sheet, tag))
    for ticket in tickets:
        sheets.change(ticket, lambda sheet: worksheet.with_tag(sheet, tag))


def _answers(site: Site, ticket: str, words: str) -> None:
    receipt = site.reporting.follow_up.find(site.codes[ticket])
    assert receipt is not None
    number = max(number for number, note in receipt.notes if note.kind == "question")
    assert site.reporting.follow_up.answer(f"{len(words):032x}", ticket, number, words, receipt.reporter) == "sent"


def forged(column: "Column[Any]", row: Mapping[str, Any], others: list[dict[str, Any]]) -> Iterator[Any]:
    """Yield what an attacker would write into a column in the place of a row's own value."""
    kind, own = column.type, row[column.name]
    other = next((each[column.name] for each in others if each[column.name] not in (own, None)), None)
    if other is not None and not isinstance(kind, Moment):
        yield other
    name = f"{column.table.name}.{column.name}"
    if name in columns.ENUMERATED:
        yield from [word for word in columns.ENUMERATED[name] if word != own][:1]
    elif isinstance(kind, AgeFile):
        yield seal(b"words of the attacker", [recipient_of(EVIL)])
    elif isinstance(kind, Recipient):
        yield recipient_of(EVIL)
    elif isinstance(kind, VerifyKey):
        yield "0" * 64
    elif isinstance(kind, LargeBinary) and own is not None:
        yield bytes(reversed(bytes(own)))
    elif isinstance(kind, Number):
        yield own + 7
    elif isinstance(kind, Day):
        yield str(date.fromisoformat(str(own or TODAY)) - timedelta(days=3))
    elif isinstance(kind, (Hour, Moment)):
        yield _later(own)
    elif own is not None:
        yield "f" * 32
    if column.nullable and own is not None:
        yield None


def _later(moment: Any) -> str:
    read = datetime.fromisoformat(str(moment)) if moment else datetime(2030, 1, 1, tzinfo=timezone.utc)
    return f"{read.replace(tzinfo=None) + timedelta(hours=1):%Y-%m-%d %H:%M:%S.000000}"


def chosen(scene: Scene, table: str) -> list[dict[str, Any]]:
    """Return the rows that are attacked: of desk ngo and its first ticket, one of each kind."""
    rows = scene.now[table]
    wanted = {
        "desk": lambda row: row["id"] == "ngo",
        "desk_secret": lambda row: (row["desk"], row["generation"]) == ("ngo", 2),
        "member": lambda row: row["desk"] == "ngo" and row["name"] in ("olha", "boss"),
        "ticket": lambda row: row["id"] == scene.tickets[0],
        "audit": lambda row: row["desk"] == "ngo" and row["reason"] is not None,
        "watch": lambda row: row["desk"] == "ngo",
        "desk_sheet": lambda row: row["desk"] == "ngo",
    }.get(table, lambda row: row.get("ticket", scene.tickets[0]) == scene.tickets[0] or table == "hold")
    found = [row for row in rows if wanted(row)]
    kinds = {(row.get("direction"), row.get("name")): row for row in found}
    return list(kinds.values())


def write(scene: Scene, column: "Column[Any]", row: Mapping[str, Any], value: Any) -> bool:
    """Put a value into one column of one row; False where the tables do not take it."""
    table = column.table
    keys = [key.name for key in table.primary_key.columns]
    where = " AND ".join(f"{key} = :key_{key}" for key in keys)
    values = {"value": value, **{f"key_{key}": row[key] for key in keys}}
    try:
        return scene.attacker.run(f"UPDATE {table.name} SET {column.name} = :value WHERE {where}", **values) == 1
    except DBAPIError:
        return False


def insert(scene: Scene, table: str, row: Mapping[str, Any]) -> None:
    """Put a row in."""
    names = list(row)
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
    assert scene.attacker.run(statement, **row) == 1
