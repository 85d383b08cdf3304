"""What retention erases is gone, from the tables and from the files; the rest stays as it was."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from bot.reports.retention import Plan
from bot.site import Retention
from bot.store import tables
from bot.store.database import Database
from bot.store.invitations import Invitations
from bot.store.records import HOLD_REASONS, HoldRecord, RetentionRecord, TicketRecord
from bot.store.retention import Done, Retainer
from bot.store.tickets import Tickets
from bot.store.types import AGE_HEADER
from tests.databases import needs_postgresql
from tests.stored import DAY, DESK, NOW, a_question, a_ticket, an_invitation, an_outbox_row

TERMS = Retention.parse_obj({})
OLD = DAY - timedelta(days=30)


def stored(tickets: Tickets, **changes: object) -> TicketRecord:
    ticket = a_ticket(**changes)
    tickets.insert(ticket, [an_outbox_row(ticket)])
    tickets.add_message(a_question(ticket))
    return ticket


def rows(database: Database, table: object) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.fixture
def retainer(database: Database) -> Retainer:
    return Retainer(database, TERMS)


def test_a_look_changes_nothing(tickets: Tickets, database: Database, retainer: Retainer) -> None:
    old, fresh = stored(tickets, day=OLD), stored(tickets)
    assert retainer.look(NOW) == Done(Plan(unread=(old.id,)), 0)
    assert tickets.get(old.id) == old and tickets.get(fresh.id) == fresh and rows(database, tables.message) == 2


def test_what_is_due_leaves_a_tombstone_with_its_outcome(
    tickets: Tickets, database: Database, retainer: Retainer
) -> None:
    unread, closed, exported, open_, fresh = (stored(tickets, day=OLD - timedelta(days=n)) for n in (0, 1, 2, 3, -30))
    for each in (closed, exported, open_):
        assert tickets.set_state(each.id, "accepted", OLD)
    assert tickets.set_state(closed.id, "done", OLD) and tickets.confirm_export(exported.id, OLD)
    before = {each.id: tickets.get(each.id) for each in (open_, fresh)}
    plan = Plan(unread=(unread.id,), closed=tuple(sorted((closed.id, exported.id))))
    assert retainer.carry_out(NOW) == Done(plan, 0)
    found = {each.id: tickets.get(each.id) for each in (unread, closed, exported)}
    assert {(row.state, row.day, row.sealed_body, row.closed) for row in found.values() if row} == {
        ("new", DAY, None, None),
        ("done", DAY, None, None),
        ("accepted", DAY, None, None),
    }
    assert {each.id: tickets.get(each.id) for each in (open_, fresh)} == before
    assert rows(database, tables.outbox) == rows(database, tables.message) == 2
    assert retainer.carry_out(NOW) == Done(Plan(), 0)


def test_a_tombstone_takes_nothing_more(tickets: Tickets, retainer: Retainer) -> None:
    ticket = stored(tickets, day=OLD)
    retainer.carry_out(NOW)
    tombstone = tickets.get(ticket.id)
    assert not tickets.set_state(ticket.id, "accepted", DAY) and not tickets.replace_content(ticket)
    assert tickets.add_message(a_question(ticket)) is None and not tickets.confirm_export(ticket.id, DAY)
    assert not tickets.hold(HoldRecord(ticket.id, DAY, "court_order"))
    assert tickets.get(ticket.id) == tombstone == tickets.by_receipt(ticket.receipt_tag)


def test_tombstones_and_expired_invitations_go_altogether(
    tickets: Tickets, database: Database, retainer: Retainer
) -> None:
    ticket = stored(tickets)
    tickets.withdraw(ticket.id, DAY - timedelta(days=800))
    Invitations(database).add(an_invitation(expires=NOW))
    Invitations(database).add(an_invitation())
    assert retainer.carry_out(NOW) == Done(Plan(tombstones=(ticket.id,)), 1)
    assert tickets.get(ticket.id) is None and rows(database, tables.invitation) == 1


def test_what_was_done_on_the_last_day_is_kept_as_counts(tickets: Tickets, retainer: Retainer) -> None:
    assert retainer.last() is None
    stored(tickets, day=OLD - timedelta(days=1))
    retainer.carry_out(NOW - timedelta(days=1))
    for _ in range(2):
        stored(tickets, day=OLD)
    retainer.look(NOW)
    retainer.carry_out(NOW)
    assert retainer.last() == RetentionRecord(DAY, 2, 0, 0, 0, 0, 0)
    stored(tickets, day=OLD)
    retainer.carry_out(NOW)
    assert retainer.last() == RetentionRecord(DAY, 3, 0, 0, 0, 0, 0)


def test_the_first_day_of_closing_counts(tickets: Tickets) -> None:
    ticket = stored(tickets)
    assert not tickets.confirm_export(ticket.id, DAY)
    tickets.set_state(ticket.id, "rejected", DAY)
    tickets.set_state(ticket.id, "done", DAY + timedelta(days=9))
    found = tickets.get(ticket.id)
    assert found and found.closed == DAY


def test_a_hold_keeps_a_ticket_from_retention_but_not_from_its_reporter(tickets: Tickets, retainer: Retainer) -> None:
    kept, taken_back, freed = (stored(tickets, day=OLD) for _ in range(3))
    for each in (kept, taken_back, freed):
        assert tickets.hold(HoldRecord(each.id, DAY - timedelta(days=1), "investigation"))
        assert tickets.hold(HoldRecord(each.id, DAY, "court_order"))
    assert {held.ticket for held in tickets.held(DESK.id)} == {kept.id, taken_back.id, freed.id}
    assert tickets.held("another") == []
    assert tickets.hold_on(freed.id) == HoldRecord(freed.id, DAY, "court_order")
    assert tickets.withdraw(taken_back.id, DAY) == "new"
    assert tickets.release(freed.id) and not tickets.release(freed.id)
    assert tickets.hold_on(freed.id) is None and tickets.hold_on("f" * 32) is None
    assert retainer.carry_out(NOW).plan == Plan(unread=(freed.id,), held=(kept.id,))
    assert tickets.get(kept.id) == kept
    assert tickets.held(DESK.id) == [HoldRecord(kept.id, DAY, "court_order")]
    assert retainer.carry_out(NOW + timedelta(days=1)).plan == Plan(unread=(kept.id,)) and not tickets.held(DESK.id)


def test_what_links_old_tickets_goes_and_they_stay(tickets: Tickets, database: Database, retainer: Retainer) -> None:
    old, held, fresh = (stored(tickets, day=DAY - timedelta(days=n), indexed="desk") for n in (731, 731, 29))
    for each in (old, held, fresh):
        assert tickets.set_state(each.id, "accepted", each.day)
        with database.write() as connection:
            connection.execute(tables.index_entry.insert().values(ticket=each.id, own=os.urandom(300), shared=None))
    assert tickets.hold(HoldRecord(held.id, DAY, "investigation"))
    before = {each.id: tickets.get(each.id) for each in (old, held, fresh)}
    plan = Plan(index=(old.id,), held=(held.id,))
    assert retainer.look(NOW) == Done(plan, 0) and rows(database, tables.index_entry) == 3
    assert retainer.carry_out(NOW) == Done(plan, 0) and rows(database, tables.index_entry) == 2
    assert {each.id: tickets.get(each.id) for each in (old, held, fresh)} == before
    assert rows(database, tables.message) == 3
    assert retainer.carry_out(NOW) == Done(Plan(held=(held.id,)), 0)
    assert retainer.carry_out(NOW + timedelta(days=1)).plan.index == (held.id,)


@pytest.mark.parametrize("reason", HOLD_REASONS)
def test_every_reason_for_a_hold_can_be_stored(tickets: Tickets, reason: str) -> None:
    assert tickets.hold(HoldRecord(stored(tickets).id, DAY, reason))


def test_many_tickets_at_once(tickets: Tickets, database: Database, retainer: Retainer) -> None:
    with database.write() as connection:
        connection.execute(tables.ticket.insert(), [vars(a_ticket(day=OLD)) for _ in range(2500)])
    assert len(retainer.carry_out(NOW).plan.unread) == 2500 and retainer.look(NOW) == Done(Plan(), 0)


def marked(size: int) -> tuple[bytes, bytes]:
    """Content of bytes that repeat a mark, so that no fragment worth the name is without it."""
    mark = os.urandom(16)
    return AGE_HEADER + mark * (size // 16), mark


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [700, 9000, 70_000])
def test_erased_bytes_are_gone_from_every_file(
    tickets: Tickets, database: Database, retainer: Retainer, size: int
) -> None:
    marks = {True: [], False: []}  # type: dict[bool, list[bytes]]
    for number in range(40):
        content, mark = marked(size)
        ticket = a_ticket(sealed_body=content, day=OLD if number % 2 else DAY)
        tickets.insert(ticket, [replace(an_outbox_row(ticket), ciphertext=content)])
        tickets.add_message(a_question(ticket, sealed_to_desk=content, sealed_to_receipt=content))
        marks[bool(number % 2)].append(mark)
    assert retainer.carry_out(NOW).scrubbed and database.path
    found = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
    assert not [mark for mark in marks[True] if mark in found]
    assert all(mark in found for mark in marks[False])


@needs_postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_erased_bytes_are_gone_from_postgresqls_tables(
    tickets: Tickets, database: Database, retainer: Retainer
) -> None:
    content, mark = AGE_HEADER + os.urandom(1200), os.urandom(200)
    stored(tickets, day=OLD, sealed_body=content + mark)
    before = table_file(database)
    assert mark in before
    assert retainer.carry_out(NOW).scrubbed
    assert mark not in table_file(database)


def table_file(database: Database) -> bytes:
    """What stands in the file of the table of tickets."""
    with database.write() as connection:
        connection.execute(text("SELECT 1"))
    with database._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CHECKPOINT"))
        return bytes(
            connection.execute(text("SELECT pg_read_binary_file(pg_relation_filepath('ticket'))")).scalar_one()
        )


@needs_postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_somebody_in_the_way_of_the_rewriting_is_told(
    tickets: Tickets, database: Database, retainer: Retainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database._WAIT_SECONDS", 0.2)
    ticket = stored(tickets, day=OLD)
    with database.read() as reading:
        reading.execute(text("SELECT * FROM message"))
        done = retainer.carry_out(NOW)
    assert done == Done(Plan(unread=(ticket.id,)), 0, scrubbed=False)
    assert retainer.carry_out(NOW).scrubbed
