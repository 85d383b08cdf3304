"""What a chat looks like afterwards: tidied at exit, at confirm, and by itself once it has fallen silent.

Whoever takes up the phone later must not read what was written. One harmless line stays, or the numbers to call,
because an empty chat would show that something was there. Nothing is sent for it unasked: a message that is there
already is reworded.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Optional

from bot.channels.telegram.chats import ChatRoom, ChatRooms
from bot.channels.telegram.outgoing import Outgoing, lines_text
from bot.channels.telegram.sending import Gone, Sender, Unsent
from bot.channels.telegram.watched import Watched, Watchlist
from bot.conversation.state import State
from bot.runtime.help_lines import help_lines
from bot.runtime.services import Services
from bot.runtime.sessions import Session, Sessions

LINE, NUMBERS = "line", "numbers"
"""What a response of the domain says that it leaves of a chat: itself, or the numbers to call."""
_NUMBERS = "utter_numbers"


class Tidying:
    """Tidies the chats of one bot."""

    def __init__(self, services: Services, sessions: Sessions, sender: Sender, watchlist: Watchlist) -> None:
        self._services = services
        self._sessions = sessions
        self._sender = sender
        self._watchlist = watchlist
        self._left: list[Watched] = []

    async def show_numbers(self, room: ChatRoom, session: Session) -> None:
        """Send the card that is to stay, if it is not there yet."""
        room.private = True
        if room.card is None:
            room.card = await self._sender.send(room.chat, Outgoing(self._card(_state(session))))

    def note(self, room: ChatRoom, session: Session) -> None:
        """Remember, after a turn, whether this chat is to be tidied once it is silent, and how."""
        state = _state(session)
        room.private = room.private or state.concerns_writer
        if room.private and room.said is not None:
            room.left = self._card(state)
            due = time.time() + self._services.settings.idle_minutes * 60
            self._watchlist.put(Watched(room.chat, room.card or room.said, room.left, due))

    async def leave_only(self, room: ChatRoom, keep: Collection[int]) -> Optional[tuple[str, int]]:
        """Delete what both sides wrote, but for `keep` and the card; return what to say of the rest, and its count."""
        erased = await self._sender.erase(room.chat, {*keep, *([] if room.card is None else [room.card])})
        return (erased.says, erased.failed + erased.lost) if erased.says else None

    def closed(self, room: ChatRoom) -> None:
        """A chat was left, or forgotten: nothing in it is private any more."""
        room.private, room.card = False, None
        self._watchlist.drop(room.chat)

    def resume(self) -> None:
        """Take over the chats that an earlier process has left."""
        self._left = self._watchlist.all()

    async def silent(self, rooms: ChatRooms, now: Callable[[], float] = time.time) -> None:
        """Tidy the private chats whose session has ended, and forget all that have none."""
        self._carry_over(rooms, now())
        await asyncio.gather(*(self._end(rooms, room) for room in rooms.without_session(self._lives)))

    def _carry_over(self, rooms: ChatRooms, now: float) -> None:
        """Chats of an earlier process: whoever writes again is as private as before; the others get a room to end."""
        waiting = []
        for watched in self._left:
            room = rooms.find(watched.chat)
            if room is not None:
                room.private = True
            elif now < watched.due:
                waiting.append(watched)
            else:
                room = rooms.of(watched.chat)
                room.private, room.said, room.left = True, watched.keep, watched.text
        self._left = waiting

    def _lives(self, session: str) -> bool:
        return self._sessions.find(session) is not None

    async def _end(self, rooms: ChatRooms, room: ChatRoom) -> None:
        async with room.turn:
            if self._lives(room.session):
                return  # they have written meanwhile
            if room.private and room.said is not None:
                try:
                    keep = room.card or room.said
                    await self._sender.reword(room.chat, keep, room.left)
                    await self.leave_only(room, [keep])
                except Unsent:
                    return  # Telegram is away: it is tried again the next time
                except Gone:
                    pass  # nothing there can be touched any more
                self.closed(room)
            rooms.drop(room.chat)

    def _card(self, state: State) -> str:
        found = help_lines(self._services, state, _NUMBERS)
        return f"{found.note}\n{lines_text(found.cards)}"


def _state(session: Session) -> State:
    return State.from_slots({"language": session.language, **session.slots})
