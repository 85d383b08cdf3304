"""Who is behind what a person passes on: the origin of a forwarded message, a contact card.

Whatever is, or may be, the sender is dropped here, so that it reaches nothing else: the same account, or, where
Telegram shows no account, the same name.
"""

from typing import Optional

from telegram import (
    Chat,
    Contact,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from bot.reports import contact as known

PLATFORM = "telegram"
_SUPERGROUP = "-100"
"""What stands before the number of a supergroup or channel in its id; links to posts have the number alone."""


def origin_of(message: Message) -> tuple[known.Contact, ...]:
    """Return who wrote a forwarded message, or nobody: it is not forwarded, or it may be the sender's own."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        return () if _is_sender(message.from_user, origin.sender_user) else _user(origin.sender_user)
    if isinstance(origin, MessageOriginHiddenUser):
        name = _line(origin.sender_user_name)
        return () if _has_name(message.from_user, name) else _named(known.Source.ORIGIN, name)
    if isinstance(origin, MessageOriginChannel):
        return _chat(origin.chat, origin.message_id)
    return _chat(origin.sender_chat) if isinstance(origin, MessageOriginChat) else ()


def card_of(message: Message) -> tuple[known.Contact, ...]:
    """Return what a contact card says: phone and name; nothing where it may be the sender's own."""
    card = message.contact
    if card is None or is_own_card(message):
        return ()
    account = str(card.user_id) if card.user_id is not None else None
    platform = PLATFORM if account is not None else None
    phone = _dialled(card)
    number = (known.Contact(known.Source.CARD, "phone", phone, platform, account),) if phone else ()
    return (*number, *_named(known.Source.CARD, _card_name(card), account))


def is_own_card(message: Message) -> bool:
    """Say whether a card is, or may be, that of the person who sends it."""
    card, sender = message.contact, message.from_user
    if card is None or sender is None:
        return False
    return card.user_id == sender.id if card.user_id is not None else _has_name(sender, _card_name(card))


def _user(user: User) -> tuple[known.Contact, ...]:
    """Return an account by its public name and the name it shows; the number of the account is with the first."""
    if not user.username:
        return _named(known.Source.ORIGIN, _line(user.full_name), str(user.id))
    handle = known.Contact(known.Source.ORIGIN, "handle", f"@{user.username}", PLATFORM, str(user.id))
    return (handle, *_named(known.Source.ORIGIN, _line(user.full_name)))


def _named(source: known.Source, name: str, account: Optional[str] = None) -> tuple[known.Contact, ...]:
    return (known.Contact(source, "person", name, PLATFORM, account),) if name else ()


def _chat(chat: Chat, post: Optional[int] = None) -> tuple[known.Contact, ...]:
    """Return a group or channel, with the link to the post where there is one."""
    number = str(chat.id)
    place = chat.username or (f"c/{number.removeprefix(_SUPERGROUP)}" if number.startswith(_SUPERGROUP) else "")
    url = f"https://t.me/{place}/{post}" if place and post is not None else None
    kind, value = ("handle", f"@{chat.username}") if chat.username else ("chat", _line(chat.title or ""))
    return (known.Contact(known.Source.ORIGIN, kind, value, PLATFORM, number, url),) if value else ()


def _is_sender(sender: Optional[User], user: User) -> bool:
    if sender is None:
        return False
    same_name = bool(user.username) and (user.username or "").casefold() == (sender.username or "").casefold()
    return user.id == sender.id or same_name


def _has_name(sender: Optional[User], name: str) -> bool:
    return sender is not None and name.casefold() == _line(sender.full_name).casefold()


def _card_name(card: Contact) -> str:
    return _line(f"{card.first_name} {card.last_name or ''}")


def _dialled(card: Contact) -> str:
    """Return the number; that of an account is international, and comes without its plus."""
    number = _line(card.phone_number)
    return f"+{number}" if card.user_id is not None and number.isdecimal() else number


def _line(words: str) -> str:
    """Return words on one line: they stand on a line of a preview, and must not look like others."""
    return " ".join(words.split())
