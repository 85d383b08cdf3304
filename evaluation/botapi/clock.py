"""The clock of the service: real time, which a test can move on."""

import time


class Clock:
    """Seconds since 1970 as Telegram's servers see them."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, *, hours: float = 0.0, minutes: float = 0.0, seconds: float = 0.0) -> None:
        """Let time pass for the service at once; nothing that waits in real time (polls, retries) wakes up."""
        self._ahead += hours * 3600 + minutes * 60 + seconds
