"""People of the fake Bot API: what they do becomes updates that python-telegram-bot reads without a remainder."""

from typing import Any

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden

from evaluation.botapi import FakeTelegram, Person, from_channel, from_chat, from_hidden, from_user
from tests.telegram.test_botapi_sending import picture

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Так", callback_data="yes")]])


def unknown_fields(thing: Any) -> list[str]:
    """Fields that the library does not know, anywhere in an object."""
    if isinstance(thing, list | tuple):
        return [name for item in thing for name in unknown_fields(item)]
    if not isinstance(thing, telegram.TelegramObject):
        return []
    slots = [
        slot for kind in type(thing).__mro__ for slot in getattr(kind, "__slots__", ()) if not slot.startswith("_")
    ]
    inner = [getattr(thing, slot, None) for slot in slots if slot != "api_kwargs"]
    return [f"{type(thing).__name__}.{name}" for name in thing.api_kwargs] + unknown_fields(inner)


def test_unknown_fields_are_found() -> None:
    chat = {"id": 1, "type": "private", "odd": 1}
    update = telegram.Update.de_json({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat}}, None)
    assert unknown_fields(update) == ["Chat.odd"]


async def updates(bot: telegram.Bot) -> list[telegram.Update]:
    """All that is pending, confirmed, and without unknown fields."""
    found = await bot.get_updates()
    for update in found:
        assert unknown_fields(update) == [], update
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    return list(found)


async def messages(bot: telegram.Bot) -> list[telegram.Message]:
    return [update.message for update in await updates(bot) if update.message]


@pytest.fixture()
def person(server: FakeTelegram) -> Person:
    return server.person()


async def test_a_start_carries_its_payload_and_the_language(bot: telegram.Bot, person: Person) -> None:
    person.starts("desk_7")
    (message,) = await messages(bot)
    assert message.text == "/start desk_7" and message.entities[0].type == "bot_command"
    assert message.from_user is not None and message.from_user.language_code == "uk" and message.chat.type == "private"


async def test_a_pasted_text_comes_in_parts(bot: telegram.Bot, person: Person) -> None:
    person.pastes("аб" * 3000 + " t.me/work a@b.org")
    parts = await messages(bot)
    assert [len(message.text or "") for message in parts] == [4096, 1922]
    assert list(parts[-1].parse_entities().values()) == ["t.me/work", "a@b.org"]


async def test_protected_content_is_not_passed_on(bot: telegram.Bot, person: Person) -> None:
    person.starts()
    sent = await bot.send_message(person.user.id, "x", protect_content=True)
    with pytest.raises(BadRequest, match="protected content"):
        await bot.forward_message(person.user.id, person.user.id, sent.id)
    with pytest.raises(AssertionError, match="protected"):
        person.forwards(person.chat[-1])


