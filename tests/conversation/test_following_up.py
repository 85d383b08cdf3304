"""With a receipt people see what their desk signed, answer it, and take their report back."""

import random
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, update

from bot.reports.notes import OUTCOMES
from bot.runtime import desk_session, founding
from bot.runtime.desk_session import DeskSession
from bot.settings import load
from bot.store import tables
from bot.store.database import Database
from bot.store.records import TicketRecord
from bot.store.tickets import Tickets
from tests.reporting import answers_all, code_in, presses

QUESTION = "У якому місті вас чекає перевізник? {code}"
ANSWER = "У Жешуві, мене звати Олена Петренко, мій телефон +380671112233."
LATER = {"stage": "recruitment", "when__moment": "leaving", "deadline": "later"}


async def send(chat, language: str = "en", **changed: str) -> tuple[Any, str, str]:
    """Send a report; return the person, the ticket's id and the receipt code."""
    person = chat.open(language)
    await person.presses("/report")
    shown = await answers_all(person, **{**LATER, **changed})
    ticket, code = person.slots["draft"]["report"]["ticket"], code_in(shown[-1]["text"])
    await presses(person, "affirm", "report.preview")
    return person, ticket, code


def desk(passphrase: str) -> DeskSession:
    return desk_session.log_in(load(), "training", founding.TRAINING_MEMBER, passphrase)


def record(session: DeskSession, ticket: str) -> TicketRecord:
    return session.ticket(ticket)[0]


async def look_up(chat, code: str, language: str = "en") -> tuple[Any, str]:
    """Type a receipt code in a session of its own; return the person and all that was told."""
    person = chat.open(language)
    await person.presses("/receipt")
    return person, told(await person.says(code))


def told(replies: list[dict[str, Any]]) -> str:
    return "\n".join(reply["text"] for reply in replies)


async def press(person, title: str) -> str:
    """Press the button whose title holds these words, in the last message."""
    buttons = person.session.replies[-1]["buttons"]
    [key] = [button["payload"] for button in buttons if title in button["title"]]
    return told(await person.presses(person.session.buttons[key]))


def stored(ticket: str) -> TicketRecord:
    found = Tickets(Database(load().database_url)).get(ticket)
    assert found
    return found


async def test_a_question_is_shown_answered_with_consent_and_read_at_the_desk(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat, "uk")
    session = desk(passphrase)
    session.talk.ask(record(session, ticket), QUESTION)
    person, shown = await look_up(chat, code, "uk")
    assert QUESTION in shown and "запитує" in shown
    await press(person, "Відповісти")
    preview = told(await person.says(ANSWER))
    assert "Жешуві" in preview and "Петренко" not in preview and "671112233" not in preview
    assert [kind for _, note in session.talk.thread(ticket).said if (kind := note.kind)] == ["question"]
    assert "надіслано" in await press(person, "Надіслати")
    [(_, asked), (_, answer)] = session.talk.thread(ticket).said
    assert asked.text == QUESTION and asked.member == founding.TRAINING_MEMBER
    assert "Жешуві" in answer.text and "Петренко" not in answer.text and answer.answers == 1
    _, again = await look_up(chat, code, "uk")
    assert "Відповідь надіслано" in again and "Жешуві" not in again


@pytest.mark.parametrize("words", ["yes", "really?", "skip", "send it"])
async def test_typed_words_send_no_answer(chat, passphrase: str, words: str) -> None:
    _, ticket, code = await send(chat)
    session = desk(passphrase)
    session.talk.ask(record(session, ticket), "Where?")
    person, _ = await look_up(chat, code)
    await press(person, "Answer")
    await person.says("At the station")
    await person.says(words)
    assert len(session.talk.thread(ticket).said) == 1


