"""The list of what has ended: for each erased ticket a day, how it ended, and its id; nothing else.

It lies outside the database and outside every backup, and lines are only ever added. When a backup is restored,
it says what must not come back with it (`bot/runtime/backup.py`).
"""

import logging
import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Optional

from bot.store.records import STATES, Ending
from bot.store.tickets import Tickets

_log = logging.getLogger("oberih.endings")
_LINE = re.compile(rf"(\d{{4}}-\d\d-\d\d) ({'|'.join(STATES)}) ([A-Za-z0-9_.:-]{{1,64}})")


class EndingsError(Exception):
    """The list of what has ended is missing or damaged; the message says what to do."""


class Endings:
    """The list in one file, closed to others (0600)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, endings: Iterable[Ending]) -> None:
        """Add endings, and return once they are on the disk; the file is made where it is missing.

        Raises:
            OSError: they could not be written.
        """
        lines = "".join(f"{ending.day.isoformat()} {ending.state} {ending.ticket}\n" for ending in endings)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A crash may have left half a line: it must not swallow the next one.
            size = os.fstat(file).st_size
            whole = size == 0 or os.pread(file, 1, size - 1) == b"\n"
            os.write(file, (("" if whole else "\n") + lines).encode("ascii"))
            os.fsync(file)
        finally:
            os.close(file)

    def add_missing(self, endings: Iterable[Ending]) -> None:
        """Add those of some endings whose tickets are not on the list.

        Raises:
            OSError: they could not be written.
        """
        known = {ending.ticket for ending in self.all()} if self.path.exists() else set()
        self.add(ending for ending in endings if ending.ticket not in known)

    def all(self) -> list[Ending]:
        """Return the list, each ticket once, as it ended last. Half a line, left by a crash, is passed over.

        Raises:
            EndingsError: there is no list.
        """
        try:
            text = self.path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            raise EndingsError(f"There is no {self.path}: copy it back from where you keep its copies.") from None
        found = (_LINE.fullmatch(line) for line in text.splitlines())
        last = {match[3]: Ending(match[3], match[2], date.fromisoformat(match[1])) for match in found if match}
        return list(last.values())


def withdraw(tickets: Tickets, endings: Endings, ticket: str, day: date) -> Optional[str]:
    """Withdraw a ticket as its reporter asked, for good: the one way in which the program does so.

    Return and raise as `Tickets.withdraw`. It is listed before it is done, so that no crash between the two lets a
    backup bring it back.
    """
    note_withdrawal(endings, ticket, day)
    return tickets.withdraw(ticket, day)


def note_withdrawal(endings: Endings, ticket: str, day: date) -> None:
    """List a withdrawal, also one that is held and carried out later."""
    try:
        endings.add([Ending(ticket, "revoked", day)])
    except OSError as error:
        # The person comes first; the daily look at the tombstones adds what is missing.
        _log.error("the list of endings cannot be written: %s", error.strerror)
