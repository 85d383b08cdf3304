"""Processes that die at one exact step around the confirming of a report."""

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from bot.privacy import receipts
from bot.runtime.reporting import Reporting
from bot.store import tables
from bot.store.database import Database
from bot.store.tickets import Tickets


def die(*_: object, **__: object) -> None:
    """End this process as the kernel would: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(step: str) -> None:
    """Make this process die at a step of passing a report on, whenever it next comes there."""
    ARMS[step]()


def _while_the_hash_runs() -> None:
    send, derive = Reporting.send, receipts.derive

    def killed(*arguments: Any) -> Any:
        threading.Thread(target=derive, args=arguments).start()
        die()

    def armed(*arguments: Any) -> str:
        # Only here: looking a receipt up derives too.
        receipts.derive = killed
        return send(*arguments)

    Reporting.send = armed  # type: ignore[method-assign]


def _before_the_insert() -> None:
    Tickets.insert = die  # type: ignore[assignment, method-assign]


def _after_the_ticket_before_its_outbox_row() -> None:
    original = Database.insert_new

    def done(self: Database, connection: Any, table: Any, *arguments: Any, **named: Any) -> Any:
        inserted = original(self, connection, table, *arguments, **named)
        # Only here: retention notes its day in this way too.
        if table is tables.ticket:
            die()
        return inserted

    Database.insert_new = done  # type: ignore[method-assign]


def _after_the_commit() -> None:
    _then_die(Tickets, "insert")


def _then_die(owner: type, name: str) -> None:
    original = getattr(owner, name)

    def done(*arguments: Any, **named: Any) -> None:
        original(*arguments, **named)
        die()

    setattr(owner, name, done)


ARMS: dict[str, Callable[[], None]] = {
    "before the confirm arrives": lambda: None,
    "while the hash runs": _while_the_hash_runs,
    "before the insert": _before_the_insert,
    "after the ticket, before its outbox row": _after_the_ticket_before_its_outbox_row,
    "after the commit, before the answer": _after_the_commit,
    "after the answer": lambda: None,
}
STORED = ("after the commit, before the answer", "after the answer")
"""The steps after which the ticket is there."""
FIRST, *_, LAST = ARMS
