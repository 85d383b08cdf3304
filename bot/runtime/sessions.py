"""Live conversations, in memory only.

A session holds slots, never events (Rasa's own stores keep every word and never forget), the last
replies, the last message ids, and which texts it put into the vector cache. `forget` clears all of it at
once, at exit and by a monotonic clock.
"""

import asyncio
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

WEB, TELEGRAM = "oberih", "telegram"
"""Channels, as responses of the domain name them."""
KEPT_REPLIES = 50
KEPT_MESSAGE_IDS = 200
KEPT_BUTTONS = 1000
"""More than the buttons of any two messages, so that the newest always work."""
MAX_SESSIONS = 20_000
_OURS = ("flow", "asked", "answers", "suspended", "draft", "language", "places", "owner", "language_from")

Reply = dict[str, Any]


def _keyed(row: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return a line of a preview with the key of the button that takes it out, or puts it in."""
    return {**row, **{name: keys[row[name]] for name in ("remove", "add") if name in row}}


@dataclass(eq=False)
class Session:
    """One conversation; `owner` says who answers: the bot, a queue, or a person. `channel`: where it is held."""

    id: str
    csrf: str
    language: str
    touched: float
    slots: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    replies: "deque[Reply]" = field(default_factory=lambda: deque(maxlen=KEPT_REPLIES))
    answered: "OrderedDict[str, list[Reply]]" = field(default_factory=OrderedDict)
    buttons: "OrderedDict[str, str]" = field(default_factory=OrderedDict)
    under_way: "dict[str, asyncio.Future[list[Reply]]]" = field(default_factory=dict)
    texts: "deque[str]" = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGE_IDS))
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    owner: str = "bot"
    ended: bool = False
    preview_keys: set[str] = field(default_factory=set)
    channel: str = WEB

    @property
    def state(self) -> dict[str, Any]:
        """What the page may know of the session's state."""
        return {"owner": self.owner, "ended": self.ended, "language": self.slots.get("language", self.language)}

    def say(self, message: Reply) -> Reply:
        """Number a reply, keep it for reconnecting pages, and return it as it goes out."""
        self.seq += 1
        reply = {"seq": self.seq, **message}
        buttons = message.get("buttons", ())
        keys = {button["payload"]: self.issue(button["payload"]) for button in buttons}
        reply["buttons"] = [{**button, "payload": keys[button["payload"]]} for button in buttons]
        if "preview" in message:
            reply["preview"] = [_keyed(row, keys) for row in message["preview"]]
            self.supersede(set(keys.values()))
        self.replies.append(reply)
        self.news.set()
        return reply

    def supersede(self, keys: set[str]) -> None:
        """Take the buttons of an older preview out of use: a yes to it would send what the newer one shows."""
        for key in self.preview_keys:
            self.buttons.pop(key, None)
        self.preview_keys = keys

    def issue(self, payload: str) -> str:
        """Return an opaque key for a payload; only keys issued here act as buttons."""
        key = secrets.token_urlsafe(9)
        self.buttons[key] = payload
        while len(self.buttons) > KEPT_BUTTONS:
            self.buttons.popitem(last=False)
        return key

    def note_answered(self, message: str, replies: list[Reply]) -> None:
        """Remember the replies to a message id, so that sending it again does nothing."""
        self.answered[message] = replies
        while len(self.answered) > KEPT_MESSAGE_IDS:
            self.answered.popitem(last=False)


class Sessions:
    """All sessions of a process.

    Args:
        idle_seconds: how long a silent session is kept.
        on_forget: called with the texts of a session that is forgotten.
    """

    def __init__(
        self,
        idle_seconds: float,
        on_forget: Callable[[Iterable[str]], None] = lambda texts: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._idle_seconds = idle_seconds
        self._on_forget = on_forget
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def create(self, language: str, channel: str = WEB) -> Session:
        """Start a session; above the limit the one silent longest is forgotten."""
        while len(self._sessions) >= MAX_SESSIONS:
            self.forget(next(iter(self._sessions)))
        session = Session(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), language, self._clock(), channel=channel
        )
        session.slots = {"language": language}
        self._sessions[session.id] = session
        return session

    def get(self, identifier: str) -> Optional[Session]:
        """Return a live session and restart its idle time, or None."""
        session = self._sessions.get(identifier)
        if session is None:
            return None
        if self._clock() - session.touched > self._idle_seconds:
            self.forget(identifier)
            return None
        session.touched = self._clock()
        self._sessions.move_to_end(identifier)
        return session

    def forget(self, identifier: str) -> None:
        """Clear everything of a session; the one place where sessions end."""
        session = self._sessions.pop(identifier, None)
        if session is None:
            return
        self._on_forget(tuple(session.texts))
        session.ended = True
        for held in (session.slots, session.replies, session.answered, session.buttons, session.texts):
            held.clear()
        session.news.set()

    def clear(self, session: Session) -> None:
        """Forget what was said in a session that goes on."""
        self._on_forget(tuple(session.texts))
        # What a preview's buttons stand for names the contacts on its lines.
        session.supersede(set())
        for held in (session.replies, session.answered, session.texts):
            held.clear()

    def forget_idle(self) -> int:
        """Forget sessions past their idle time; return how many."""
        now = self._clock()
        old = [s.id for s in self._sessions.values() if now - s.touched > self._idle_seconds]
        for identifier in old:
            self.forget(identifier)
        return len(old)

    def find(self, identifier: str) -> Optional[Session]:
        """Return a session without restarting its idle time."""
        return self._sessions.get(identifier)


class SlotsOnlyStore(TrackerStore):
    """A Rasa tracker store over `Sessions`: it writes down slots and reads back a short tracker."""

    def __init__(self, sessions: Sessions, domain: Optional[Domain] = None) -> None:
        super().__init__(domain)
        self._sessions = sessions

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep our slots; events, and with them every word said, are dropped."""
        session = self._sessions.find(tracker.sender_id)
        if session is not None:
            values = tracker.current_slot_values()
            session.slots = {name: values[name] for name in _OURS if values.get(name) is not None}

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """Return a tracker that stands where the session stands."""
        session = self._sessions.find(sender_id)
        slots = session.slots if session is not None else {}
        events = [
            ActionExecuted(ACTION_SESSION_START_NAME),
            *(SlotSet(name, value) for name, value in slots.items()),
            ActionExecuted(ACTION_LISTEN_NAME),
        ]
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def keys(self) -> Iterable[str]:  # type: ignore[override]
        """Rasa asks for this when it lists conversations; nothing here does."""
        return ()
