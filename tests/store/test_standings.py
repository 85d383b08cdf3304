"""How tickets stand can be told without reading what is sealed in them; some of them are read at once."""

import os
from dataclasses import replace

from bot.store.database import Database
from bot.store.standings import standings
from bot.store.tickets import Tickets
from bot.store.types import AGE_HEADER
from tests.stored import DAY, a_ticket


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


def test_some_tickets_by_their_ids(tickets: Tickets) -> None:
    stored = [a_ticket() for _ in range(3)]
    for each in stored:
        tickets.insert(each, [])
    found = tickets.some([*(each.id for each in stored[:2]), *(f"{n:032x}" for n in range(400))])
    assert sorted(found, key=lambda each: each.id) == sorted(stored[:2], key=lambda each: each.id)
    assert tickets.some([]) == []
