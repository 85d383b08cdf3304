"""How many messages the service takes (source: "My bot is hitting limits" of the Bots FAQ: about one a second in a
chat with short bursts, 20 a minute in a group, about 30 a second overall). All are off until a test sets them; how
Telegram measures is not public, so each is a bucket that fills evenly."""

import math
import time
from dataclasses import dataclass, field

from evaluation.botapi.accounts import Chat
from evaluation.botapi.errors import too_many_requests


@dataclass
class Bucket:
    """`burst` messages at once, then `rate` a second."""

    rate: float
    burst: float
    level: float = 0.0
    at: float = field(default_factory=time.monotonic)

    def wait(self) -> float:
        """Seconds until the next message fits, 0 if it fits now."""
        now = time.monotonic()
        self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (self.level + 1 - self.burst) / self.rate)


@dataclass
class Limits:
    """Messages a second in one chat and over all, messages a minute in one group; None is no limit."""

    per_chat: float | None = None
    chat_burst: float = 3
    overall: float | None = None
    per_group_minute: float | None = None
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def take(self, chat: Chat) -> None:
        """Count a message.

        Raises:
            ApiError: 429 with the whole seconds to wait.
        """
        buckets = []
        if self.per_chat:
            buckets.append(self._buckets.setdefault(f"chat {chat.id}", Bucket(self.per_chat, self.chat_burst)))
        if self.overall:
            buckets.append(self._buckets.setdefault("overall", Bucket(self.overall, self.overall)))
        if self.per_group_minute and chat.kind in ("group", "supergroup"):
            rate = self.per_group_minute / 60
            buckets.append(self._buckets.setdefault(f"group {chat.id}", Bucket(rate, self.per_group_minute)))
        wait = max((bucket.wait() for bucket in buckets), default=0.0)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.level += 1
