"""Where a forwarded message comes from: the four kinds of `MessageOrigin`, without their date."""

from typing import Any

from evaluation.botapi.accounts import Chat, User

Origin = dict[str, Any]


def from_user(user: User) -> Origin:
    """Someone who lets forwards show their account (a bot too)."""
    return {"type": "user", "sender_user": user.render()}


def from_hidden(name: str) -> Origin:
    """Someone whose forwards show only a name."""
    return {"type": "hidden_user", "sender_user_name": name}


def from_chat(chat: Chat, signature: str = "") -> Origin:
    """A group in whose name an anonymous administrator wrote."""
    return {"type": "chat", "sender_chat": chat.render()} | ({"author_signature": signature} if signature else {})


def from_channel(chat: Chat, message_id: int = 1, signature: str = "") -> Origin:
    """A post of a channel."""
    body: Origin = {"type": "channel", "chat": chat.render(), "message_id": message_id}
    return body | ({"author_signature": signature} if signature else {})
