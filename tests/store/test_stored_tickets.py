"""A ticket is stored whole or not at all, once, and what is withdrawn is gone."""

import os
import sqlite3
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.store import tables
from bot.store.database import Database
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.records import ERASED, TicketRecord
from bot.store.tickets import Insertion, Tickets
from bot.store.types import AGE_HEADER
from tests.stored import DAY, NOW, a_question, a_ticket, an_outbox_row, sealed


def test_a_stored_ticket_comes_back_as_it_was(tickets: Tickets) -> None:
    ticket = a_ticket()
    assert tickets.insert(ticket, []) is Insertion.INSERTED
    assert tickets.get(ticket.id) == ticket == tickets.by_receipt(ticket.receipt_tag)
    assert tickets.get("another") is None and tickets.by_receipt(b"x" * 32) is None


def test_the_same_ticket_again_changes_nothing(tickets: Tickets, database: Database) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [an_outbox_row(ticket)])
    again = replace(ticket, kind="housing", sealed_body=sealed(), state="done")
    assert tickets.insert(again, [an_outbox_row(ticket)]) is Insertion.ALREADY_THERE
    assert tickets.get(ticket.id) == ticket and count(database, tables.outbox) == 1


def test_a_ticket_is_not_stored_when_its_outbox_rows_cannot_be(tickets: Tickets, database: Database) -> None:
    ticket = a_ticket()
    row = an_outbox_row(ticket)
    with pytest.raises(StoreRefused):
        tickets.insert(ticket, [row, row])
    assert tickets.get(ticket.id) is None and count(database, tables.outbox) == 0


def test_of_twenty_threads_with_one_ticket_one_inserts_it(tickets: Tickets, database: Database) -> None:
    ticket = a_ticket()
    row = an_outbox_row(ticket)
    together = Barrier(20)

    def insert(_: int) -> Insertion:
        together.wait(20)
        return tickets.insert(ticket, [row])

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(insert, range(20)))
    assert sorted(done) == [Insertion.ALREADY_THERE] * 19 + [Insertion.INSERTED]
    assert count(database, tables.ticket) == count(database, tables.outbox) == 1


def test_a_desk_sees_its_own_tickets_oldest_day_first(tickets: Tickets) -> None:
    old, new, done = a_ticket(day=DAY - timedelta(days=2)), a_ticket(), a_ticket(state="done")
    for ticket in (new, done, old):
        tickets.insert(ticket, [])
    assert tickets.of_desk(old.desk)[0] == old and len(tickets.of_desk(old.desk)) == 3
    assert tickets.of_desk(old.desk, "new") == [old, new] and tickets.of_desk(old.desk, "done") == [done]
    assert tickets.of_desk("another-desk") == []


