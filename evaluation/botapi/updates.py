"""The queue of updates for the bot, from which polling and the webhook take.

Sources: "Getting updates" of the Bot API and Client.cpp of the open server: an update lives 24 hours, a button press
150 seconds; updates are numbered one after another; `allowed_updates` decides when an update arises, not later; a
webhook keeps the order of messages within a chat, of presses by one person, and of changes of membership in a chat,
but not between these three.
"""

import asyncio
import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evaluation.botapi.clock import Clock

DAY = 86400
PRESS_SECONDS = 150
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Pending:
    """An update that the bot has not confirmed. `lane` names those it keeps its order with; `id` 0: held back."""

    id: int
    kind: str
    body: dict[str, Any]
    lane: str
    chat_id: int
    expires: float

    def render(self) -> dict[str, Any]:
        """The `Update` object."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """Unconfirmed updates, oldest first. `on_arrival` is called whenever one can be taken; `handed_out` tells when each
    was first given to the bot, by number."""

    def __init__(self, clock: Clock, first_id: int = 700_000_001) -> None:
        self._clock = clock
        self._ids = itertools.count(first_id)
        self._pending: list[Pending] = []
        self._again: list[Pending] = []
        self._seen: dict[int, Pending] = {}
        self._held: set[int] = set()
        self.handed_out: dict[int, float] = {}
        self.allowed: frozenset[str] | None = None
        self.on_arrival: list[Callable[[], None]] = []
        self.arrived = asyncio.Event()

    def add(self, kind: str, body: dict[str, Any], lane: str, chat_id: int, lifetime: float = DAY) -> None:
        """Queue an update, unless the bot has not asked for its kind."""
        allowed = kind in self.allowed if self.allowed is not None else kind not in NOT_BY_DEFAULT
        if not allowed:
            return
        held = chat_id in self._held
        number = 0 if held else next(self._ids)
        body = copy.deepcopy(body)
        self._pending.append(Pending(number, kind, body, lane, chat_id, self._clock.now() + lifetime))
        if not held:
            self._announce()

    def pending(self) -> list[Pending]:
        """Those that can be delivered now, without those that are too old."""
        now = self._clock.now()
        self._pending = [update for update in self._pending if update.expires > now]
        ready = [update for update in self._pending if update.id]
        for update in ready:
            self._seen[update.id] = update
        return sorted(ready, key=lambda update: update.id)

    def take(self, offset: int, limit: int) -> list[Pending]:
        """Confirm what lies before the offset (a negative one: all but the last so many), then take the next."""
        if offset < 0:
            keep = self.pending()[offset:]
            self._pending = [update for update in self._pending if not update.id or update in keep]
        elif offset:
            self._pending = [update for update in self._pending if not update.id or update.id >= offset]
        again, self._again = self._again, []
        return (again + self.pending())[:limit]

    def hand_out(self, update: Pending) -> dict[str, Any]:
        """The `Update` object, as it goes to the bot now."""
        self.handed_out.setdefault(update.id, self._clock.now())
        return update.render()

    def forget(self, update_id: int) -> None:
        """A webhook has taken it."""
        self._pending = [update for update in self._pending if update.id != update_id]

    def clear(self) -> None:
        """`drop_pending_updates`."""
        self._pending, self._again = [], []

    def allow(self, kinds: list[str] | None) -> None:
        """Set `allowed_updates`; an empty list is the default, None leaves it as it was."""
        if kinds is not None:
            self.allowed = frozenset(kind.lower() for kind in kinds) or None

    def hold(self, chat_id: int) -> None:
        """Updates of this chat are late: they get their number, and are handed out, when `release` is called."""
        self._held.add(chat_id)

    def release(self, chat_id: int) -> None:
        """Hand out what was held back, in its order, after all that other chats have sent meanwhile."""
        self._held.discard(chat_id)
        for update in self._pending:
            if update.chat_id == chat_id and not update.id:
                update.id = next(self._ids)
        self._announce()

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more that was delivered already, under its old number, confirmed or not.

        Raises:
            KeyError: no such update was delivered.
        """
        update = self._seen[update_id]
        if self.on_arrival:
            self.forget(update_id)
            self._pending.append(update)
        else:
            self._again.append(update)
        self._announce()

    @property
    def delivered(self) -> list[Pending]:
        """All that the bot was ever handed, by number."""
        return [self._seen[number] for number in sorted(self._seen)]

    def _announce(self) -> None:
        self.arrived.set()
        for call in list(self.on_arrival):
            call()
