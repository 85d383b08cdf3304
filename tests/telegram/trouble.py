"""Trouble on the way between Telegram and a bot while people talk: limits, broken connections, time-outs, updates that
come twice or late."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence

from evaluation.botapi import FakeTelegram, Person

KINDS = ("limit", "twice", "gateway", "late", "press", "buttons")
_PAUSE_SECONDS = 0.2
_LATE_SECONDS = 0.4
_HANGS_SECONDS = 22.0
"""Longer than the channel waits for an answer."""


class Trouble:
    """Makes trouble for these people in turn, until it is cancelled.

    Attributes:
        unsure: for each chat, how many messages arrived without the channel being told: those it must send once more.
        made: how often each kind of trouble was made.
    """

    def __init__(self, server: FakeTelegram, people: Sequence[Person]) -> None:
        self._server = server
        self._people = people
        self.unsure: Counter[int] = Counter()
        self.made: Counter[str] = Counter()

    def cuts_connections(self) -> None:
        """Cut connections once for most people: for three after the message arrived, for four before.

        Never twice for one person: who is not reached twice on end is given up, because the message may have arrived.
        """
        for person in self._people[:3]:
            self._server.faults.lose_answer("sendMessage", chat_id=person.user.id)
            self.unsure[person.user.id] += 1
        for person in self._people[3:7]:
            self._server.faults.drop("sendMessage", chat_id=person.user.id)
        self.made["cut"] += 7

    def times_out(self, person: Person) -> None:
        """Answer their next message so late that the channel no longer waits; it has arrived all the same."""
        self._server.faults.hang("sendMessage", _HANGS_SECONDS, chat_id=person.user.id)
        self.unsure[person.user.id] += 1
        self.made["time-out"] += 1

    async def goes_on(self) -> None:
        """Make trouble of every other kind, again and again."""
        # Polls seldom, because after each failure in a row the channel waits longer.
        kinds = itertools.cycle((*KINDS * 5, "poll"))
        for person, kind in zip(itertools.cycle(self._people), kinds):
            await self._make(kind, person.user.id)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _make(self, kind: str, chat: int) -> None:
        faults = self._server.faults
        if kind == "twice":
            self._comes_twice(chat)
        elif kind == "late":
            await self._comes_late(chat)
        elif kind == "poll" and not faults.waits("getUpdates"):
            faults.lose_answer("getUpdates")
        elif kind == "press" and not faults.waits("answerCallbackQuery"):
            faults.lose_answer("answerCallbackQuery")
        elif kind == "buttons" and not faults.waits("editMessageReplyMarkup", chat):
            faults.drop("editMessageReplyMarkup", chat_id=chat)
        elif kind == "limit" and not faults.waits("sendMessage", chat):
            faults.too_many("sendMessage", 1, chat_id=chat)
        elif kind == "gateway" and not faults.waits("sendMessage", chat):
            faults.garbage("sendMessage", chat_id=chat)
        else:
            return
        self.made[kind] += 1

    def _comes_twice(self, chat: int) -> None:
        """Deliver the last update of a chat again. Only the last: Telegram repeats no update before a confirmed one."""
        delivered = [update.id for update in self._server.updates.delivered if update.chat_id == chat]
        if delivered:
            self._server.updates.repeat(delivered[-1])

    async def _comes_late(self, chat: int) -> None:
        """Hold what a chat sends back, so that it arrives after what others write meanwhile."""
        self._server.updates.hold(chat)
        await asyncio.sleep(_LATE_SECONDS)
        self._server.updates.release(chat)
