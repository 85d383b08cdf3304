"""From an update of the Bot API to what the conversation hears.

Who wrote a forwarded text, and what a contact card says, is kept apart from the words: see `origins`.
"""

from dataclasses import dataclass
from enum import Enum

from telegram import CallbackQuery, Chat, ChatMember, Message, MessageOriginUser, Update
from telegram.constants import MessageType
from telegram.helpers import effective_message_type

from bot.channels.telegram.origins import card_of, is_own_card, origin_of
from bot.conversation.payloads import payload
from bot.reports.contact import Contact

UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for."""
_KINDLY = {
    MessageType.PHOTO: "utter_pictures_unread",
    MessageType.DOCUMENT: "utter_pictures_unread",
    MessageType.VIDEO: "utter_pictures_unread",
    MessageType.ANIMATION: "utter_pictures_unread",
    MessageType.VOICE: "utter_voice_unheard",
    MessageType.AUDIO: "utter_voice_unheard",
    MessageType.VIDEO_NOTE: "utter_voice_unheard",
    MessageType.LOCATION: "utter_location_unread",
    MessageType.VENUE: "utter_location_unread",
}
_NOT_SAID = frozenset(
    {
        MessageType.CHAT_BACKGROUND_SET,
        MessageType.CONNECTED_WEBSITE,
        MessageType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        MessageType.PINNED_MESSAGE,
        MessageType.WRITE_ACCESS_ALLOWED,
    }
)
"""Service messages: Telegram tells of something, the person said nothing."""
_LINKS = {"check": payload("check"), "help": payload("help", value="now")}
"""What a deep link may ask for: the address of a bot is public, so anything else starts the chat and no more."""


class Kind(Enum):
    """What an update is to the channel."""

    NOTHING = "nothing"
    WORDS = "words"
    PRESS = "press"
    LINK = "link"
    NOTICE = "notice"
    CARD = "card"
    EDIT = "edit"
    LEAVE = "leave"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Heard:
    """One update, as far as it is heard.

    Attributes:
        chat: the chat's id; it goes no further than the channel.
        message: the id of the message, of the one with the pressed button for a press.
        date: when it was sent, in seconds since 1970; 0 where that says nothing.
        written: the same, for a forward of what was forwarded.
        language: the language the person's app is set to, as Telegram names it.
        text: words, a button's key, or the payload of a deep link.
        notice: the response that is to be said, beside or instead of the answer to the words.
        passed_on: the words are someone else's (a forward, or what another bot wrote for the person).
        query: the press that must be answered.
        album: pictures that were sent together share it.
        contacts: who wrote the forwarded words, or what a contact card says; never the person who sends it.
    """

    kind: Kind
    chat: int = 0
    message: int = 0
    date: float = 0.0
    language: str = ""
    text: str = ""
    notice: str = ""
    passed_on: bool = False
    query: str = ""
    album: str = ""
    contacts: tuple[Contact, ...] = ()
    written: float = 0.0


_NOTHING = Heard(Kind.NOTHING)


def heard(update: Update) -> Heard:
    """Return what an update says: words are kept as they are, and of the person who sends them nothing else is."""
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.my_chat_member is not None:
        chat, status = update.my_chat_member.chat, update.my_chat_member.new_chat_member.status
        gone = status in (ChatMember.BANNED, ChatMember.LEFT)
        if chat.type == Chat.PRIVATE:
            return Heard(Kind.BLOCKED, chat.id) if gone else _NOTHING
        return _NOTHING if gone else Heard(Kind.LEAVE, chat.id)
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return _NOTHING
    if message.chat.type != Chat.PRIVATE:
        return Heard(Kind.LEAVE, message.migrate_to_chat_id or message.chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return _NOTHING
    return _edit(message) if update.edited_message is not None else _message(message)


def _press(query: CallbackQuery) -> Heard:
    if query.message is None or query.from_user.is_bot:
        return _NOTHING
    chat = query.message.chat
    if chat.type != Chat.PRIVATE:
        return Heard(Kind.LEAVE, chat.id)
    language = query.from_user.language_code or ""
    number = query.message.message_id
    return Heard(Kind.PRESS, chat.id, number, language=language, text=query.data or "", query=query.id)


def _message(message: Message) -> Heard:
    kind = effective_message_type(message)
    if kind is None or kind in _NOT_SAID:
        return _NOTHING
    if kind == MessageType.TEXT:
        return _words(message, message.text or "")
    if message.contact is not None:
        return _card(message)
    notice = _KINDLY.get(MessageType(kind), "utter_only_words")
    if message.caption:
        return _words(message, message.caption, notice)
    return _said(message, Kind.NOTICE, notice=notice)


def _words(message: Message, text: str, notice: str = "") -> Heard:
    command, _, link = text.partition(" ")
    if command == "/start" and link in _LINKS:
        return _said(message, Kind.LINK, text=_LINKS[link])
    if command.startswith("/"):
        # "/help@name" is how apps write a command to one bot; "/start something" is a link that asks for nothing.
        text = "/start" if command == "/start" else text.replace(command, command.partition("@")[0], 1)
    found = origin_of(message)
    return _said(message, Kind.WORDS, text=text, notice=notice, passed_on=_is_passed_on(message), contacts=found)


def _card(message: Message) -> Heard:
    found = card_of(message)
    if found:
        return _said(message, Kind.CARD, contacts=found)
    own = is_own_card(message)
    return _said(message, Kind.NOTICE, notice="utter_contact_removed" if own else "utter_contact_unread")


def _edit(message: Message) -> Heard:
    """An edit of words; what else can be edited (a live location moves by edits) says nothing new."""
    text = message.text or message.caption
    return _said(message, Kind.EDIT, text=text, passed_on=_is_passed_on(message)) if text else _NOTHING


def _said(
    message: Message,
    kind: Kind,
    *,
    text: str = "",
    notice: str = "",
    passed_on: bool = False,
    contacts: tuple[Contact, ...] = (),
) -> Heard:
    sender = message.from_user
    return Heard(
        kind,
        message.chat.id,
        message.message_id,
        message.date.timestamp(),
        (sender.language_code if sender is not None else None) or "",
        text,
        notice,
        passed_on,
        album=message.media_group_id or "",
        contacts=contacts,
        written=(message.forward_origin or message).date.timestamp(),
    )


def _is_passed_on(message: Message) -> bool:
    """Say whether the words are someone else's: a forward of one's own message is one's own words."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginUser):
        return message.from_user is None or origin.sender_user.id != message.from_user.id
    return origin is not None or message.via_bot is not None
