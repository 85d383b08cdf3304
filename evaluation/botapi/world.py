"""Everything the service knows: people, chats, messages, files, updates."""

import itertools
import random
from typing import Any

from evaluation.botapi.accounts import Chat, User
from evaluation.botapi.clock import Clock
from evaluation.botapi.files import Files
from evaluation.botapi.messages import Message
from evaluation.botapi.profile import Profile
from evaluation.botapi.updates import PRESS_SECONDS, Updates

ADMINISTRATOR_RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip
WRITTEN = ("text", "photo", "document", "voice", "video", "video_note", "audio", "sticker", "contact", "location",
           "poll", "dice")  # fmt: skip


class Press:
    """A pressed button: the callback query, and the answer once the bot has given one."""

    def __init__(self, number: str, user: User, chat: Chat, at: float) -> None:
        self.id, self.user, self.chat, self.at = number, user, chat, at
        self.answer: dict[str, Any] | None = None


class World:
    """The state of the service. `privacy_mode` is BotFather's setting: in groups, the bot gets only what is for it
    ("Privacy mode" of the Bot API). `press_seconds`: how long a press can be answered; Telegram does not document
    it, bots report 15 seconds (telegraf/telegraf#1839)."""

    def __init__(self, bot: User, token: str, privacy_mode: bool = True, press_seconds: float = 15.0) -> None:
        self.bot, self.token = bot, token
        self.privacy_mode, self.press_seconds = privacy_mode, press_seconds
        self.clock = Clock()
        self.updates = Updates(self.clock)
        self.files = Files()
        self.profile = Profile(bot.first_name)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self._user_ids = itertools.count(5_000_000_001)
        self._chat_ids = itertools.count(4_000_000_001)
        self._message_ids = itertools.count(1)
        self._own_message_ids: dict[int, itertools.count[int]] = {}

    def new_user(self, first_name: str, **details: Any) -> User:
        user = User(next(self._user_ids), first_name, **details)
        self.users[user.id] = user
        return user

    def new_chat(self, kind: Any, title: str = "", user: User | None = None, username: str = "") -> Chat:
        """A new chat; a private one has the id of its person, a supergroup or channel one that starts with -100."""
        number = next(self._chat_ids)
        chat_id = user.id if user else -number if kind == "group" else -1_000_000_000_000 - number
        chat = Chat(chat_id, kind, title, username, user, instance=str(random.getrandbits(62)))
        self.chats[chat.id] = chat
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels number their own messages; all other chats of the bot share one sequence."""
        if chat.kind in ("supergroup", "channel"):
            return next(self._own_message_ids.setdefault(chat.id, itertools.count(1)))
        return next(self._message_ids)

    def post(self, chat: Chat, sender: User | None, content: dict[str, Any], **details: Any) -> Message:
        """Put a message into a chat; nobody is told yet."""
        message = Message(self.next_message_id(chat), chat, sender, self.clock.now(), content, **details)
        message.versions.append(message.text)
        chat.messages[message.id] = message
        return message

    def tell_bot(self, message: Message, kind: str = "message") -> None:
        """Queue the update for a message that the bot is allowed to see."""
        if message.chat.bot_status in ("left", "kicked") or not self._meant_for_bot(message):
            message.for_bot = False
            return
        if message.sender is not None:
            message.sender.met = True
        if message.chat.kind == "channel":
            kind = "channel_post" if kind == "message" else "edited_channel_post"
        self.updates.add(kind, message.render(), f"message {message.chat.id}", message.chat.id)

    def change_bot_status(self, chat: Chat, by: User, status: str) -> None:
        """The bot's membership changes; it gets a `my_chat_member` update."""
        body = {
            "chat": chat.render(),
            "from": by.render(),
            "date": int(self.clock.now()),
            "old_chat_member": self.member(self.bot, chat.bot_status),
            "new_chat_member": self.member(self.bot, status),
        }
        chat.bot_status = status
        self.updates.add("my_chat_member", body, f"membership {chat.id}", chat.id)

    def press(self, user: User, chat: Chat, message_id: int, data: str) -> Press:
        """A person presses a button; the bot gets a `callback_query` update."""
        press = Press(str(random.getrandbits(62)), user, chat, self.clock.now())
        self.presses[press.id] = press
        message = chat.messages.get(message_id)
        shown = (
            message.render()
            if message is not None and message.for_bot
            else {"chat": chat.render(), "message_id": message_id, "date": 0}  # InaccessibleMessage
        )
        body = {
            "id": press.id,
            "from": user.render(),
            "message": shown,
            "chat_instance": chat.instance,
            "data": data,
        }
        self.updates.add("callback_query", body, f"press {user.id}", chat.id, PRESS_SECONDS)
        return press

    def member(self, user: User, status: str) -> dict[str, Any]:
        """A `ChatMember` object."""
        body: dict[str, Any] = {"user": user.render(), "status": status}
        if status == "kicked":
            body["until_date"] = 0
        if status == "administrator":
            body |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
        return body

    def _meant_for_bot(self, message: Message) -> bool:
        """Which messages of a group reach the bot ("What messages will my bot get?" of the Bots FAQ)."""
        if message.chat.kind not in ("group", "supergroup"):
            return True
        if not any(key in message.content for key in WRITTEN):
            return True
        if message.sender is not None and message.sender.is_bot:
            return False
        if not self.privacy_mode or message.chat.bot_status == "administrator":
            return True
        answers_bot = message.reply_to is not None and message.reply_to.sender is self.bot
        return answers_bot or message.via_bot is self.bot or self._is_command(message.text)

    def _is_command(self, text: str) -> bool:
        first = text.split(maxsplit=1)[0] if text.strip() else ""
        name = first.partition("@")[2].lower()
        return first.startswith("/") and name in ("", self.bot.username.lower())
