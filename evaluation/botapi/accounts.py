"""Users and chats, as the service keeps them and as the Bot API shows them."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from evaluation.botapi.messages import Message

Kind = Literal["private", "group", "supergroup", "channel"]


@dataclass
class User:
    """A person or a bot. `met` says that the bot under test has seen them, in any chat."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    met: bool = False

    def render(self) -> dict[str, Any]:
        """The `User` object."""
        body: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                body[name] = getattr(self, name)
        return body


@dataclass
class Sight:
    """Something a member of a chat saw happen: a message sent, edited or deleted, with its text at that time."""

    kind: Literal["sent", "edited", "deleted"]
    message: "Message"
    text: str


@dataclass
class Chat:
    """A chat with everything that was ever written in it.

    `bot_status` is the bot's ChatMember status: member, administrator, left, kicked. In a private chat "kicked"
    means that the person has blocked the bot, and "left" that nobody has started it yet.
    """

    id: int
    kind: Kind
    title: str = ""
    username: str = ""
    user: User | None = None
    bot_status: str = "left"
    migrated_to: int | None = None
    messages: "dict[int, Message]" = field(default_factory=dict)
    sights: list[Sight] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    instance: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def render(self) -> dict[str, Any]:
        """The `Chat` object. Fields that the documentation does not have are left out."""
        body: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.user is not None:
            shown = self.user.render()
            return body | {name: shown[name] for name in ("first_name", "last_name", "username") if name in shown}
        body["title"] = self.title
        return body | ({"username": self.username} if self.username else {})

    def saw(self, kind: Literal["sent", "edited", "deleted"], message: "Message") -> None:
        """Note what the bot did, and wake who waits for it."""
        self.sights.append(Sight(kind, message, message.text))
        self.changed.set()
