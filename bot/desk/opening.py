"""Passphrases are tried a few at a time, and ever more slowly while somebody guesses; nobody is ever locked out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional, TypeVar

from bot.desk.doors import Doors, Entrance

T = TypeVar("T")
AT_ONCE = 2
"""Each passphrase takes 64 MiB while it is tried."""
WAITING = 60
"""How many may wait for that; whoever comes after them is asked to try again."""


class Busy(Exception):
    """Too many are logging in at once."""


class BackOff:
    """How long an answer waits, in seconds: nothing after a few wrong tries, then twice as long with each.

    It counts for everyone together, as whoever guesses would use many names; it is forgotten one try at a time.
    """

    FREE = 5
    LONGEST = 8.0
    FORGET_SECONDS = 20.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong = 0.0
        self._at = clock()

    def seconds(self) -> float:
        """Return how long the next answer waits."""
        self._forget()
        beyond = int(self._wrong) - self.FREE
        return min(self.LONGEST, 0.25 * 2.0 ** min(beyond, 10)) if beyond > 0 else 0.0

    def note_wrong(self) -> None:
        """Count a wrong try."""
        self._forget()
        self._wrong += 1

    def _forget(self) -> None:
        now = self._clock()
        self._wrong = max(0.0, self._wrong - (now - self._at) / self.FORGET_SECONDS)
        self._at = now


class Opening:
    """Opens desks by passphrase, off the event loop.

    Args:
        doors: the desks.
        back_off: how long answers wait.
        sleep: waits, in seconds.
        wall_clock: gives seconds since 1970.
    """

    def __init__(
        self,
        doors: Doors,
        back_off: BackOff,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._doors = doors
        self._back_off = back_off
        self._sleep = sleep
        self._wall_clock = wall_clock
        self._waiting = 0
        # Threads of their own, so that a crowd at the door delays nobody at work.
        self._threads = ThreadPoolExecutor(AT_ONCE, "opening")

    async def open(self, desk: str, name: str, passphrase: str, code: Optional[str]) -> Optional[Entrance]:
        """Open a desk; arguments and errors are those of `Doors.enter`.

        Raises:
            Busy: too many are waiting.
        """
        return await self.run(self._doors.enter, desk, name, passphrase, code, self._wall_clock())

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """Do something that tries a passphrase; what comes back empty or false was a wrong one.

        Raises:
            Busy: too many are waiting.
            Others: those of the work.
        """
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            await self._sleep(self._back_off.seconds())
            found = await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._waiting -= 1
        if not found:
            self._back_off.note_wrong()
        return found
