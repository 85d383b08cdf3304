"""sendMessage, sendPhoto, sendDocument, sendVoice, sendChatAction, forwardMessage, copyMessage of the Bot API."""

from typing import Any

from evaluation.botapi.access import chat_of, message_of, writable
from evaluation.botapi.accounts import Chat
from evaluation.botapi.errors import ApiError, bad_request
from evaluation.botapi.files import blank_picture
from evaluation.botapi.formatting import caption_content, text_content
from evaluation.botapi.markup import keyboards
from evaluation.botapi.messages import Message
from evaluation.botapi.params import Params, Upload
from evaluation.botapi.world import World

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def send_message(world: World, params: Params) -> dict[str, Any]:
    content = text_content(params)
    return _send(world, params, content)


def send_photo(world: World, params: Params) -> dict[str, Any]:
    upload = _limited(params, "photo", LARGEST_PHOTO)
    if upload is not None:
        sizes = world.files.photo(upload.content)
    elif params.text("photo").startswith(("http://", "https://")):
        # The real service fetches what is there. Nothing leaves this machine, so every address has the same picture.
        sizes = world.files.photo(blank_picture())
    else:
        sizes = world.files.photo(world.files.find(params.text("photo")).content)
    return _send(world, params, {"photo": sizes} | caption_content(params))


def send_document(world: World, params: Params) -> dict[str, Any]:
    return _send(world, params, {"document": _file(world, params, "document")} | caption_content(params))


def send_voice(world: World, params: Params) -> dict[str, Any]:
    voice = _file(world, params, "voice") | {"duration": params.integer("duration")}
    voice.pop("file_name", None)
    return _send(world, params, {"voice": voice} | caption_content(params))


def send_chat_action(world: World, params: Params) -> bool:
    if params.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    writable(world, params).actions.append(params.text("action").lower())
    return True


def forward_message(world: World, params: Params) -> dict[str, Any]:
    source = _source(world, params, "message to forward")
    if source.protected:
        raise bad_request("message has protected content and can't be forwarded")
    origin = source.origin or origin_of(source)
    content = {name: value for name, value in source.content.items() if name != "link_preview_options"}
    return _send(world, params, content, origin=origin)


def copy_message(world: World, params: Params) -> dict[str, Any]:
    source = _source(world, params, "message to copy")
    content = dict(source.content)
    if "caption" in params.values and "text" not in content:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= caption_content(params)
    return {"message_id": _send(world, params, content)["message_id"]}


def origin_of(message: Message) -> dict[str, Any]:
    """Where a forwarded message comes from, as a `MessageOrigin` object."""
    if message.sender is None:
        body = {"type": "channel", "chat": message.chat.render(), "message_id": message.id}
    else:
        body = {"type": "user", "sender_user": message.sender.render()}
    return body | {"date": int(message.date)}


def _source(world: World, params: Params, what: str) -> Message:
    chat = chat_of(world, params, "from_chat_id")
    return message_of(chat, params.integer("message_id"), what)


def _limited(params: Params, name: str, limit: int) -> Upload | None:
    upload = params.upload(name)
    if upload is None and not params.text(name):
        raise bad_request(f"there is no {name} in the request")
    if upload is not None and len(upload.content) > limit:
        raise ApiError(413, "Request Entity Too Large")
    if upload is not None and not upload.content:
        raise bad_request("file must be non-empty")
    return upload


def _file(world: World, params: Params, kind: str) -> dict[str, Any]:
    upload = _limited(params, kind, LARGEST_UPLOAD)
    if upload is None:
        return world.files.find(params.text(kind)).render()
    stored = world.files.add(kind, upload.content)
    return stored.render() | {"file_name": upload.name, "mime_type": upload.mime}


def _reply_to(chat: Chat, params: Params) -> Message | None:
    wanted = params.structure("reply_parameters") or {}
    number = wanted.get("message_id", params.integer("reply_to_message_id"))
    if not number:
        return None
    message = chat.messages.get(int(number))
    if message is not None and message.for_bot:
        return message
    if wanted.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _send(world: World, params: Params, content: dict[str, Any], **details: Any) -> dict[str, Any]:
    inline, keyboard = keyboards(params)
    chat = writable(world, params)
    message = world.post(
        chat,
        world.bot if chat.kind != "channel" else None,
        content,
        outgoing=True,
        markup=inline,
        reply_keyboard=keyboard,
        reply_to=_reply_to(chat, params),
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
        **details,
    )
    chat.saw("sent", message)
    return message.render()
