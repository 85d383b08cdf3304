"""Deleting messages of one chat, a hundred at a time, as far as Telegram allows."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

_log = logging.getLogger("oberih.telegram.erasing")
AT_ONCE = 100
"""Most ids in one call (Bot API, deleteMessages)."""
_TRIES = 3
_PAUSE_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


async def delete(bot: Bot, chat: int, messages: Sequence[int]) -> set[int]:
    """Delete messages of a chat; return those that are gone, the ones that were not there included."""
    gone: set[int] = set()
    for first in range(0, len(messages), AT_ONCE):
        gone |= await _delete(bot, chat, messages[first : first + AT_ONCE])
    return gone


async def _delete(bot: Bot, chat: int, messages: Sequence[int]) -> set[int]:
    """Delete up to a hundred. One that cannot be deleted fails the whole call, so it is looked for by halving."""
    try:
        deleted = await _insist(bot, chat, messages)
    except Forbidden:
        # The person has blocked the bot: nothing there can be touched any more.
        return set()
    except BadRequest:
        if len(messages) == 1:
            return set()
        half = len(messages) // 2
        return await _delete(bot, chat, messages[:half]) | await _delete(bot, chat, messages[half:])
    return set(messages) if deleted else set()


async def _insist(bot: Bot, chat: int, messages: Sequence[int]) -> bool:
    """Call, and call again where Telegram asks for patience or is not reached: deleting twice does no harm."""
    for _ in range(_TRIES):
        try:
            return await bot.delete_messages(chat, messages)
        except BadRequest:
            raise
        except RetryAfter as error:
            wait = error.retry_after
            seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
            if seconds > _LONGEST_WAIT_SECONDS:
                break
            await asyncio.sleep(seconds)
        except NetworkError:
            await asyncio.sleep(_PAUSE_SECONDS)
    _log.warning("deleting: given up, %d messages", len(messages))
    return False
