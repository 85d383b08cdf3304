"""editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage(s), answerCallbackQuery of the Bot API."""

from typing import Any

from evaluation.botapi.access import chat_of, message_of, refusal, writable
from evaluation.botapi.accounts import Chat
from evaluation.botapi.errors import bad_request, migrated
from evaluation.botapi.formatting import caption_content, text_content, units
from evaluation.botapi.markup import keyboards
from evaluation.botapi.messages import Message
from evaluation.botapi.params import Params
from evaluation.botapi.world import World

DELETABLE_SECONDS = 48 * 3600
ANSWER_UNITS = 200
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(world: World, params: Params) -> dict[str, Any]:
    content = text_content(params)
    message = _editable(world, params)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, content, params)


def edit_message_caption(world: World, params: Params) -> dict[str, Any]:
    caption = caption_content(params)
    message = _editable(world, params)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if not name.startswith("caption")}
    return _edit(world, message, kept | caption, params)


def edit_message_reply_markup(world: World, params: Params) -> dict[str, Any]:
    message = _editable(world, params)
    return _edit(world, message, message.content, params)


def delete_message(world: World, params: Params) -> bool:
    if not params.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    chat = writable(world, params)
    message = message_of(chat, params.integer("message_id"), "message to delete")
    _check_deletable(world, message)
    _delete(message)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Those that are not there are skipped; one that cannot be deleted fails the whole call (`delete_messages` of
    MessagesManager.cpp)."""
    wanted = params.structure("message_ids") or []
    if not isinstance(wanted, list):
        raise bad_request("expected an Array of message identifiers")
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > 100:
        raise bad_request("too many message identifiers specified")
    chat = writable(world, params)
    messages = [chat.messages[int(number)] for number in wanted if int(number) in chat.messages]
    messages = [message for message in messages if message.for_bot]
    for message in messages:
        _check_deletable(world, message)
    for message in messages:
        _delete(message)
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.answer is not None or world.clock.now() > press.at + world.press_seconds:
        raise bad_request(TOO_OLD)
    if units(params.text("text")) > ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": params.text("text"), "show_alert": params.flag("show_alert"), "url": params.text("url")}
    press.chat.changed.set()
    return True


def _editable(world: World, params: Params) -> Message:
    """A message of the bot's own. Whether a person who has blocked the bot still sees edits is not documented; here
    editing is then allowed."""
    chat = chat_of(world, params)
    _check_still_in(chat)
    message = message_of(chat, params.integer("message_id"), "message to edit")
    if not message.outgoing or message.origin is not None:
        raise bad_request("message can't be edited")
    return message


def _check_still_in(chat: Chat) -> None:
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    refused = refusal(chat) if chat.kind != "private" else None
    if refused is not None:
        raise refused


def _edit(world: World, message: Message, content: dict[str, Any], params: Params) -> dict[str, Any]:
    """Put the new content and keyboard in place; a call without a keyboard takes the old one away."""
    inline, _ = keyboards(params)
    if (content, inline) == (message.content, message.markup):
        raise bad_request(SAME)
    message.content, message.markup, message.edited = content, inline, world.clock.now()
    message.versions.append(message.text)
    message.chat.saw("edited", message)
    return message.render()


def _check_deletable(world: World, message: Message) -> None:
    """48 hours; in private chats anything, in groups the bot's own, or all as administrator (deleteMessage)."""
    chat = message.chat
    young = world.clock.now() - message.date <= DELETABLE_SECONDS
    if chat.kind == "private":
        allowed = young
    elif chat.kind == "group":
        own = message.outgoing or chat.bot_status == "administrator"
        allowed = own and young
    else:
        # The library below the open server sets no limit here; the documentation does, for what the bot sent.
        allowed = chat.bot_status == "administrator" or (message.outgoing and young)
    if not allowed:
        everyone = " for everyone" if chat.kind in ("private", "group") else ""
        raise bad_request(f"message can't be deleted{everyone}")


def _delete(message: Message) -> None:
    message.for_bot = message.for_person = False
    message.chat.saw("deleted", message)
