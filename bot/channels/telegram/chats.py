"""What the channel itself remembers of each chat, in memory: which session, which buttons work, which edits were read.

Chats are found by a keyed hash of their id. Its key is made when the process starts and lives nowhere else. The id
itself is needed where a chat is tidied by itself; it is in the room only, and never in a text form of it.
"""

import asyncio
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Optional

from bot.runtime.limits import Bucket

_BURST, _PER_SECOND = 30, 6.0
_KEPT_TEXTS = 50
_KEPT_KEYBOARDS = 20
MAX_CHATS = 50_000


@dataclass(eq=False)
class ChatRoom:
    """One private chat; whoever holds `turn` speaks, in the order of asking.

    Attributes:
        session: the id of its session, which may have ended since.
        keys: the buttons that work now.
        keyboards: ids of the messages that have them.
        words: for each message id a keyed digest of its text, so that an edit without new words is known as one.
        edited: ids of messages whose edit was answered.
        told_slow: the person was told to slow down, and not yet heard since.
        album: the pictures answered last.
        chat: the chat's id; like everything here it is in memory only, and goes with the room.
        private: this chat is about the writer, or a report was sent: it is tidied once it falls silent.
        said: the last message of the bot.
        card: the message with the numbers, where it stays already.
        left: the text that will be left of the chat.
    """

    chat: int = field(default=0, repr=False)
    session: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    keys: frozenset[str] = frozenset()
    keyboards: "deque[int]" = field(default_factory=lambda: deque(maxlen=_KEPT_KEYBOARDS))
    words: "OrderedDict[int, bytes]" = field(default_factory=OrderedDict)
    edited: "deque[int]" = field(default_factory=lambda: deque(maxlen=_KEPT_TEXTS))
    bucket: Bucket = field(default_factory=lambda: Bucket(_BURST, _PER_SECOND))
    told_slow: bool = False
    album: str = ""
    private: bool = False
    said: Optional[int] = None
    card: Optional[int] = None
    left: str = ""


class ChatRooms:
    """All private chats of a process; the one silent longest is dropped above `MAX_CHATS`."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._rooms: OrderedDict[bytes, ChatRoom] = OrderedDict()

    def of(self, chat: int) -> ChatRoom:
        """Return the room of a chat, a new one where there is none."""
        name = self._digest(str(chat))
        room = self._rooms.setdefault(name, ChatRoom(chat))
        self._rooms.move_to_end(name)
        while len(self._rooms) > MAX_CHATS:
            self._rooms.popitem(last=False)
        return room

    def find(self, chat: int) -> Optional[ChatRoom]:
        """Return the room of a chat, or None."""
        return self._rooms.get(self._digest(str(chat)))

    def drop(self, chat: int) -> None:
        """Forget a chat."""
        self._rooms.pop(self._digest(str(chat)), None)

    def without_session(self, lives: Callable[[str], bool]) -> list[ChatRoom]:
        """Return every chat whose session no longer lives, unless it is being answered."""
        return [room for room in self._rooms.values() if not lives(room.session) and not room.turn.locked()]

    def note_words(self, room: ChatRoom, message: int, text: str) -> bool:
        """Note the text of a message; return whether it has new words."""
        digest = self._digest(text)
        new = room.words.get(message) != digest
        room.words[message] = digest
        while len(room.words) > _KEPT_TEXTS:
            room.words.popitem(last=False)
        return new

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")
