"""Whose receipt is stretched next, so that a flood of made-up codes locks nobody out.

Each lookup costs argon2id over 64 MiB, 0.15 s of one core: a flood cannot be worked off, only put in an order.
- A few threads stretch, so memory is bounded; what waits is bounded too, and holds a code and no more.
- Fewest tries first: each try of a session counts against it, whether it was looked up or not, and is forgotten
  again with time. Whoever tries once is before everybody who floods.
- Among equals the newest first: in an overload whoever came first waits longest, so first come, first served would
  let everybody wait too long. The oldest of those who tried most is sent away when the queue is full.
Nobody is ever shut out: whoever is sent away is told to try again in a moment.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from math import ceil
from threading import Lock
from typing import Optional

from bot.conversation.reporting.draft import Receipt

WORKERS = 2
MOST_WAITING = 48
"""As many as two workers look up in about four seconds."""
_FORGIVEN_SECONDS = 20.0
"""In how many seconds one try of a session is forgotten."""
_MANY_TRIES = 3
_MOST_TRIES = 30
"""More are not counted, so that all is forgotten after ten minutes."""
_MOST_REMEMBERED = 20_000


@dataclass(eq=False)
class _Waiting:
    session: str
    code: str = field(repr=False)
    tries: int
    number: int
    answer: "Future[Optional[Receipt]]" = field(default_factory=Future)

    @property
    def rank(self) -> tuple[int, int]:
        return self.tries, -self.number


class Lookups:
    """The queue before the slow hash.

    Args:
        find: looks a code up; called in a thread of the queue's own.
        clock: seconds that only go forward.
    """

    def __init__(self, find: Callable[[str], Optional[Receipt]], clock: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._clock = clock
        self._lock = Lock()
        self._waiting: list[_Waiting] = []
        self._number = 0
        self._tries: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._threads = ThreadPoolExecutor(WORKERS, "receipts")

    def ask(self, session: str, code: str) -> "Future[Optional[Receipt]]":
        """Look a code up, in its turn; None means: not now.

        Args:
            session: who asks; only told apart, never kept for longer than its tries are remembered.
            code: a code that is well-formed: what costs nothing to refuse is refused before.
        """
        with self._lock:
            self._number += 1
            asked = _Waiting(session, code, ceil(self._tried(session)), self._number)
            self._note_try(session)
            self._waiting.append(asked)
            sent_away = self._one_too_many()
        if sent_away is None:
            self._threads.submit(self._serve)
        elif sent_away.answer.set_running_or_notify_cancel():
            # Who stays takes its thread.
            sent_away.answer.set_result(None)
        return asked.answer

    def refuses(self, session: str) -> bool:
        """Say whether a session that tried much need not even ask, because many wait; that counts as a try."""
        with self._lock:
            refused = len(self._waiting) >= MOST_WAITING and self._tried(session) >= _MANY_TRIES
            if refused:
                self._note_try(session)
        return refused

    def _one_too_many(self) -> Optional[_Waiting]:
        """Take out who tried most, the new one included: of those the oldest."""
        if len(self._waiting) <= MOST_WAITING:
            return None
        worst = max(self._waiting, key=lambda waiting: waiting.rank)
        self._waiting.remove(worst)
        return worst

    def _serve(self) -> None:
        with self._lock:
            best = min(self._waiting, key=lambda waiting: waiting.rank)
            self._waiting.remove(best)
        if not best.answer.set_running_or_notify_cancel():
            return
        try:
            found = self._find(best.code)
        except Exception as error:  # noqa: BLE001
            # Whatever it is, it belongs to who asked, and this thread goes on.
            best.answer.set_exception(error)
            return
        if found is not None and found.ticket is not None:
            with self._lock:
                self._tries.pop(best.session, None)
        best.answer.set_result(found)

    def _tried(self, session: str) -> float:
        """Return how many tries of a session are not forgotten yet."""
        tries, at = self._tries.get(session, (0.0, 0.0))
        return max(0.0, tries - (self._clock() - at) / _FORGIVEN_SECONDS)

    def _note_try(self, session: str) -> None:
        tries = min(self._tried(session) + 1, _MOST_TRIES)
        self._tries[session] = tries, self._clock()
        self._tries.move_to_end(session)
        while len(self._tries) > _MOST_REMEMBERED:
            self._tries.popitem(last=False)
