"""The methods of the Bot API by name, and the record of what was called."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import telegram

from evaluation.botapi import changing, sending
from evaluation.botapi.access import chat_of, writable
from evaluation.botapi.errors import ApiError, bad_request
from evaluation.botapi.limits import Limits
from evaluation.botapi.params import Params
from evaluation.botapi.polling import Polling
from evaluation.botapi.receiving import delete_webhook, set_webhook, webhook_info
from evaluation.botapi.webhook import Webhook
from evaluation.botapi.world import World

Method = Callable[[World, Params], Any]
ACCENT_COLORS = 7
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
METHODS_ELSEWHERE = frozenset(name.lower() for name in dir(telegram.Bot) if "_" not in name)
SENDING = frozenset({"sendmessage", "sendphoto", "senddocument", "sendvoice", "forwardmessage", "copymessage"})


@dataclass
class Call:
    """One call, as it came in. `result` or `error` is what was answered, even if the answer got lost (`unheard`)."""

    method: str
    params: dict[str, str]
    files: dict[str, bytes] = field(default_factory=dict)
    at: float = 0.0
    result: Any = None
    error: ApiError | None = None
    unheard: bool = False


class BotApi:
    """Answers calls. Methods that only the real server has are refused with 501, those that nobody has with 404."""

    def __init__(self, world: World, polling: Polling, webhook: Webhook, limits: Limits) -> None:
        self.world, self.polling, self.webhook, self.limits = world, polling, webhook, limits
        self.calls: list[Call] = []

    async def call(self, method: str, params: Params, call: Call) -> Any:
        """The result of a call; names of methods are case-insensitive.

        Raises:
            ApiError: it is refused.
        """
        name = method.lower()
        try:
            call.result = await self._run(name, params)
        except ApiError as error:
            call.error = error
            raise
        return call.result

    async def _run(self, name: str, params: Params) -> Any:
        if name == "getupdates":
            return await self.polling.get_updates(params, hooked=self.webhook.hook is not None)
        if name == "setwebhook":
            return await set_webhook(self.world, self.polling, self.webhook, params)
        if name == "deletewebhook":
            return await delete_webhook(self.world, self.webhook, params)
        if name == "getwebhookinfo":
            return webhook_info(self.world, self.webhook)
        if name in METHODS_ELSEWHERE - set(METHODS):
            raise ApiError(501, f"This fake server does not have the method {name}; add it.")
        if name not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        if name in SENDING:
            self.limits.take(writable(self.world, params))
        return METHODS[name](self.world, params)


def get_me(world: World, params: Params) -> dict[str, Any]:
    more = dict.fromkeys(("supports_inline_queries", "can_connect_to_business", "has_main_web_app"), False)
    rights = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy_mode}
    return world.bot.render() | {"first_name": world.profile.seen_text("name", "")} | rights | more


def get_chat(world: World, params: Params) -> dict[str, Any]:
    """getChat: the fields that every `ChatFullInfo` has."""
    chat = chat_of(world, params)
    more = {
        "accent_color_id": abs(chat.id) % ACCENT_COLORS,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    usernames = [chat.user.username if chat.user else chat.username]
    return chat.render() | more | ({"active_usernames": usernames} if usernames[0] else {})


def get_user_profile_photos(world: World, params: Params) -> dict[str, Any]:
    """getUserProfilePhotos: of the bot itself; people here have no pictures."""
    number = params.integer("user_id")
    if number not in world.users:
        raise bad_request("user not found")
    picture = world.profile.picture if number == world.bot.id else None
    return {"total_count": int(picture is not None), "photos": [world.files.photo(picture)] if picture else []}


def leave_chat(world: World, params: Params) -> bool:
    """leaveChat. That the bot is told of its own leaving by `my_chat_member` is an assumption."""
    chat = chat_of(world, params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.change_bot_status(writable(world, params), world.bot, "left")
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendvoice": sending.send_voice,
    "sendchataction": sending.send_chat_action,
    "forwardmessage": sending.forward_message,
    "copymessage": sending.copy_message,
    "editmessagetext": changing.edit_message_text,
    "editmessagecaption": changing.edit_message_caption,
    "editmessagereplymarkup": changing.edit_message_reply_markup,
    "deletemessage": changing.delete_message,
    "deletemessages": changing.delete_messages,
    "answercallbackquery": changing.answer_callback_query,
    "getchat": get_chat,
    "leavechat": leave_chat,
    "getfile": lambda world, params: world.files.get_file(params.text("file_id")),
    "setmycommands": lambda world, params: world.profile.set_commands(params),
    "getmycommands": lambda world, params: world.profile.get_commands(params),
    "deletemycommands": lambda world, params: world.profile.delete_commands(params),
    "getuserprofilephotos": get_user_profile_photos,
    "setmyprofilephoto": lambda world, params: world.profile.set_picture(params),
    "setmyname": lambda world, params: world.profile.set_text("name", params),
    "getmyname": lambda world, params: world.profile.get_text("name", params),
    "setmydescription": lambda world, params: world.profile.set_text("description", params),
    "getmydescription": lambda world, params: world.profile.get_text("description", params),
    "setmyshortdescription": lambda world, params: world.profile.set_text("short_description", params),
    "getmyshortdescription": lambda world, params: world.profile.get_text("short_description", params),
}