async def test_an_answer_pressed_twice_is_sent_once(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat)
    session = desk(passphrase)
    session.talk.ask(record(session, ticket), "Where?")
    person, _ = await look_up(chat, code)
    await press(person, "Answer")
    await person.says("At the station")
    [key] = [b["payload"] for b in person.session.replies[-1]["buttons"] if "Send" in b["title"]]
    for _ in range(2):
        await person.presses(person.session.buttons[key])
    assert [note.kind for _, note in session.talk.thread(ticket).said] == ["question", "answer"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A person at"), ("uk", "переглянула мій результат"), ("de", "hat mein Ergebnis")]
)
async def test_a_correction_of_the_level_is_shown_in_plain_words(chat, passphrase: str, language, words) -> None:
    _, ticket, code = await send(chat, language)
    session = desk(passphrase)
    session.talk.correct(record(session, ticket), "none_found", "The employer answers all questions.")
    _, shown = await look_up(chat, code, language)
    level = chat.services.texts.get("signs", "level.none_found", language)
    assert words in shown and level in shown and "The employer answers all questions." in shown


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_of_an_outcome_the_person_learns_only_where_the_report_went(chat, passphrase: str, outcome: str) -> None:
    _, ticket, code = await send(chat)
    session = desk(passphrase)
    session.talk.decide(record(session, ticket), "accepted")
    assert "someone has taken it up" in (await look_up(chat, code))[1]
    session.talk.decide(record(session, ticket), "done", outcome)
    _, shown = await look_up(chat, code)
    assert "closed" in shown and ("passed to people" in shown) == outcome.startswith(("to_", "other"))
    assert stored(ticket).outcome == outcome


def change(statement: Any) -> None:
    with Database(load().database_url).write() as connection:
        connection.execute(statement)


async def test_a_state_that_nobody_signed_is_not_told(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat)
    change(update(tables.ticket).where(tables.ticket.c.id == ticket).values(state="accepted"))
    _, shown = await look_up(chat, code)
    assert "cannot confirm" in shown and "taken it up" not in shown


async def test_a_question_that_was_tampered_with_is_not_shown(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat)
    _, other, _ = await send(chat)
    session = desk(passphrase)
    for each in (ticket, other):
        session.talk.ask(record(session, each), f"Where is {each}?")
    message = tables.message.c
    change(delete(tables.message).where(message.ticket == ticket))
    change(update(tables.message).where(message.ticket == other).values(ticket=ticket))
    _, shown = await look_up(chat, code)
    assert "Where is" not in shown and "waiting" in shown
    assert session.talk.thread(ticket).closed == 1


async def test_an_urgent_report_is_held_for_a_day_and_both_sides_are_told(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat, stage="exploitation", when__moment="now")
    person, _ = await look_up(chat, code)
    assert "24 hours" in await press(person, "Take the report back")
    before = datetime.now(timezone.utc)
    assert "can still read it until" in await press(person, "Yes, take it back")
    held = stored(ticket)
    assert held.sealed_body is not None and held.held_until is not None and held.held_until.minute == 0
    assert timedelta(hours=24) <= held.held_until - before <= timedelta(hours=25, minutes=1)
    _, content = desk(passphrase).ticket(ticket)
    assert content.urgent
    again, shown = await look_up(chat, code)
    assert "taken back" in shown and "until" in shown and not again.slots.get("asked")
    tickets = Tickets(Database(load().database_url))
    assert ticket in tickets.due_withdrawals(held.held_until)


@pytest.mark.parametrize("age", ["child", "unsure"])
async def test_a_report_about_a_child_is_held_too(chat, passphrase: str, age: str) -> None:
    _, ticket, code = await send(chat, age=age)
    person, _ = await look_up(chat, code)
    await press(person, "Take the report back")
    assert "can still read it until" in await press(person, "Yes, take it back")
    assert stored(ticket).sealed_body is not None


async def test_another_report_is_erased_at_once_even_when_it_is_closed(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat)
    session = desk(passphrase)
    session.talk.decide(record(session, ticket), "rejected")
    session.talk.decide(record(session, ticket), "done", "insufficient")
    person, _ = await look_up(chat, code)
    assert "24 hours" not in await press(person, "Take the report back")
    await press(person, "Yes, take it back")
    assert stored(ticket).sealed_body is None and stored(ticket).state == "revoked"


async def with_word(chat, word: str) -> tuple[str, str]:
    person, ticket, code = await send(chat)
    assert "cannot answer or take the report back" in await press(person, "secret word")
    assert "The word is set" in told(await person.says(word))
    assert not any("secret word" in button["title"] for button in person.session.replies[-1]["buttons"])
    return ticket, code


