"""Long polling that loses nothing: an update is confirmed only after it was handled.

The Bot API confirms by a number before which all is done. While some chat is still being answered, polls go on
every `_HOLD_SECONDS` from the oldest open update, so that other chats are heard meanwhile; what comes again is known
by its number. Telegram hands out at most 100 open updates: should none of them be new, they are confirmed although one
is under way, since otherwise one chat could silence all others.
"""

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.incoming import UPDATES

_log = logging.getLogger("oberih.telegram")
_MOST = 100
_HOLD_SECONDS = 0.5
_CONFIRM_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0

Take = Callable[[Update], "asyncio.Task[None]"]


class Polling:
    """Asks for updates until it is cancelled.

    Args:
        bot: a bot without a webhook.
        take: starts handling an update and returns the task; for a number seen before, the same task.
        seconds: how long Telegram holds a poll open.
    """

    def __init__(self, bot: Bot, take: Take, seconds: int = 25) -> None:
        self._bot = bot
        self._take = take
        self._seconds = seconds
        self._offset = 0
        self._open: dict[int, asyncio.Task[None]] = {}
        self._last = -1
        self.trouble = ""

    async def run(self) -> None:
        """Poll; errors are waited out, a refused token ends it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._poll()
            except InvalidToken:
                self._tell("Telegram refuses the token. Put the right one into the token file and start again.")
                return
            except Conflict:
                self._tell("Another program polls with the same token, or it has a webhook. Stop that one.")
            except TelegramError as error:
                self._tell(f"Telegram cannot be reached ({type(error).__name__}). It is tried again.")
            else:
                self.trouble, pause = "", _FIRST_PAUSE
                await self._hold()
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def confirm(self) -> None:
        """Confirm what is handled, without taking anything new."""
        offset = self._next_offset()
        if offset:
            await self._bot.get_updates(
                offset=offset,
                limit=1,
                timeout=0,
                allowed_updates=UPDATES,
                read_timeout=_CONFIRM_SECONDS,
                connect_timeout=_CONFIRM_SECONDS,
            )

    async def _poll(self) -> None:
        """Take one batch."""
        self._offset = self._next_offset()
        seconds = 0 if self._open else self._seconds
        batch = await self._bot.get_updates(offset=self._offset, limit=_MOST, timeout=seconds, allowed_updates=UPDATES)
        new = [update for update in batch if update.update_id not in self._open]
        for update in new:
            self._open[update.update_id] = self._take(update)
            # Not the highest: after a quiet week Telegram begins its numbers anew.
            self._last = update.update_id
        if len(batch) == _MOST and not new:
            self._open.clear()

    async def _hold(self) -> None:
        """Wait until all is handled, but not long: other chats may have written meanwhile."""
        under_way = [task for task in self._open.values() if not task.done()]
        if under_way:
            await asyncio.wait(under_way, timeout=_HOLD_SECONDS)

    def _next_offset(self) -> int:
        """Return the number of the oldest update that is not handled; before it, all is."""
        under_way = [number for number, task in self._open.items() if not task.done()]
        oldest = min(under_way, default=self._last + 1)
        self._open = {number: task for number, task in self._open.items() if number >= oldest}
        return max(oldest, 0)

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.error("%s", trouble)
        self.trouble = trouble
