"""A receipt is shown for a minute: whoever takes up the phone later must not find it."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

SHOWN_SECONDS = 60.0
Delete = Callable[[int, int], Awaitable[object]]


def seconds_left(shown_at: float, now: float, *, written_down: bool, seconds: float = SHOWN_SECONDS) -> float:
    """Return how much longer a receipt is shown: `seconds` in all, and not at all once it was written down."""
    return 0.0 if written_down else max(0.0, seconds - (now - shown_at))


@dataclass(eq=False)
class _Shown:
    chat: int
    message: int
    at: float
    written_down: asyncio.Event = field(default_factory=asyncio.Event)


class ShownReceipts:
    """The messages with a receipt that are in some chat now; each goes by itself.

    Args:
        delete: deletes a message of a chat, such as `Erasable.erase_only`; it must not raise.
        seconds: how long a receipt is shown.
    """

    def __init__(self, delete: Delete, seconds: float = SHOWN_SECONDS) -> None:
        self._delete = delete
        self._seconds = seconds
        self._shown: dict[asyncio.Task[None], _Shown] = {}

    def __len__(self) -> int:
        return len(self._shown)

    def show(self, chat: int, message: int) -> None:
        """A receipt stands in this message now."""
        shown = _Shown(chat, message, time.monotonic())
        task = asyncio.create_task(self._wait(shown))
        self._shown[task] = shown
        task.add_done_callback(lambda done: self._shown.pop(done, None))

    def written_down(self, chat: int) -> None:
        """The person pressed "I wrote it down": every receipt in this chat goes now."""
        for shown in self._shown.values():
            if shown.chat == chat:
                shown.written_down.set()

    async def close(self) -> None:
        """Delete all that is still shown: when the process ends, nobody else will."""
        tasks = list(self._shown)
        for shown in self._shown.values():
            shown.written_down.set()
        await asyncio.gather(*tasks)

    async def _wait(self, shown: _Shown) -> None:
        left = seconds_left(shown.at, time.monotonic(), written_down=False, seconds=self._seconds)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(shown.written_down.wait(), left)
        await self._delete(shown.chat, shown.message)
