"""A Bot API server for tests: Telegram's own cannot run here.

It talks HTTP, so a bot library reaches it unchanged, and it has people who write, press and read. What it does follows
the documentation (https://core.telegram.org/bots/api) and the open source of the real server
(https://github.com/tdlib/telegram-bot-api, https://github.com/tdlib/td); where neither says what Telegram's own servers
do, the docstrings say so.
"""

from evaluation.botapi.accounts import Chat, User
from evaluation.botapi.api import Call
from evaluation.botapi.messages import Button, Message
from evaluation.botapi.origins import Origin, from_channel, from_chat, from_hidden, from_user
from evaluation.botapi.person import Person
from evaluation.botapi.server import FakeTelegram
from evaluation.botapi.world import Press

__all__ = [
    "Button",
    "Call",
    "Chat",
    "FakeTelegram",
    "Message",
    "Origin",
    "Person",
    "Press",
    "User",
    "from_channel",
    "from_chat",
    "from_hidden",
    "from_user",
]
