"""Groups and channels: made, joined by the bot, upgraded."""

from typing import TYPE_CHECKING

from evaluation.botapi.accounts import Chat, User

if TYPE_CHECKING:
    from evaluation.botapi.world import World

ANONYMOUS = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


def add_bot(world: "World", chat: Chat, by: User, administrator: bool = False) -> None:
    """A person adds the bot: it is told by `my_chat_member`, then by a service message."""
    by.met = True
    world.change_bot_status(chat, by, "administrator" if administrator else "member")
    if chat.kind != "channel":
        world.tell_bot(world.post(chat, by, {"new_chat_members": [world.bot.render()]}))


def remove_bot(world: "World", chat: Chat, by: User) -> None:
    """A person removes the bot. In small groups the status may be "left" rather than "kicked"; which, is not
    documented."""
    world.change_bot_status(chat, by, "kicked")


def upgrade(world: "World", chat: Chat, by: User) -> Chat:
    """The group becomes a supergroup with a new id; calls that name the old one are refused from now on.

    Told by two service messages, `migrate_to_chat_id` and `migrate_from_chat_id`. Whether there are updates of
    membership too is not documented; none are sent.
    """
    new = world.new_chat("supergroup", chat.title)
    new.bot_status = chat.bot_status
    world.tell_bot(world.post(chat, by, {"migrate_to_chat_id": new.id}))
    chat.migrated_to = new.id
    world.tell_bot(world.post(new, ANONYMOUS, {"sender_chat": new.render(), "migrate_from_chat_id": chat.id}))
    return new
