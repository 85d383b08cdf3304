"""`getUpdates` (source: Client.cpp of the open server, `process_get_updates_query`, `do_get_updates`)."""

import asyncio
import time
from typing import Any

from evaluation.botapi.errors import ApiError, conflict
from evaluation.botapi.params import Params
from evaluation.botapi.updates import Updates

LONGEST = 50
OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Polling:
    """Long polls, one at a time: a second one ends the first with 409.

    `conflict_pause`: after a conflict, further ones within so many seconds are answered so much later (the open
    server: 3). What the open server does to a poll that repeats its offset within three seconds (it waits, or gives
    one update only) is left out: it would only make tests slow.
    """

    def __init__(self, updates: Updates, conflict_pause: float = 3.0) -> None:
        self._updates = updates
        self._conflict_pause = conflict_pause
        self._next_conflict = 0.0
        self._waiting: asyncio.Future[None] | None = None

    async def get_updates(self, params: Params, hooked: bool) -> list[dict[str, Any]]:
        """Raises:
        ApiError: 409, a webhook is set, or another poll or setWebhook came while this one waited.
        """
        if hooked:
            raise await self._conflict(HOOKED)
        offset, limit = params.integer("offset"), params.integer("limit", 100, 1, 100)
        seconds = params.integer("timeout", 0, 0, LONGEST)
        self._updates.allow(params.structure("allowed_updates"))
        batch = self._updates.take(offset, limit)
        if not batch and seconds:
            self.end(OTHER)
            await self._wait(seconds)
            batch = self._updates.take(offset if offset > 0 else 0, limit)
        return [self._updates.hand_out(update) for update in batch]

    def end(self, reason: str) -> None:
        """End the poll that waits, if there is one, with 409."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(conflict(reason))

    @property
    def waits(self) -> bool:
        """A poll is open at this moment."""
        return self._waiting is not None

    async def _wait(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        self._updates.arrived.clear()
        arrival: asyncio.Future[Any] = asyncio.ensure_future(self._updates.arrived.wait())
        try:
            await asyncio.wait([waiting, arrival], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
            if self._waiting is waiting:
                self._waiting = None
        if waiting.done():
            error = waiting.exception()
            raise await self._conflict(error) if isinstance(error, ApiError) else AssertionError(error)
        waiting.cancel()

    async def _conflict(self, reason: "str | ApiError") -> ApiError:
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(self._conflict_pause)
        else:
            self._next_conflict = now + self._conflict_pause
        return reason if isinstance(reason, ApiError) else conflict(reason)
