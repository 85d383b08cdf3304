"""The fake Bot API refuses and accepts what the real one does: sending, editing, deleting, files, profile."""

import io

import pytest
import telegram
from PIL import Image
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError

from evaluation.botapi import FakeTelegram, Message, Person

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Так", callback_data="yes")]])


def picture(width: int = 400, height: int = 300) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture()
def person(server: FakeTelegram) -> Person:
    person = server.person()
    person.starts()
    return person


async def test_the_bot_knows_itself_and_a_wrong_token_is_refused(server: FakeTelegram, bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot, me.can_read_all_group_messages) == ("oberih_test_bot", True, False)
    with pytest.raises(InvalidToken):
        await telegram.Bot("1:wrong", base_url=server.base_url).get_me()
    with pytest.raises(telegram.error.EndPointNotFound):
        await bot.do_api_request("getNonsense")
    with pytest.raises(NetworkError, match="does not have the method"):
        await bot.send_invoice(1, "x", "x", "x", "XTR", [])


async def test_a_message_keeps_its_flags_on_both_sides(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    sent = await bot.send_message(
        person.user.id,
        "  <b>Увага</b> 👀 https://example.org ",
        parse_mode="HTML",
        reply_markup=KEYS,
        disable_notification=True,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    seen = person.chat[-1]
    assert sent.text == seen.text == "Увага 👀 https://example.org"
    assert [(e.type, sent.parse_entity(e)) for e in sent.entities] == [
        ("bold", "Увага"),
        ("url", "https://example.org"),
    ]
    assert sent.has_protected_content and seen.protected and seen.silent and seen.outgoing
    assert sent.link_preview_options is not None and seen.link_preview == {"is_disabled": True}
    assert [button.data for button in person.buttons] == ["yes"]
    assert server.texts == [seen.text] and server.calls("sendmessage")[0].result["message_id"] == sent.id


@pytest.mark.parametrize(
    "text, taken", [("a" * 4096, True), ("a" * 4097, False), ("👀" * 2048, True), ("👀" * 2049, False)]
)
async def test_a_text_has_4096_units_at_most(bot: telegram.Bot, person: Person, text: str, taken: bool) -> None:
    if taken:
        await bot.send_message(person.user.id, text)
    else:
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(person.user.id, text)


@pytest.mark.parametrize(
    "mode, text, complaint",
    [
        ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("HTML", "<b><i>x</b></i>", "Unmatched end tag"),
        ("HTML", "1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("HTML", "x <b", "Unclosed start tag at byte offset 2"),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("MarkdownV2", "Ні.", "Character '.' is reserved"),
        ("MarkdownV2", "*Ні", "Can't find end of Bold entity at byte offset 0"),
        ("BBCode", "x", "Unsupported parse_mode"),
        (None, " \n ", "Message text is empty"),
    ],
)
async def test_broken_text_is_refused(bot: telegram.Bot, person: Person, mode: str, text: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):  # the library lowers all letters
        await bot.send_message(person.user.id, text, parse_mode=mode)


@pytest.mark.parametrize(
    "mode, text",
    [
        ("HTML", '<a href="https://a.org/?x=1&amp;y=2">туди</a> &lt; <code>код</code>'),
        ("MarkdownV2", "[туди](https://a.org/?x=1&y=2) < `код`"),
    ],
)
async def test_marked_text_becomes_entities(bot: telegram.Bot, person: Person, mode: str, text: str) -> None:
    sent = await bot.send_message(person.user.id, text, parse_mode=mode)
    assert sent.text == "туди < код"
    link, code = sent.entities
    assert (link.type, link.url, sent.parse_entity(link)) == ("text_link", "https://a.org/?x=1&y=2", "туди")
    assert (code.type, sent.parse_entity(code)) == ("code", "код")


@pytest.mark.parametrize(
    "data, complaint", [("ж" * 32, ""), ("ж" * 33, "Button_data_invalid"), ("", "Text buttons are")]
)
async def test_callback_data_has_1_to_64_bytes(bot: telegram.Bot, person: Person, data: str, complaint: str) -> None:
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
    if not complaint:
        await bot.send_message(person.user.id, "x", api_kwargs={"reply_markup": keys})
    else:
        with pytest.raises(BadRequest, match=f"(?i){complaint}"):  # the library lowers all letters
            await bot.send_message(person.user.id, "x", api_kwargs={"reply_markup": keys})


async def test_an_edit_must_change_something_of_ones_own(bot: telegram.Bot, person: Person) -> None:
    chat = person.user.id
    sent = await bot.send_message(chat, "Один", reply_markup=KEYS)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Один", chat, sent.id, reply_markup=KEYS)
    edited = await bot.edit_message_text("Два", chat, sent.id)
    assert isinstance(edited, telegram.Message) and edited.edit_date and person.chat[-1].versions == ["Один", "Два"]
    assert person.buttons == []
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(chat, sent.id)
    await bot.edit_message_reply_markup(chat, sent.id, reply_markup=KEYS)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("Три", chat, 9999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("Три", chat, person.chat[0].id)


async def test_both_sides_can_be_deleted_for_48_hours(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    chat = person.user.id
    own = [(await bot.send_message(chat, f"{n}")).id for n in range(3)]
    await bot.delete_message(chat, person.chat[0].id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(chat, 9999)
    server.clock.advance(hours=47.9)
    await bot.delete_messages(chat, [own[0], 9999])
    assert person.texts == ["1", "2"]
    server.clock.advance(hours=0.2)
    young = await bot.send_message(chat, "нове")
    for call in (bot.delete_message(chat, own[1]), bot.delete_messages(chat, [young.id, own[1]])):
        with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
            await call
    assert person.texts == ["1", "2", "нове"]


async def test_what_a_person_deletes_on_their_side_the_bot_still_has(bot: telegram.Bot, person: Person) -> None:
    for number in range(2):
        await bot.send_message(person.user.id, f"{number}")
    one, two = person.chat[-2:]
    person.deletes(one)
    person.deletes(two, for_everyone=True)
    await bot.delete_message(person.user.id, one.id)
    with pytest.raises(BadRequest, match="not found"):
        await bot.delete_message(person.user.id, two.id)
    assert not any(message.everywhere for message in (one, two)) and person.texts == []


async def test_files_go_both_ways_up_to_20_mb(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    sent = await bot.send_photo(person.user.id, picture(), caption="Знімок")
    assert [(size.width, size.height) for size in sent.photo] == [(90, 67), (320, 240), (400, 300)]
    document = await bot.send_document(person.user.id, b"abc", filename="звіт.txt")
    assert document.document is not None and document.document.file_name == "звіт.txt"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"abc"
    again = await bot.send_document(person.user.id, document.document.file_id)
    assert again.document is not None and again.document.file_id == document.document.file_id
    large = person.sends_document(b"x", "a.pdf", "application/pdf", size=20 * 1024 * 1024 + 1)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(large.content["document"]["file_id"])
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(person.user.id, b"no picture")


async def test_only_who_wrote_can_be_written_to(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(server.person().user.id, "x")
    person.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(person.user.id, "x")
    person.unblocks()
    await bot.send_message(person.user.id, "x")
    assert (await bot.get_chat(person.user.id)).first_name == "Оксана"


async def test_commands_and_texts_depend_on_the_language(
    server: FakeTelegram, bot: telegram.Bot, person: Person
) -> None:
    scope = telegram.BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("help", "Help")])
    await bot.set_my_commands([("help", "Допомога")], scope=scope, language_code="uk")
    assert [c.description for c in await bot.get_my_commands(scope=scope, language_code="uk")] == ["Допомога"]
    assert list(await bot.get_my_commands(scope=scope)) == []
    assert person.commands[0]["description"] == "Допомога"
    assert server.person(language_code="pl").commands[0]["description"] == "Help"
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Help", "x")])
    await bot.set_my_name("Обіг", language_code="uk")
    await bot.set_my_description("Опис")
    await bot.set_my_short_description("Коротко")
    assert [person.profile(k) for k in ("name", "description", "short_description")] == ["Обіг", "Опис", "Коротко"]
    assert (await bot.get_my_name("pl")).name == "Oberih"


async def test_messages_are_copied_and_forwarded(bot: telegram.Bot, person: Person) -> None:
    written = person.types("Слова")
    forwarded = await bot.forward_message(person.user.id, person.user.id, written.id)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser) and forwarded.text == "Слова"
    copied = await bot.copy_message(person.user.id, person.user.id, written.id)
    newest: Message = person.chat[-1]
    assert newest.id == copied.message_id and newest.text == "Слова" and newest.origin is None
    assert await bot.send_chat_action(person.user.id, "typing") and newest.chat.actions == ["typing"]
    answer = await bot.send_message(person.user.id, "x", reply_to_message_id=written.id)
    assert answer.reply_to_message is not None and answer.reply_to_message.text == "Слова"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(person.user.id, "x", reply_to_message_id=9999)
