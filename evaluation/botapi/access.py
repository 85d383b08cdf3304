"""Which chat and which message a call means, and whether the bot may touch it (`check_chat_access`, `check_message`
of the open server)."""

from evaluation.botapi.accounts import Chat
from evaluation.botapi.errors import ApiError, bad_request, forbidden, migrated
from evaluation.botapi.messages import Message
from evaluation.botapi.params import Params
from evaluation.botapi.world import World


def chat_of(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat that a call names, by id or public name.

    Raises:
        ApiError: 400 there is none that the bot knows, 403 the person has never written to the bot.
    """
    wanted = params.text(name)
    if not wanted:
        raise bad_request(f"{name} is empty")
    if wanted.startswith("@"):
        named = [chat for chat in world.chats.values() if chat.kind != "private" and chat.username]
        chat = next((chat for chat in named if chat.username.lower() == wanted[1:].lower()), None)
    else:
        chat = world.chats.get(params.integer(name))
        user = world.users.get(params.integer(name))
        if user is not None and user.met and (chat is None or chat.bot_status == "left"):
            raise forbidden("bot can't initiate conversation with a user")
        if chat is not None and chat.kind == "private" and chat.bot_status == "left":
            chat = None
    if chat is None:
        raise bad_request("chat not found")
    return chat


def writable(world: World, params: Params) -> Chat:
    """The chat that a call wants to write into.

    Raises:
        ApiError: as `chat_of`; 403 blocked, kicked or not a member; 400 the group has become a supergroup.
    """
    chat = chat_of(world, params)
    if chat.kind == "private":
        if chat.bot_status == "kicked":
            raise forbidden("bot was blocked by the user")
        return chat
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    refused = refusal(chat)
    if refused is not None:
        raise refused
    return chat


def refusal(chat: Chat) -> ApiError | None:
    """Why the bot is no longer in a group, if so."""
    if chat.bot_status == "kicked":
        return forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        return forbidden(f"bot is not a member of the {chat.kind} chat")
    return None


def message_of(chat: Chat, message_id: int, what: str) -> Message:
    """A message that is still there for the bot; `what` names it in the error ("message to edit").

    Raises:
        ApiError: it is not there.
    """
    message = chat.messages.get(message_id)
    if message is None or not message.for_bot:
        raise bad_request(f"{what} not found")
    return message
