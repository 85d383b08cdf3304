"""Erasing both sides of a Telegram chat: what the person wrote and what the bot answered.

A bot can delete messages of a private chat, incoming ones too, for 48 hours after they were sent (Bot API,
deleteMessages), and only if it still knows their ids. So ids are noted for that long (`noted.py`), and whatever is
beyond erasing is counted, because people must be told before they rely on it.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Optional, TypeVar

from redis import Redis, RedisError
from telegram import Bot

from bot.channels.telegram.deleting import delete
from bot.channels.telegram.erasing_key import erasing_key
from bot.channels.telegram.noted import KEPT_SECONDS, NO_ID, MemoryNotes, Noted, Notes, RedisNotes
from bot.channels.telegram.watched import Watchlist
from bot.settings import Settings, SettingsError

_log = logging.getLogger("oberih.telegram.erasing")
_REDIS_SECONDS = 0.5
Found = TypeVar("Found")


@dataclass(frozen=True)
class Erased:
    """What became of a chat's messages.

    Attributes:
        done: deleted on both sides, or no longer there.
        failed: Telegram refused, or was not reached; the next time these are tried again.
        lost: sent more than 48 hours ago: nobody but the person can delete them.
        unsure: the bot's own that may have arrived, but nobody told it their ids.
        unknown_before: messages before this time (Unix time) are not known, because their ids were lost; None where
            everything of the last 48 hours is known.
    """

    done: int
    failed: int
    lost: int
    unsure: int
    unknown_before: Optional[float]

    @property
    def says(self) -> Optional[str]:
        """The response that tells what is still there, None where nothing is: it takes `count` (`failed` + `lost`)."""
        if self.failed or self.lost:
            return "utter_telegram_not_erased"
        if self.unsure:
            return "utter_telegram_perhaps_arrived"
        return "utter_telegram_perhaps_not_erased" if self.unknown_before is not None else None


def erasable(settings: Settings) -> "Erasable":
    """Return the memory of what can be erased: in Redis where there is one, else in this process.

    Raises:
        SettingsError: the address of Redis cannot be used.
    """
    if settings.redis_url is None:
        return Erasable(MemoryNotes(), Watchlist())
    try:
        redis = Redis.from_url(settings.redis_url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS)
    except ValueError:
        # Not chained: the message could quote a password.
        raise SettingsError("OBERIH_REDIS must be an address such as redis://127.0.0.1:6379/0.") from None
    key = erasing_key(settings.var)
    return Erasable(RedisNotes(redis, key), Watchlist(redis, key))


class Erasable:
    """Which messages of which chat can still be erased. Times are Unix time in seconds, as in a message's `date`.

    Args:
        notes: where ids are noted. While Redis does not answer, ids are noted in this process.
        watchlist: chats to be tidied once they fall silent.
    """

    def __init__(
        self, notes: Notes, watchlist: Optional[Watchlist] = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._notes = notes
        self.watchlist = watchlist or Watchlist()
        self._spare = MemoryNotes(started=0)
        self._clock = clock

    def note(self, chat: int, message_id: int, at: float) -> None:
        """Remember a message, the person's or the bot's; call it for each, before anything can go wrong."""
        noted = Noted(message_id, at)
        if not self._try(lambda: self._done(self._notes.add, chat, noted), False):
            self._spare.add(chat, noted)

    def note_unsure(self, chat: int) -> None:
        """Remember that a message of the bot may be there that it cannot delete."""
        self.note(chat, NO_ID, self._clock())

    def to_erase(self, chat: int, now: float) -> list[int]:
        """Return the ids of the messages that Telegram still lets a bot delete, oldest first."""
        return list(dict.fromkeys(noted.message for noted in self._young(chat, now) if noted.message != NO_ID))

    def too_old(self, chat: int, now: float) -> bool:
        """Return whether messages of this chat are known to be beyond erasing."""
        return self.lost(chat, now) > 0

    def lost(self, chat: int, now: float) -> int:
        """Return how many messages of this chat are beyond erasing."""
        count = self._try(lambda: self._notes.count(chat), 0) + self._spare.count(chat)
        return max(0, count - len(self._young(chat, now)))

    def unknown_before(self, now: float) -> Optional[float]:
        """Return the time before which messages are not known, if that is less than 48 hours ago."""
        since = self._try(self._notes.since, now)
        return since if now - since < KEPT_SECONDS else None

    def forget(self, chat: int) -> None:
        """Forget a chat: who blocks the bot takes every chance to delete away."""
        self.watchlist.drop(chat)
        self._keep(chat, (), 0)

    async def erase(self, bot: Bot, chat: int, keep: Collection[int] = ()) -> Erased:
        """Delete everything in a chat that can be deleted, but for the messages `keep`, and say what is left.

        Send the one harmless line, or the hotline card, first, note it, and pass its id in `keep`: an empty chat would
        show that something was there. It can be erased another time.
        """
        now = self._clock()
        lost, unknown = self.lost(chat, now), self.unknown_before(now)
        unsure = sum(noted.message == NO_ID for noted in self._young(chat, now))
        wanted = [message for message in self.to_erase(chat, now) if message not in keep]
        gone = await delete(bot, chat, wanted)
        self._strike(chat, gone, now)
        return Erased(len(gone), len(wanted) - len(gone), lost, unsure, unknown)

    async def erase_only(self, bot: Bot, chat: int, messages: Sequence[int]) -> bool:
        """Delete some messages of a chat, such as a receipt that was written down; return whether all are gone."""
        gone = await delete(bot, chat, messages)
        self._strike(chat, gone, self._clock())
        return gone.issuperset(messages)

    def _strike(self, chat: int, gone: set[int], now: float) -> None:
        """Take out what is gone. Nothing is awaited in here: what was noted meanwhile stays."""
        lost = self.lost(chat, now)
        young = self._young(chat, now)
        left = {noted.message: noted for noted in young if noted.message not in gone | {NO_ID}}
        self._keep(chat, [*(noted for noted in young if noted.message == NO_ID), *left.values()], lost)

    def _keep(self, chat: int, left: Iterable[Noted], lost: int) -> None:
        kept = list(left)
        if self._try(lambda: self._done(self._notes.replace, chat, kept, lost), False):
            self._spare.replace(chat, ())
        else:
            self._spare.replace(chat, kept, lost)

    def _young(self, chat: int, now: float) -> list[Noted]:
        """Return what can still be deleted; a message whose update came twice, after a crash, is in it twice."""
        kept: list[Noted] = self._try(lambda: self._notes.of(chat), [])
        young = [noted for noted in kept + self._spare.of(chat) if now - noted.at < KEPT_SECONDS]
        return sorted(young, key=lambda noted: (noted.at, noted.message))

    @staticmethod
    def _done(change: Callable[..., None], *arguments: object) -> bool:
        change(*arguments)
        return True

    @staticmethod
    def _try(ask: Callable[[], Found], without: Found) -> Found:
        try:
            return ask()
        except RedisError as error:
            _log.warning("redis: %s", type(error).__name__)
            return without