def test_a_ticket_moves_on_only_along_its_states(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    assert not tickets.set_state(ticket.id, "done", DAY)
    assert tickets.set_state(ticket.id, "accepted", DAY)
    assert not tickets.set_state(ticket.id, "rejected", DAY)
    assert not tickets.set_state(ticket.id, "revoked", DAY)
    assert tickets.set_state(ticket.id, "done", DAY)
    assert not tickets.set_state(ticket.id, "new", DAY)
    assert not tickets.set_state("another", "accepted", DAY)


def test_of_two_members_who_decide_at_once_one_does(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    with ThreadPoolExecutor(8) as pool:
        decided = list(pool.map(lambda n: tickets.set_state(ticket.id, ("accepted", "rejected")[n % 2], DAY), range(8)))
    assert decided.count(True) == 1


def test_withdrawing_leaves_a_tombstone_only(tickets: Tickets, database: Database) -> None:
    ticket, other = a_ticket(), a_ticket()
    for each in (ticket, other):
        tickets.insert(each, [an_outbox_row(each), an_outbox_row(each)])
        tickets.add_message(a_question(each))
    tickets.set_state(ticket.id, "accepted", DAY)
    day = DAY + timedelta(days=3)
    assert tickets.withdraw(ticket.id, day) == "accepted"
    tombstone = TicketRecord(
        ticket.id, ticket.desk, ERASED, ERASED, ERASED, ERASED, "revoked", day, None, ticket.receipt_tag, "", 1
    )
    assert tickets.get(ticket.id) == tombstone == tickets.by_receipt(ticket.receipt_tag)
    assert tickets.get(other.id) == other
    assert count(database, tables.outbox) == 2 and count(database, tables.message) == 1
    assert tickets.withdraw(ticket.id, day + timedelta(days=1)) == "revoked" and tickets.get(ticket.id) == tombstone
    assert tickets.withdraw("another", day) is None


def test_a_withdrawn_ticket_stays_withdrawn(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    tickets.withdraw(ticket.id, DAY)
    assert tickets.insert(ticket, [an_outbox_row(ticket)]) is Insertion.ALREADY_THERE
    assert not any(tickets.set_state(ticket.id, state, DAY) for state in ("accepted", "rejected", "done"))
    assert tickets.add_message(a_question(ticket)) is None
    kept = tickets.get(ticket.id)
    assert kept and kept.state == "revoked" and kept.sealed_body is None and not tickets.messages(ticket.id)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [60, 700, 3000, 9000, 70_000])
def test_withdrawn_bytes_are_gone_from_every_file(tickets: Tickets, database: Database, size: int) -> None:
    marks: list[tuple[str, bytes]] = []
    for _ in range(40):
        # Of bytes that repeat a mark, no fragment worth the name is without it.
        mark = os.urandom(16)
        content = AGE_HEADER + mark * (size // 16)
        ticket = a_ticket(sealed_body=content)
        tickets.insert(ticket, [replace(an_outbox_row(ticket), ciphertext=content)])
        tickets.add_message(a_question(ticket, sealed_to_desk=content, sealed_to_receipt=content))
        marks.append((ticket.id, mark))
    assert all(mark in everything_beside(database) for _, mark in marks)
    for id, _ in marks[::2]:
        tickets.withdraw(id, DAY)
    found = everything_beside(database)
    assert not [mark for _, mark in marks[::2] if mark in found]
    assert all(mark in found for _, mark in marks[1::2])


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_reader_in_the_way_of_erasure_is_told_and_the_next_try_finishes(
    tickets: Tickets, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = os.urandom(16)
    ticket = a_ticket(sealed_body=AGE_HEADER + mark * 50)
    tickets.insert(ticket, [])
    assert database.path
    reader = sqlite3.connect(database.path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM ticket").fetchall()
    with pytest.raises(StoreUnavailable, match=r"is withdrawn, but .* withdraw it again"):
        tickets.withdraw(ticket.id, DAY)
    assert mark in everything_beside(database)
    reader.close()
    assert tickets.withdraw(ticket.id, DAY) == "revoked"
    assert mark not in everything_beside(database)


def test_what_is_said_about_a_ticket_is_kept_once(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    question = a_question(ticket)
    answer = a_question(ticket, direction="to_desk", signature=None, day=DAY + timedelta(days=1))
    assert tickets.add_message(answer) is Insertion.INSERTED
    assert tickets.add_message(question) is Insertion.INSERTED
    assert tickets.add_message(question) is Insertion.ALREADY_THERE
    assert tickets.messages(ticket.id) == [question, answer]
    assert tickets.add_message(a_question(a_ticket())) is None


def test_nothing_unsigned_is_kept_as_a_desks_word(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    for signature in (None, b"short"):
        with pytest.raises(StoreRefused):
            tickets.add_message(a_question(ticket, signature=signature))


SECRET = "Олена з Харкова"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": SECRET},
        {"kind": "erased"},
        {"concern": "panic"},
        {"level": "safe"},
        {"platform_kind": "t.me/x"},
        {"state": "lost"},
        {"state": "revoked"},
        {"desk": "another-desk"},
        {"id": SECRET},
        {"question_recipient": SECRET},
        {"question_recipient": ""},
        {"sealed_body": SECRET.encode()},
        {"sealed_body": None},
        {"receipt_tag": SECRET.encode()},
        {"day": datetime(2026, 11, 24, 12, 0)},
        {"day": SECRET},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_value_that_does_not_fit_is_refused_and_not_repeated(tickets: Tickets, changes: dict[str, Any]) -> None:
    ticket = a_ticket(**changes)
    with pytest.raises(StoreRefused) as refused:
        tickets.insert(ticket, [])
    said = "".join(traceback.format_exception(refused.type, refused.value, refused.tb))
    for secret in (SECRET, ascii(SECRET), repr(SECRET.encode()), SECRET.encode().hex(), ticket.receipt_tag.hex()):
        assert secret not in said
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


def test_a_receipt_belongs_to_one_ticket(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    other = a_ticket(receipt_tag=ticket.receipt_tag)
    with pytest.raises(StoreRefused, match="another ticket has what must be unique"):
        tickets.insert(other, [])
    assert tickets.get(other.id) is None


def test_a_printed_record_shows_no_sealed_bytes() -> None:
    ticket = a_ticket()
    printed = repr((ticket, an_outbox_row(ticket), a_question(ticket)))
    assert "age-encryption" not in printed and "receipt_tag" not in printed and ticket.id in printed


def count(database: Database, table: Any) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def everything_beside(database: Database) -> bytes:
    """All bytes of the database's folder: the file, its journal, whatever else lies there."""
    assert database.path
    return b"".join(path.read_bytes() for path in database.path.parent.iterdir())


def test_a_held_withdrawal_stays_readable_until_its_hour_and_is_due_then(tickets: Tickets) -> None:
    ticket, other = a_ticket(sealed_terms=sealed()), a_ticket()
    for each in (ticket, other):
        tickets.insert(each, [])
    until = NOW + timedelta(hours=24)
    kept = tickets.hold_withdrawal(ticket.id, until)
    assert kept == replace(ticket, held_until=until) == tickets.get(ticket.id)
    again = tickets.hold_withdrawal(ticket.id, until + timedelta(hours=5))
    assert again and again.held_until == until
    assert not tickets.replace_content(replace(ticket, sealed_body=sealed()))
    assert tickets.set_state(ticket.id, "accepted", DAY)
    assert tickets.due_withdrawals(until - timedelta(seconds=1)) == []
    assert tickets.due_withdrawals(until) == [ticket.id]
    assert tickets.withdraw(ticket.id, DAY) == "accepted" and tickets.due_withdrawals(until) == []
    tombstone = tickets.get(ticket.id)
    assert tombstone and tombstone.held_until is None and tombstone.sealed_terms is None
    assert tickets.hold_withdrawal(ticket.id, until) == tombstone and tickets.hold_withdrawal("another", until) is None


def test_a_closed_ticket_has_its_outcome_and_its_letter_or_neither(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    letter = a_question(ticket)
    assert not tickets.set_state(ticket.id, "done", DAY, "actionable", letter) and tickets.messages(ticket.id) == []
    with pytest.raises(StoreRefused):
        tickets.set_state(ticket.id, "accepted", DAY, "actionable", letter)
    tickets.set_state(ticket.id, "accepted", DAY)
    with pytest.raises(StoreRefused):
        tickets.set_state(ticket.id, "done", DAY, "interesting")
    assert tickets.set_state(ticket.id, "done", DAY, "to_labour", letter)
    closed = tickets.get(ticket.id)
    assert (
        closed and (closed.state, closed.outcome) == ("done", "to_labour") and tickets.messages(ticket.id) == [letter]
    )
    tickets.withdraw(ticket.id, DAY)
    ended = tickets.get(ticket.id)
    assert ended and (ended.state, ended.outcome) == ("revoked", None)


def test_terms_are_replaced_only_where_something_is_left(tickets: Tickets) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    terms = sealed()
    assert tickets.set_terms(ticket.id, terms)
    kept = tickets.get(ticket.id)
    assert kept and kept.sealed_terms == terms
    tickets.withdraw(ticket.id, DAY)
    assert not tickets.set_terms(ticket.id, terms) and not tickets.set_terms("another", terms)


def test_an_answer_and_its_notice_are_stored_once(tickets: Tickets, database: Database) -> None:
    ticket = a_ticket()
    tickets.insert(ticket, [])
    answer = a_question(ticket, direction="to_desk", signature=None)
    row = an_outbox_row(ticket)
    assert tickets.add_message(answer, [row]) is Insertion.INSERTED
    assert tickets.add_message(answer, [row]) is Insertion.ALREADY_THERE
    assert count(database, tables.outbox) == 1