async def test_every_kind_of_message_arrives(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.shares_contact("+380501112233")
    person.shares_contact("+380509998877", "Вербувальник", own=False)
    person.shares_location(50.45, 30.52)
    person.sends_photo(picture(), "Оголошення https://example.org", album="1")
    person.sends_photo(picture(), album="1")
    person.sends_document(picture(), "знімок.png", "image/png")
    person.sends_voice()
    person.sends_video_note()
    person.sends_video()
    person.sends_audio()
    person.sends_sticker()
    person.sends_dice(3)
    person.sends_poll("Де?", ["Тут", "Там"])
    person.types("через іншого", via_bot=server.other_bot("gif_bot").user, reply_to=person.chat[0])
    own, other, place, photo, second, document, *rest, last = await messages(bot)
    assert own.contact and own.contact.user_id == person.user.id and other.contact and other.contact.user_id is None
    assert place.location and place.location.latitude == 50.45
    assert photo.caption_entities[0].type == "url" and photo.media_group_id == second.media_group_id == "1"
    assert document.document and document.document.mime_type == "image/png"
    downloaded = await (await bot.get_file(photo.photo[-1].file_id)).download_as_bytearray()
    assert bytes(downloaded) == picture()
    kinds = ("voice", "video_note", "video", "audio", "sticker", "dice", "poll")
    assert all(getattr(message, kind) for message, kind in zip(rest, kinds, strict=True))
    assert last.via_bot and last.via_bot.username == "gif_bot" and last.reply_to_message is not None


async def test_forwards_name_their_origin(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    channel, group = person.creates_channel("Робота", "jobs"), person.creates_group("Чат", supergroup=True)
    mine = person.types("моє")
    person.forwards(mine)
    person.forwards("Їдь завтра", from_user(server.person("Ігор").user))
    person.forwards("Їдь завтра", from_hidden("Ігор"))
    person.forwards("Вакансія", from_channel(channel, 17))
    person.forwards("Вакансія", from_chat(group))
    person.sends_photo(picture(), origin=from_hidden("Ігор") | {"date": 1700000000})
    _, own, *rest, photo = [message.forward_origin for message in await messages(bot)]
    assert isinstance(own, telegram.MessageOriginUser) and own.sender_user.id == person.user.id
    kinds = [telegram.MessageOriginUser, telegram.MessageOriginHiddenUser, telegram.MessageOriginChannel]
    assert [type(origin) for origin in rest] == [*kinds, telegram.MessageOriginChat]
    assert isinstance(photo, telegram.MessageOriginHiddenUser)


async def test_an_edit_arrives_as_an_edit(bot: telegram.Bot, person: Person) -> None:
    person.edits(person.types("Перше"), "Друге")
    _, edited = await updates(bot)
    assert edited.edited_message and edited.edited_message.text == "Друге" and edited.edited_message.edit_date


async def test_a_press_is_answered_once_and_in_time(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.starts()
    await bot.send_message(person.user.id, "Продовжити?", reply_markup=KEYS)
    press = person.presses("Так")
    query = (await updates(bot))[-1].callback_query
    assert query and query.data == "yes" and query.message and query.message.is_accessible and query.id == press.id
    await query.answer("Добре", show_alert=True)
    assert await person.answered(press) == {"text": "Добре", "show_alert": True, "url": ""}
    late = person.presses("yes")
    server.clock.advance(seconds=16)
    for call in (query.answer(), bot.answer_callback_query(late.id), bot.answer_callback_query("1")):
        with pytest.raises(
            BadRequest, match=r"(?i)query is too old and response timeout expired or query ID is invalid"
        ):
            await call
    with pytest.raises(AssertionError, match="not answered"):
        await person.answered(late, 0.05)
    server.clock.advance(seconds=150)
    assert await updates(bot) == []


async def test_an_old_screen_can_be_pressed(bot: telegram.Bot, person: Person) -> None:
    person.starts()
    sent = await bot.send_message(person.user.id, "Продовжити?", reply_markup=KEYS)
    message = person.chat[-1]
    await bot.delete_message(person.user.id, sent.id)
    with pytest.raises(AssertionError, match="no button"):
        person.presses("Так")
    person.presses_data(message, "forged")
    query = (await updates(bot))[-1].callback_query
    assert query and query.message and not query.message.is_accessible and query.data == "forged"


async def test_blocking_is_told(bot: telegram.Bot, person: Person) -> None:
    person.starts()
    person.blocks()
    with pytest.raises(AssertionError, match="unblock it first"):
        person.types("x")
    person.unblocks()
    changes = [update.my_chat_member for update in await updates(bot) if update.my_chat_member]
    statuses = [(change.old_chat_member.status, change.new_chat_member.status) for change in changes]
    assert statuses == [("member", "kicked"), ("kicked", "member")] and person.chat[-1].text == "/start"


async def test_a_person_hears_each_message_once(bot: telegram.Bot, person: Person) -> None:
    person.starts()
    sent = await bot.send_message(person.user.id, "Один")
    await bot.send_message(person.user.id, "Два")
    assert (await person.hears("Один")).id == sent.id
    with pytest.raises(AssertionError, match="Два"):
        await person.hears("Один", 0.05)
    await bot.edit_message_text("Три", person.user.id, sent.id)
    assert (await person.hears(lambda message: message.text == "Три")).id == sent.id
    await person.hears_nothing(0.05)
    person.clears_chat()
    assert person.chat == []


async def test_in_groups_the_bot_gets_only_what_is_meant_for_it(
    server: FakeTelegram, bot: telegram.Bot, person: Person
) -> None:
    group = person.creates_group("Сусіди")
    person.types("до бота", to=group)
    person.adds_bot(group)
    sent = await bot.send_message(group.id, "Вітаю")
    person.types("балачки", to=group)
    server.other_bot("spam_bot").types("/help", to=group)
    person.types("/help@spam_bot", to=group)
    person.types("/help@oberih_test_bot", to=group)
    person.types("так", to=group, reply_to=group.messages[sent.id])
    joined, service, command, answer = await updates(bot)
    assert joined.my_chat_member and joined.my_chat_member.new_chat_member.status == "member"
    assert service.message and service.message.new_chat_members[0].id == bot.id
    assert command.message and command.message.text == "/help@oberih_test_bot"
    assert answer.message and answer.message.text == "так"
    with pytest.raises(BadRequest, match=r"(?i)can't be deleted"):
        await bot.delete_message(group.id, answer.message.id)


async def test_an_upgraded_group_sends_callers_to_its_new_id(bot: telegram.Bot, person: Person) -> None:
    group = person.creates_group("Сусіди")
    person.adds_bot(group)
    new = person.upgrades(group)
    old_told, new_told = [update.message for update in await updates(bot)][-2:]
    assert old_told and old_told.migrate_to_chat_id == new.id and new_told and new_told.migrate_from_chat_id == group.id
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == new.id and str(new.id).startswith("-100")
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"


async def test_a_bot_that_is_out_of_a_group_cannot_write(bot: telegram.Bot, person: Person) -> None:
    kicked, left = person.creates_group("А", supergroup=True), person.creates_group("Б")
    person.adds_bot(kicked)
    person.adds_bot(left, administrator=True)
    person.removes_bot(kicked)
    await bot.leave_chat(left.id)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(kicked.id, "x")
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        await bot.send_message(left.id, "x")
    assert len(await updates(bot)) == 6
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(person.user.id, "x")


async def test_a_channel_posts_and_is_posted_to(bot: telegram.Bot, person: Person) -> None:
    channel = person.creates_channel("Новини", "news")
    person.adds_bot(channel, administrator=True)
    person.types("Допис", to=channel)
    post = (await updates(bot))[-1].channel_post
    assert post and post.text == "Допис" and post.from_user is None
    sent = await bot.send_message("@news", "Своє")
    await bot.edit_message_text("Інше", channel.id, sent.id)
    assert unknown_fields(sent) == [] and unknown_fields(await bot.get_chat("@news")) == []
    assert unknown_fields(await bot.get_me()) == []