async def test_a_spoken_word_is_needed_to_take_a_report_back_and_to_answer(chat, passphrase: str) -> None:
    ticket, code = await with_word(chat, "Green kettle")
    session = desk(passphrase)
    session.talk.ask(record(session, ticket), "Where?")
    person, shown = await look_up(chat, code)
    assert "waiting" in shown and "Where?" in shown
    assert "secret word" in await press(person, "Take the report back")
    assert "not the word" in told(await person.says("blue kettle"))
    assert stored(ticket).sealed_body is not None
    assert "Take it back?" in told(await person.says("green KETTLE!"))
    await press(person, "Leave it")
    person, _ = await look_up(chat, code)
    await press(person, "Answer")
    await person.says("green kettle")
    await person.says("At the station")
    assert "Your answer is sent" in await press(person, "Send")


async def test_no_forged_button_goes_round_the_spoken_word(chat) -> None:
    ticket, code = await with_word(chat, "Green kettle")
    person, _ = await look_up(chat, code)
    for question, value in (("receipt.withdraw", f"sure:{ticket}"), ("receipt.send", None), ("receipt.answer", None)):
        await presses(person, "affirm", question, value)
    assert stored(ticket).sealed_body is not None


async def test_after_many_wrong_words_the_next_must_wait_but_the_status_is_seen(chat) -> None:
    ticket, code = await with_word(chat, "Green kettle")
    person, _ = await look_up(chat, code)
    await press(person, "Take the report back")
    for number in range(5):
        assert "not the word" in told(await person.says(f"kettle number {number}"))
    assert "wait ten minutes" in told(await person.says("green kettle"))
    assert "waiting" in (await look_up(chat, code))[1] and stored(ticket).sealed_body is not None


async def test_the_word_outlives_an_addition(chat) -> None:
    person, _, code = await send(chat)
    await press(person, "secret word")
    await person.says("Green kettle")
    await presses(person, "affirm", "report.more")
    while person.slots["asked"] != "report.preview":
        await presses(person, "affirm", person.slots["asked"])
    assert "Your answers are sent" in told(await presses(person, "affirm", "report.preview"))
    visitor, _ = await look_up(chat, code)
    assert "secret word" in await press(visitor, "Take the report back")


@pytest.mark.parametrize("typed", ["no", "x" * 70])
async def test_a_word_that_cannot_be_used_leaves_the_receipt_without_one(chat, typed: str) -> None:
    person, _, code = await send(chat)
    await press(person, "secret word")
    assert "too short or too long" in told(await person.says(typed))
    await press(person, "Without a word")
    visitor, _ = await look_up(chat, code)
    assert "Take it back?" in await press(visitor, "Take the report back")


async def test_danger_in_an_answer_comes_first_and_the_answer_can_go_on(chat, passphrase: str) -> None:
    _, ticket, code = await send(chat, "uk")
    session = desk(passphrase)
    session.talk.ask(record(session, ticket), "Де?")
    person, _ = await look_up(chat, code, "uk")
    await press(person, "Відповісти")
    replies = await person.says("мене замкнули, рятуйте")
    assert replies[0]["kind"] == "emergency"
    assert "Де?" in told(await person.presses('/deny{"question": "danger"}'))
    assert "Жешуві" in told(await person.says("У Жешуві"))


async def test_five_words_find_the_report_too(chat) -> None:
    person, _, _ = await send(chat, "uk")
    [sent] = [reply["text"] for reply in person.session.replies if "код звернення: " in reply["text"]][-1:]
    found = re.search(r"п'ятьма словами: (.+)", sent)
    assert found
    _, shown = await look_up(chat, found.group(1).upper().replace(",", ""), "uk")
    assert "надіслано" in shown


@pytest.mark.parametrize("language", ["de", "en", "pl", "ro", "ru", "uk"])
async def test_no_receipt_in_words_is_taken_for_danger(chat, language: str) -> None:
    words = chat.services.knowledge.receipt_words[language]
    chance = random.Random(5)
    for _ in range(5):
        _, shown = await look_up(chat, " ".join(chance.sample(words, 5)), language)
        assert shown.endswith(chat.services.texts.get("chat", "utter_receipt_unknown", language))
