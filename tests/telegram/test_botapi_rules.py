"""What holds for any text and any order of calls in the fake Bot API; and a whole bot of the library runs on it."""

import asyncio
import html

import telegram
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.helpers import escape_markdown

from evaluation.botapi import FakeTelegram
from evaluation.botapi.clock import Clock
from evaluation.botapi.formatting import find_entities, units
from evaluation.botapi.formatting_html import parse_html
from evaluation.botapi.formatting_markdown import parse_markdown
from evaluation.botapi.updates import Updates

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"))


@given(TEXTS)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text)) == (text, [])
    escaped = escape_markdown(text.replace("\\", ""), version=2)
    assert parse_markdown(escaped) == (text.replace("\\", ""), [])


@given(st.text("aб👀 ./:@#_-1", max_size=60) | TEXTS)
def test_found_entities_lie_in_the_text_side_by_side(text: str) -> None:
    end = 0
    for entity in find_entities(text):
        assert entity["offset"] >= end and entity["length"] > 0
        end = entity["offset"] + entity["length"]
    assert end <= units(text)


@given(st.lists(st.integers(1, 3), max_size=30), st.integers(1, 5))
def test_polling_hands_out_each_update_once_and_in_order(chats: list[int], limit: int) -> None:
    updates = Updates(Clock())
    for number, chat in enumerate(chats):
        updates.add("message", {"n": number}, f"message {chat}", chat)
    got, offset = [], 0
    while batch := updates.take(offset, limit):
        got += [update.body["n"] for update in batch]
        offset = batch[-1].id + 1
    assert got == list(range(len(chats))) and updates.pending() == []


@given(st.lists(st.integers(1, 3), min_size=1, max_size=20))
def test_a_late_chat_keeps_its_own_order(chats: list[int]) -> None:
    updates = Updates(Clock())
    updates.hold(1)
    for number, chat in enumerate(chats):
        updates.add("message", {"n": number}, f"message {chat}", chat)
    assert all(update.chat_id != 1 for update in updates.pending())
    updates.release(1)
    late = [number for number, chat in enumerate(chats) if chat == 1]
    assert [update.body["n"] for update in updates.pending()][len(chats) - len(late) :] == late


async def echo(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None and update.message.text is not None
    key = telegram.InlineKeyboardButton("Так", callback_data="yes")
    await update.message.reply_text(update.message.text, reply_markup=telegram.InlineKeyboardMarkup([[key]]))


async def confirm(update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Гаразд")
    await update.callback_query.edit_message_text("Натиснуто")


async def test_a_bot_of_the_library_runs_unchanged(server: FakeTelegram) -> None:
    builder = Application.builder().token(server.token).base_url(server.base_url).base_file_url(server.base_file_url)
    application = builder.build()
    application.add_handlers([MessageHandler(filters.TEXT, echo), CallbackQueryHandler(confirm)])
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling()
        people = [server.person() for _ in range(10)]
        for number, person in enumerate(people):
            person.types(f"Привіт {number}")
        for number, person in enumerate(people):
            await person.hears(f"Привіт {number}")
        presses = [person.presses("Так") for person in people]
        answers = await asyncio.gather(*(p.answered(press) for p, press in zip(people, presses, strict=True)))
        assert {answer["text"] for answer in answers} == {"Гаразд"}
        for person in people:
            await person.hears("Натиснуто")
        await application.updater.stop()
        await application.stop()
    assert server.unconfirmed == []
