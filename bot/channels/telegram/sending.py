"""Calling the Bot API so that limits are respected and a call is made again only where that is right.

- 429: nothing was done. The call waits as long as it is told and is made again; calls for other chats go on.
- No connection, or an error page of a gateway: nothing was done. The call is made again, later and later.
- The connection broke, or no answer came in time: the message may have arrived. It is sent once more, because in
  this chat a person without an answer is worse off than one who reads it twice; the Bot API has no way to ask.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Optional, TypeVar

import httpx
from aiolimiter import AsyncLimiter
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import FloodLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.erasing import Erasable, Erased
from bot.channels.telegram.outgoing import Outgoing

_log = logging.getLogger("oberih.telegram")
_Result = TypeVar("_Result")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_PATIENCE_SECONDS = 600.0
"""How long one call is tried before it is given up."""
_UNCERTAIN_REPEATS = 1
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Gone(Exception):
    """The chat cannot be written to any more: the person has blocked the bot, or the chat is no more."""


class Unsent(Exception):
    """A call was given up; the message says why, in Telegram's or our own code, without anybody's words."""


class Sender:
    """Calls of one bot; safe to use from many tasks."""

    def __init__(self, bot: Bot, erasable: Erasable, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._erasable = erasable
        self._clock = clock
        self._overall = AsyncLimiter(FloodLimit.MESSAGES_PER_SECOND, 1)

    async def send(self, chat: int, message: Outgoing) -> int:
        """Send one message, silently and without previews of links; return its id.

        Raises:
            Gone: the chat is closed to the bot.
            Unsent: it was tried long enough.
        """

        async def call() -> int:
            async with self._overall:
                sent = await self._bot.send_message(
                    chat,
                    message.text,
                    disable_notification=True,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_markup=_markup(message),
                    protect_content=message.protected,
                )
            self._erasable.note(chat, sent.message_id, sent.date.timestamp())
            return sent.message_id

        return await self._insist(call, unsure=lambda: self._erasable.note_unsure(chat))

    async def erase(self, chat: int, keep: Collection[int]) -> Erased:
        """Delete what both sides wrote in a chat, as far as Telegram allows, but for some messages."""
        return await self._erasable.erase(self._bot, chat, keep)

    async def erase_one(self, chat: int, message: int) -> None:
        """Delete one message, such as a receipt that was written down."""
        await self._erasable.erase_only(self._bot, chat, [message])

    async def reword(self, chat: int, message: int, text: str) -> None:
        """Give a message of the bot another text and no buttons; one that is no longer there stays gone.

        Raises:
            Gone, Unsent: as for `send`.
        """

        async def call() -> None:
            try:
                await self._bot.edit_message_text(
                    text, chat, message, link_preview_options=LinkPreviewOptions(is_disabled=True)
                )
            except BadRequest as error:
                _log.info("not reworded: %s", type(error).__name__)

        await self._insist(call)

    async def retire(self, chat: int, message: int) -> None:
        """Take the buttons of a message away; where that cannot be, they stay and do nothing."""
        await self._try(lambda: self._bot.edit_message_reply_markup(chat, message, reply_markup=None))

    async def answer(self, query: str, text: str = "") -> None:
        """Answer a press, so that the app stops waiting; a press that is too old is past answering."""
        await self._try(lambda: self._bot.answer_callback_query(query, text or None))

    async def typing(self, chat: int) -> None:
        """Show that an answer is being written."""
        await self._try(lambda: self._bot.send_chat_action(chat, "typing"))

    async def leave(self, chat: int) -> None:
        """Leave a group or channel."""
        try:
            await self._insist(lambda: self._bot.leave_chat(chat))
        except Gone as error:
            moved = _moved_to(error)
            if moved is not None:
                await self._try(lambda: self._bot.leave_chat(moved))

    async def _try(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that nobody misses if it fails."""
        try:
            await call()
        except TelegramError as error:
            _log.info("call not made: %s", type(error).__name__)

    async def _insist(
        self, call: Callable[[], Awaitable[_Result]], unsure: Callable[[], None] = lambda: None
    ) -> _Result:
        """Make a call until it is done; `unsure` is told each time that nobody knows whether it was."""
        end, pause, repeats = self._clock() + _PATIENCE_SECONDS, _FIRST_PAUSE, 0
        while True:
            try:
                return await call()
            except RetryAfter as error:
                wait = _seconds(error)
            except (Forbidden, ChatMigrated) as error:
                raise Gone(type(error).__name__) from error
            except BadRequest as error:
                raise _refused(error) from error
            except NetworkError as error:
                uncertain = _may_have_arrived(error)
                if uncertain:
                    unsure()
                if uncertain and repeats >= _UNCERTAIN_REPEATS:
                    raise Unsent("no_answer") from error
                repeats += uncertain
                wait, pause = pause, min(pause * 2, _LONGEST_PAUSE)
            except TelegramError as error:
                raise Unsent(type(error).__name__) from error
            if self._clock() + wait > end:
                raise Unsent("too_long")
            await asyncio.sleep(wait)


def _markup(message: Outgoing) -> Optional[InlineKeyboardMarkup]:
    if not message.rows:
        return None
    rows = [[InlineKeyboardButton(title, callback_data=key) for title, key in row] for row in message.rows]
    return InlineKeyboardMarkup(rows)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def _refused(error: BadRequest) -> Exception:
    """A chat that is not found was deleted; every other refusal is a fault of ours."""
    return Gone("chat_not_found") if "chat not found" in error.message.lower() else Unsent("BadRequest")


def _moved_to(error: Gone) -> Optional[int]:
    return error.__cause__.new_chat_id if isinstance(error.__cause__, ChatMigrated) else None


def _may_have_arrived(error: NetworkError) -> bool:
    """Say whether a call may have been done although it failed: it was on its way when the connection broke."""
    cause = error.__cause__
    if isinstance(error, TimedOut):
        return not isinstance(cause, _NOT_SENT)
    return isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NOT_SENT)
