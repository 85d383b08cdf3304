"""Who wrote a forward and what a card says, and that the sender is never among it."""

import pytest
from telegram import Update

from bot.channels.telegram.incoming import Kind, heard

SENDER = {"id": 5, "is_bot": False, "first_name": "Олена", "last_name": "Петренко", "username": "Olena_P"}
CHAT = {"id": 5, "type": "private", "first_name": "Олена"}
OTHER = {"id": 6, "is_bot": False, "first_name": "Ігор", "last_name": "Коваль"}
CHANNEL = {"id": -1001234, "type": "channel", "title": "Робота\nв Європі"}


def of(**content):
    message = {"message_id": 1, "date": 1, "chat": CHAT, "from": SENDER, **content}
    return heard(Update.de_json({"update_id": 1, "message": message}, None))


def forwarded(origin):
    return of(text="слова", forward_origin={"date": 1, **origin})


def card(**details):
    return of(contact={"phone_number": "380501234567", "first_name": "Ігор", **details})


def values(found):
    return [(c.type, c.value, c.platform_id, c.url) for c in found.contacts]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ({"type": "user", "sender_user": OTHER}, [("person", "Ігор Коваль", "6", None)]),
        (
            {"type": "user", "sender_user": {**OTHER, "username": "robota_de"}},
            [("handle", "@robota_de", "6", None), ("person", "Ігор Коваль", None, None)],
        ),
        ({"type": "hidden_user", "sender_user_name": "Марія  К"}, [("person", "Марія К", None, None)]),
        (
            {"type": "channel", "message_id": 7, "chat": CHANNEL},
            [("chat", "Робота в Європі", "-1001234", "https://t.me/c/1234/7")],
        ),
        (
            {"type": "channel", "message_id": 7, "chat": {**CHANNEL, "username": "robota"}},
            [("handle", "@robota", "-1001234", "https://t.me/robota/7")],
        ),
        (
            {"type": "chat", "sender_chat": {"id": -44, "type": "group", "title": "Робота"}},
            [("chat", "Робота", "-44", None)],
        ),
    ],
)
def test_the_origin_is_kept_apart_from_the_words(origin, expected) -> None:
    found = forwarded(origin)
    assert values(found) == expected and found.text == "слова" and found.passed_on
    assert all(contact.platform == "telegram" for contact in found.contacts)


@pytest.mark.parametrize(
    "origin",
    [
        {"type": "user", "sender_user": {**SENDER, "username": "other", "first_name": "Інша"}},
        {"type": "user", "sender_user": {**OTHER, "username": "olena_p"}},
        {"type": "hidden_user", "sender_user_name": "олена Петренко"},
    ],
)
def test_the_sender_is_dropped_as_an_origin(origin) -> None:
    assert forwarded(origin).contacts == ()


def test_a_card_gives_phone_and_name_and_the_account_where_there_is_one() -> None:
    assert card().kind is Kind.CARD
    assert values(card()) == [("phone", "380501234567", None, None), ("person", "Ігор", None, None)]
    account = card(user_id=6, last_name="Коваль")
    assert values(account) == [("phone", "+380501234567", "6", None), ("person", "Ігор Коваль", "6", None)]
    assert card().contacts[0].platform is None and account.contacts[0].platform == "telegram"


@pytest.mark.parametrize("details", [{"user_id": 5}, {"first_name": "Олена", "last_name": "Петренко"}])
def test_the_senders_own_card_is_dropped_and_said_so(details) -> None:
    found = card(**details)
    assert found.kind is Kind.NOTICE and found.notice == "utter_contact_removed"
    assert "501234567" not in repr(found) and "Олена" not in repr(found) and "Ігор" not in repr(found)


def test_a_card_that_says_nothing_is_not_kept() -> None:
    found = of(contact={"phone_number": " ", "first_name": " "})
    assert found.kind is Kind.NOTICE and found.notice == "utter_contact_unread"


def test_a_namesake_with_an_account_of_their_own_is_kept() -> None:
    assert card(user_id=6, first_name="Олена", last_name="Петренко").kind is Kind.CARD
