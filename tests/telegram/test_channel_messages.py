"""What the channel makes of updates and of replies, without a network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram.chats import ChatRooms
from bot.channels.telegram.incoming import Kind, heard
from bot.channels.telegram.outgoing import keyboard, lines_text, messages
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.splitting import LONGEST, split, units
from bot.offers.card import render
from bot.runtime.turns import language_of
from tests.telegram.channel import OFFER

PERSON = {"id": 5, "is_bot": False, "first_name": "О", "language_code": "uk"}
CHAT = {"id": 5, "type": "private", "first_name": "О"}


def message(**content):
    return {"message_id": 1, "date": 1, "chat": CHAT, "from": PERSON, **content}


def of(kind="message", **content):
    return heard(Update.de_json({"update_id": 1, kind: message(**content)}, None))


@given(st.text(max_size=300), st.integers(min_value=2, max_value=60))
def test_parts_fit_and_together_say_everything(text, longest) -> None:
    parts = split(text, longest)
    assert all(0 < units(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_long_texts_are_cut_between_sentences() -> None:
    text = " ".join(f"Це речення номер {number} про роботу 🏠." for number in range(400))
    parts = split(text)
    assert len(parts) > 2 and all(part.endswith("🏠.") for part in parts)
    assert all(len(part.encode("utf-16-le")) // 2 <= LONGEST for part in parts)


def test_buttons_stand_one_below_another_lists_and_scissors_beside_each_other() -> None:
    titles = ["📨 Send this", *(f"✂️ {n}" for n in range(1, 8)), "✖️ Do not send"]
    rows = keyboard([{"title": title, "payload": str(n)} for n, title in enumerate(titles)])
    assert [len(row) for row in rows] == [1, 5, 2, 1]
    listed = keyboard([{"title": "Österreich", "payload": str(n), "listed": True} for n in range(5)])
    assert [len(row) for row in listed] == [2, 2, 1]


@pytest.mark.parametrize("language", ["uk", "en", "pl", "ro", "de", "ru"])
def test_a_card_is_complete_as_text(services, language) -> None:
    verdict = services.checker.check(OFFER, language_of(services, OFFER))
    card = render(verdict, services.knowledge.catalogue, services.texts, language)
    (shown,) = messages({"check": card, "kind": "check", "text": "", "buttons": []}, services.texts, language)
    for sign in card["signs"]:
        assert sign["title"] in shown.text and sign["source_text"] in shown.text
        assert all(evidence["text"].strip() in shown.text for evidence in sign["evidence"])
    assert card["limits"] in shown.text and card["summary"] in shown.text


def test_help_lines_keep_number_note_and_hours() -> None:
    card = {"name": "La Strada", "number": "116123", "note": "for everyone", "hours": "24/7", "href": "tel:116123"}
    assert lines_text([card]) == "📞 La Strada: 116123 (for everyone, 24/7)"


def test_only_the_last_part_of_a_long_reply_has_buttons(services) -> None:
    reply = {"text": "Слово. " * 2000, "buttons": [{"title": "Так", "payload": "key"}]}
    parts = messages(reply, services.texts, "uk")
    assert len(parts) > 2 and parts[-1].keys == {"key"} and not any(part.rows for part in parts[:-1])


@pytest.mark.parametrize(
    ("origin", "passed_on"),
    [
        (None, False),
        ({"type": "user", "date": 1, "sender_user": PERSON}, False),
        ({"type": "user", "date": 1, "sender_user": {**PERSON, "id": 6}}, True),
        ({"type": "hidden_user", "date": 1, "sender_user_name": "Марія"}, True),
        ({"type": "chat", "date": 1, "sender_chat": {"id": -1, "type": "group", "title": "x"}}, True),
        ({"type": "channel", "date": 1, "message_id": 2, "chat": {"id": -1, "type": "channel", "title": "x"}}, True),
    ],
)
def test_a_forward_is_passed_on_unless_it_is_ones_own_and_its_words_stay_as_they_are(origin, passed_on) -> None:
    found = of(text="слова", **({"forward_origin": origin} if origin else {}))
    assert found.passed_on is passed_on and found.text == "слова"


@pytest.mark.parametrize("service", ["pinned_message", "message_auto_delete_timer_changed"])
def test_service_messages_say_nothing(service) -> None:
    value = message(text="x") if service == "pinned_message" else {"message_auto_delete_time": 60}
    assert of(**{service: value}).kind is Kind.NOTHING


def test_other_bots_and_moving_locations_are_not_heard() -> None:
    assert of(text="x", **{"from": {**PERSON, "is_bot": True}}).kind is Kind.NOTHING
    assert of("edited_message", location={"latitude": 1, "longitude": 2}).kind is Kind.NOTHING


@given(st.text(min_size=1, max_size=40))
def test_no_deep_link_but_two_does_anything(link) -> None:
    found = of(text=f"/start {link}")
    assert found.kind is Kind.LINK if link in ("check", "help") else found.text == "/start"


def test_the_token_is_not_in_the_settings_text_form() -> None:
    assert "abc" not in repr(TelegramSettings("1:abc", webhook_secret="abc"))


def test_chat_ids_are_kept_as_keyed_hashes_only() -> None:
    rooms, others = ChatRooms(), ChatRooms()
    room = rooms.of(123456789)
    rooms.note_words(room, 1, "слова")
    assert "123456789" not in repr(vars(rooms)) and "слова" not in repr(vars(rooms))
    others.of(123456789)
    assert set(rooms._rooms) != set(others._rooms)
