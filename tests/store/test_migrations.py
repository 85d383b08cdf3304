"""The migrations make exactly the tables that the code knows."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from bot.store import migrate
from bot.store.audit import Audit
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused
from bot.store.files import make_private
from bot.store.invitations import Invitations
from bot.store.records import DeskRecord
from bot.store.second_factors import SecondFactors
from bot.store.tables import metadata
from bot.store.tickets import Insertion, Tickets
from tests.stored import DAY, NOW, RECIPIENT, a_member, a_ticket, sealed


def test_migrations_and_tables_agree(database: Database) -> None:
    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_migrations_and_tables_agree_on_every_rule(empty: Database) -> None:
    """The comparison above leaves out CHECK constraints: here both ways of making the tables are compared."""
    empty.upgrade()
    with empty.write() as connection:
        migrated = rules(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert rules(connection) == migrated
    assert len(migrated["ticket"]["checks"]) == 17 and migrated["outbox"]["foreign"]


def test_what_was_stored_before_the_audit_log_stays(empty: Database) -> None:
    """SQLite makes two tables anew for it, while others point at them."""
    if empty.path:
        make_private(empty.path)
    tag, sealed_body = b"t" * 32, sealed()
    with empty.write() as connection:
        migrate.to_revision(connection, "0001")
        for statement in BEFORE:
            connection.execute(text(statement), {"sealed": sealed_body, "tag": tag, "key": RECIPIENT, "v": b"v" * 32})
    for _ in range(2):
        empty.upgrade()
    tickets, desks = Tickets(empty), Desks(empty)
    assert desks.get("ngo", 1) == DeskRecord("ngo", 1, sealed_body)
    kept = tickets.by_receipt(tag)
    assert kept and (kept.id, kept.desk, kept.generation, kept.indexed) == ("t1", "ngo", 1, "no")
    assert kept.sealed_body == sealed_body and [message.id for message in tickets.messages("t1")] == ["m1"]
    assert tickets.withdraw("t1", DAY) == "accepted" and not tickets.messages("t1")
    assert tickets.insert(a_ticket(desk="ngo"), []) is Insertion.INSERTED
    with pytest.raises(StoreRefused):
        tickets.insert(a_ticket(desk="ngo", generation=2), [])


BEFORE = (
    "INSERT INTO desk (id, sealed_secret, recipient, verify_key) VALUES ('ngo', :sealed, :key, :v)",
    "INSERT INTO ticket (id, desk, kind, concern, level, platform_kind, state, day, sealed_body, receipt_tag,"
    " question_recipient) VALUES ('t1', 'ngo', 'job', 'none', 'high', 'phone', 'accepted', '2026-11-24', :sealed,"
    " :tag, :key)",
    "INSERT INTO message (id, ticket, direction, sealed_to_desk, sealed_to_receipt, day)"
    " VALUES ('m1', 't1', 'to_desk', :sealed, :sealed, '2026-11-24')",
    "INSERT INTO outbox (id, ticket, target, key, ciphertext) VALUES ('o1', 't1', 'ngo', 'k', :sealed)",
)


def test_members_their_codes_and_the_log_of_before_roles_stay_and_open_invitations_go(empty: Database) -> None:
    """SQLite makes the members' table anew, and would take their second factors along."""
    if empty.path:
        make_private(empty.path)
    sealed_body = sealed()
    with empty.write() as connection:
        migrate.to_revision(connection, "0005")
        for statement in BEFORE_ROLES:
            values = {"sealed": sealed_body, "key": RECIPIENT, "v": b"v" * 32, "s": b"s" * 64}
            connection.execute(text(statement), values)
    for _ in range(2):
        empty.upgrade()
    assert [(member.id, member.name, member.last_login) for member in Desks(empty).members("ngo")] == [
        ("m1", "olha", None)
    ]
    assert SecondFactors(empty).get("m1") == sealed_body
    assert Invitations(empty).of_desk("ngo", NOW) == []
    [entry] = Audit(empty).of_desk("ngo")
    assert (entry.action, entry.signature) == ("found", b"s" * 64)
    with pytest.raises(StoreRefused):
        Desks(empty).join(a_member("olha", desk="ngo"), DeskRecord("ngo", 1, sealed_body), sealed_body)


BEFORE_ROLES = (
    "INSERT INTO desk (id, sharing) VALUES ('ngo', 'openly')",
    "INSERT INTO desk_secret (desk, generation, sealed_secret) VALUES ('ngo', 1, :sealed)",
    "INSERT INTO member (id, desk, name, role, recipient, locked_identity, joined)"
    " VALUES ('m1', 'ngo', 'olha', 'lead', :key, :v, '2026-11-24')",
    "INSERT INTO second_factor (id, sealed) VALUES ('m1', :sealed)",
    "INSERT INTO invitation (id, desk, role, inviter, sealed_secret, expires)"
    " VALUES ('i1', 'ngo', 'member', 'm1', :sealed, '2036-11-24 00:00:00')",
    "INSERT INTO audit (desk, number, moment, member, action, subject, generation, before, signature)"
    " VALUES ('ngo', 1, '2026-11-24 00:00:00', 'm1', 'found', '', 1, :v, :s)",
)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migrate._config()).get_heads()) == 1


def rules(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    return {
        table: {
            "checks": {each["name"]: each["sqltext"] for each in inspector.get_check_constraints(table)},
            "foreign": {each["name"]: each["referred_table"] for each in inspector.get_foreign_keys(table)},
            "primary": inspector.get_pk_constraint(table),
            "unique": {each["name"]: each["column_names"] for each in inspector.get_unique_constraints(table)},
            "indexes": {each["name"]: each["column_names"] for each in inspector.get_indexes(table)},
        }
        for table in metadata.tables
    }
