"""A person in front of the app: writes, presses, waits, sees the chat, blocks."""

import asyncio
import re
from collections.abc import Callable

from evaluation.botapi import groups
from evaluation.botapi.accounts import Chat, Sight, User
from evaluation.botapi.messages import Button, Message
from evaluation.botapi.world import Press, World
from evaluation.botapi.writing import Writer

Matching = str | re.Pattern[str] | Callable[[Message], bool]


class Person(Writer):
    """One person. What they heard they do not hear again: each `hears` goes on where the last one found something."""

    def __init__(self, world: World, user: User) -> None:
        super().__init__(world, user)
        self._heard: dict[int, int] = {}

    @property
    def chat(self) -> list[Message]:
        """What the person still sees in the private chat, oldest first."""
        return self.sees()

    def sees(self, where: Chat | None = None) -> list[Message]:
        """What the person still sees in a chat, oldest first."""
        chat = self.private if where is None else where
        return [message for message in chat.messages.values() if message.for_person]

    @property
    def texts(self) -> list[str]:
        """The texts and captions of what the bot wrote and the person still sees."""
        return [message.text for message in self.chat if message.outgoing]

    @property
    def buttons(self) -> list[Button]:
        """All buttons that can be pressed at this moment, oldest message first."""
        return [button for message in self.chat for button in message.buttons]

    @property
    def commands(self) -> list[dict[str, str]]:
        """The menu of commands in the private chat, in the person's language."""
        scopes = [f"chat {self.user.id}", "all_private_chats", "default"]
        return self.world.profile.seen_commands(scopes, self.user.language_code)

    def profile(self, kind: str) -> str:
        """The bot's "name", "description" or "short_description", in the person's language."""
        return self.world.profile.seen_text(kind, self.user.language_code)

    async def hears(self, matching: Matching = "", within: float = 5.0, *, where: Chat | None = None) -> Message:
        """Wait for the next message that the bot sends or edits, and that matches: contains this text, has this
        pattern, or satisfies this test. What comes before it is passed over.

        Raises:
            AssertionError: nothing matched within so many seconds.
        """
        chat = self.private if where is None else where
        start = self._heard.get(chat.id, 0)
        end = asyncio.get_running_loop().time() + within
        while True:
            for place in range(start, len(chat.sights)):
                sight = chat.sights[place]
                if sight.kind != "deleted" and _matches(matching, sight):
                    self._heard[chat.id] = place + 1
                    return sight.message
            chat.changed.clear()
            left = end - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(chat.changed.wait(), max(left, 0))
            except asyncio.TimeoutError:
                heard = [sight.text for sight in chat.sights[start:]]
                raise AssertionError(f"Nothing like {matching!r} within {within} s; heard {heard}.") from None

    async def hears_nothing(self, within: float = 0.3, *, where: Chat | None = None) -> None:
        """Wait, and make sure that the bot neither sends nor edits anything.

        Raises:
            AssertionError: it did.
        """
        chat = self.private if where is None else where
        await asyncio.sleep(within)
        heard = [sight.text for sight in chat.sights[self._heard.get(chat.id, 0) :] if sight.kind != "deleted"]
        assert not heard, f"The bot was to keep quiet, but said {heard}."

    def presses(self, button: str, message: Message | None = None, *, where: Chat | None = None) -> Press:
        """Press a button by its text or data, on this message or on the newest that has it.

        Raises:
            AssertionError: there is no such button to press.
        """
        among = [message] if message is not None else list(reversed(self.sees(where)))
        for candidate in among:
            for found in candidate.buttons:
                if candidate.for_person and found.data and button in (found.text, found.data):
                    return self.presses_data(candidate, found.data)
        shown = [found.text for candidate in among for found in candidate.buttons]
        raise AssertionError(f"There is no button {button!r}; there are {shown}.")

    def presses_data(self, message: Message, data: str) -> Press:
        """Press what may not be there any more (an old screen), or never was: an app that is not Telegram's own can
        send any data for any message."""
        return self.world.press(self.user, message.chat, message.id, data)

    async def answered(self, press: Press, within: float = 5.0) -> dict[str, object]:
        """Wait until the bot has answered a press; its text, `show_alert` and `url`.

        Raises:
            AssertionError: it has not.
        """
        end = asyncio.get_running_loop().time() + within
        while press.answer is None:
            press.chat.changed.clear()
            try:
                await asyncio.wait_for(press.chat.changed.wait(), max(0, end - asyncio.get_running_loop().time()))
            except asyncio.TimeoutError:
                raise AssertionError(f"The press was not answered within {within} s.") from None
        return press.answer

    def deletes(self, message: Message, *, for_everyone: bool = False) -> None:
        """Delete a message on one's own side, or on both; the bot is not told of either."""
        message.for_person = False
        if for_everyone:
            message.for_bot = False

    def clears_chat(self, *, for_everyone: bool = False) -> None:
        """Delete the history of the private chat."""
        for message in self.chat:
            self.deletes(message, for_everyone=for_everyone)

    def blocks(self) -> None:
        """Block the bot."""
        self.world.change_bot_status(self.private, self.user, "kicked")

    def unblocks(self, *, restart: bool = True) -> None:
        """Unblock the bot; the app's button for that also sends /start."""
        self.world.change_bot_status(self.private, self.user, "member")
        if restart:
            self.starts()

    def creates_group(self, title: str, *, supergroup: bool = False) -> Chat:
        """A new group without the bot."""
        return self.world.new_chat("supergroup" if supergroup else "group", title)

    def creates_channel(self, title: str, username: str = "") -> Chat:
        """A new channel without the bot."""
        return self.world.new_chat("channel", title, username=username)

    def adds_bot(self, chat: Chat, *, administrator: bool = False) -> None:
        groups.add_bot(self.world, chat, self.user, administrator)

    def removes_bot(self, chat: Chat) -> None:
        groups.remove_bot(self.world, chat, self.user)

    def upgrades(self, chat: Chat) -> Chat:
        """Make a supergroup of a group; the new chat."""
        return groups.upgrade(self.world, chat, self.user)


def _matches(matching: Matching, sight: Sight) -> bool:
    if isinstance(matching, str):
        return matching in sight.text
    if isinstance(matching, re.Pattern):
        return matching.search(sight.text) is not None
    return matching(sight.message)
