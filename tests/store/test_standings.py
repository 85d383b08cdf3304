"""How tickets stand can be told without reading what is sealed in them; some of them are read at once."""

import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from bot.store import tables
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.standings import bodies, standings, withdrawn
from bot.store.tickets import Tickets
from bot.store.types import AGE_HEADER
from tests.stored import DAY, DESK, a_ticket


def test_how_tickets_stand_tells_one_sealing_from_the_next(tickets: Tickets, database: Database) -> None:
    stanza = b"-> X25519 "
    first, second = (AGE_HEADER + stanza + os.urandom(60).hex().encode()[:70] for _ in range(2))
    ticket, gone = a_ticket(sealed_body=first), a_ticket()
    for each in (ticket, gone, a_ticket(state="done")):
        tickets.insert(each, [])
    tickets.withdraw(gone.id, DAY)
    before = {standing.id: standing for standing in standings(database, ticket.desk)}
    assert {standing.state for standing in before.values()} == {"new", "revoked", "done"}
    assert before[gone.id].sealing is None and len(before[ticket.id].sealing or b"") == 22
    assert standings(database, ticket.desk) == standings(database, ticket.desk) and standings(database, "another") == []
    tickets.replace_content(replace(ticket, sealed_body=second))
    after = {standing.id: standing for standing in standings(database, ticket.desk)}
    assert [id for id in after if after[id] != before[id]] == [ticket.id]


def test_a_withdrawal_that_is_held_is_told_with_its_moment(tickets: Tickets, database: Database) -> None:
    taken_back, other = a_ticket(), a_ticket()
    for each in (taken_back, other):
        tickets.insert(each, [])
    until = datetime(2026, 11, 25, 15, 0, tzinfo=timezone.utc)
    tickets.hold_withdrawal(taken_back.id, until)
    assert withdrawn(database, other.desk) == {taken_back.id: until}


def test_bodies_are_those_of_the_desk_and_of_what_is_there(tickets: Tickets, database: Database) -> None:
    stored, gone = [a_ticket() for _ in range(3)], a_ticket()
    for each in (*stored, gone):
        tickets.insert(each, [])
    tickets.withdraw(gone.id, DAY)
    asked = [*(each.id for each in stored[:2]), gone.id, *(f"{n:032x}" for n in range(400))]
    found = {body.standing.id: body for body in bodies(database, stored[0].desk, asked)}
    assert {id: body.sealed for id, body in found.items()} == {each.id: each.sealed_body for each in stored[:2]}
    known = {standing.id: standing for standing in standings(database, stored[0].desk)}
    assert all(body.standing == known[id] for id, body in found.items())
    assert bodies(database, "another", asked) == [] and bodies(database, stored[0].desk, []) == []


def test_what_was_touched_is_told_by_day_and_by_whose_it_is_now(tickets: Tickets, database: Database) -> None:
    today = datetime.now(timezone.utc).date()
    Desks(database).add(replace(DESK, id="ngo-de"))
    ours, theirs = a_ticket(), a_ticket()
    for each in (ours, theirs):
        tickets.insert(each, [])
    with database.write() as connection:
        change = tables.ticket.update().where(tables.ticket.c.id == theirs.id)
        connection.execute(change.values(desk="ngo-de", touched=today - timedelta(days=9)))
    assert {standing.id for standing in standings(database, ours.desk, today - timedelta(days=1))} == {ours.id}
    both = standings(database, ours.desk, today - timedelta(days=9))
    assert {(standing.id, standing.theirs) for standing in both} == {(ours.id, False), (theirs.id, True)}
