"""A process that dies at any moment leaves whole tickets only."""

import multiprocessing
import random
import time

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.tables import outbox, ticket
from tests.stored import insert_until_killed

ROUNDS = 20


def test_a_process_killed_while_inserting_leaves_whole_tickets(database: Database, url: str) -> None:
    database.close()
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.stored"])
    whole = 0
    for _ in range(ROUNDS):
        started = processes.Event()
        process = processes.Process(target=insert_until_killed, args=(url, started))
        process.start()
        assert started.wait(30)
        time.sleep(random.uniform(0, 0.03))
        process.kill()
        process.join()
        before, whole = whole, tickets_with_all_their_rows(database)
        assert whole > before


def tickets_with_all_their_rows(database: Database) -> int:
    rows = select(ticket.c.id, func.count(outbox.c.id)).outerjoin(outbox).group_by(ticket.c.id)
    strays = select(outbox.c.id).where(outbox.c.ticket.not_in(select(ticket.c.id)))
    with database.read() as connection:
        counted = [found for _, found in connection.execute(rows)]
        assert set(counted) == {2} and not connection.execute(strays).all()
    # Nothing may stay open: SQLite's locks do not survive a fork.
    database.close()
    return len(counted)
