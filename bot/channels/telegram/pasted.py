"""Parts of one pasted text: apps cut what is longer than a message, and send the parts one after another.

Telegram Desktop cuts at the best place in the second half of what a message holds (its function `CutPart`); other
apps do not say where. So whatever fills half a message may go on, and waits a moment for more.

Polling brings the parts together. A webhook brings the next one only when the one before is confirmed, which is when
it is answered: there, and where a part comes late, the parts before are answered first, and the whole once more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from bot.channels.telegram.chats import ChatRoom
from bot.channels.telegram.incoming import Heard
from bot.channels.telegram.splitting import LONGEST, units
from bot.channels.telegram.talk import MAX_TEXT

PAUSE_SECONDS = 0.7
"""How long a part waits for the next; parts that an app sends together arrive within less."""
_LEAST = LONGEST // 2
_TOGETHER_SECONDS = 2.0
"""Between parts, by Telegram's clock, which tells whole seconds."""
_KEPT_SECONDS = 3.0
"""How long answered parts are remembered for one that comes late."""
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "»", "”", '"', ")")

Answer = Callable[[Heard], Awaitable[None]]


def may_go_on(part: Heard) -> bool:
    """Say whether more of the same text may follow."""
    return units(part.text) >= _LEAST and not part.text.startswith("/")


def goes_on(before: Heard, after: Heard) -> bool:
    """Say whether a message may be the next part of the text before it."""
    return (
        may_go_on(before)
        and not after.text.startswith("/")
        and after.message > before.message
        and abs(after.written - before.written) <= _TOGETHER_SECONDS
        and (after.passed_on, after.contacts) == (before.passed_on, before.contacts)
    )


def joined(parts: Sequence[Heard]) -> Heard:
    """Return parts as one message, in the order of their ids; apps drop the space at a cut."""
    ordered = sorted(parts, key=lambda part: part.message)
    whole = ordered[0].text
    for part in ordered[1:]:
        whole += ("\n" if whole.rstrip().endswith(_SENTENCE_ENDS) else " ") + part.text
    return replace(ordered[0], text=whole)


class _Paste:
    """Parts that wait to be answered as one."""

    def __init__(self, first: Heard) -> None:
        self.parts = [first]
        self.news = asyncio.Event()
        self.closed = False
        self.answered = asyncio.Event()

    def takes(self, part: Heard) -> bool:
        return not self.closed and goes_on(self.parts[-1], part) and _length([*self.parts, part]) <= MAX_TEXT

    def add(self, part: Heard) -> None:
        self.parts.append(part)
        self.news.set()

    def close(self) -> None:
        self.closed = True
        self.news.set()


class Pastes:
    """Joins the parts of each chat. Nothing returns before what it was given is answered and so may be confirmed.

    Args:
        is_urgent: says whether words must be answered at once, whatever follows.
        pause: how long a part waits for the next, in seconds; 0 where the next cannot come before an answer.
    """

    def __init__(self, is_urgent: Callable[[str], Awaitable[bool]], pause: float = PAUSE_SECONDS) -> None:
        self._is_urgent = is_urgent
        self._pause = pause
        self._open: WeakKeyDictionary[ChatRoom, _Paste] = WeakKeyDictionary()
        self._before: WeakKeyDictionary[ChatRoom, list[Heard]] = WeakKeyDictionary()

    async def words(self, room: ChatRoom, heard: Heard, answer: Answer) -> None:
        """Answer words, together with the parts of the same text that come before or after them."""
        before = self._before.pop(room, [])
        while (paste := self._open.get(room)) is not None:
            if paste.takes(heard):
                paste.add(heard)
                await paste.answered.wait()
                return
            await self.settle(room)
        late = bool(before) and goes_on(before[-1], heard) and _length([*before, heard]) <= MAX_TEXT
        await self._begin(room, before if late else [], _Paste(heard), answer)

    async def settle(self, room: ChatRoom) -> None:
        """Let parts that wait be answered first; whatever is heard next is no part of theirs."""
        self._before.pop(room, None)
        paste = self._open.get(room)
        if paste is not None:
            paste.close()
            await paste.answered.wait()

    async def _begin(self, room: ChatRoom, before: list[Heard], paste: _Paste, answer: Answer) -> None:
        self._open[room] = paste
        try:
            try:
                await self._gather(paste)
            finally:
                # From here on the next text of this chat may gather, while this one is answered.
                del self._open[room]
            parts = [*before, *paste.parts]
            if may_go_on(parts[-1]) and not paste.closed:
                self._before[room] = parts
            await answer(joined(parts))
        finally:
            paste.answered.set()
            asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._forget, room, paste.parts[-1])

    async def _gather(self, paste: _Paste) -> None:
        """Wait for more while more may follow, unless what is there must be answered at once."""
        readings: list[asyncio.Future[bool]] = []
        try:
            while self._pause and may_go_on(paste.parts[-1]) and not paste.closed:
                paste.news.clear()
                readings.append(asyncio.ensure_future(self._is_urgent(paste.parts[-1].text)))
                if not await self._more(paste, readings):
                    return
        finally:
            for reading in readings:
                reading.cancel()

    async def _more(self, paste: _Paste, readings: Sequence["asyncio.Future[bool]"]) -> bool:
        """Return whether another part came before the pause was over and before anything urgent was found."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._pause
        arriving = asyncio.ensure_future(paste.news.wait())
        try:
            while not arriving.done() and clock() < end:
                waits: set[asyncio.Future[Any]] = {arriving, *(one for one in readings if not one.done())}
                await asyncio.wait(waits, timeout=end - clock(), return_when=asyncio.FIRST_COMPLETED)
                if any(reading.done() and reading.result() for reading in readings):
                    return False
            return arriving.done()
        finally:
            arriving.cancel()

    def _forget(self, room: ChatRoom, last: Heard) -> None:
        parts = self._before.get(room)
        if parts is not None and parts[-1] is last:
            del self._before[room]


def _length(parts: Sequence[Heard]) -> int:
    return sum(len(part.text) + 1 for part in parts)
