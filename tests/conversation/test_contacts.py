"""Who is behind what was passed on stays beside the words, and in a report only where it was put in."""

import json
from dataclasses import replace

import pytest

from bot.conversation.advance import advance
from bot.conversation.contacts import of_offer
from bot.conversation.reporting.draft import report_in
from bot.conversation.state import Event, State
from bot.reports.contact import MOST, Contact, Source, read_contacts, together
from tests.conversation.test_advance import OFFER, TALK, VERDICT, pasted, responses

WRITER = Contact(Source.ORIGIN, "handle", "@robota_de", "telegram", "123")
CARD = Contact(Source.CARD, "phone", "+380501234567")


def card(*contacts: Contact) -> Event:
    return Event("contact", contacts=contacts or (CARD,))


def forward(text: str = OFFER, *contacts: Contact) -> Event:
    return Event("other", text=text, message="m2", verdict=VERDICT, passed_on=True, contacts=contacts)


def test_the_writer_of_a_forward_goes_with_the_offer_and_can_be_kept_as_plain_values() -> None:
    state, _ = advance(State(), forward(OFFER, WRITER))
    assert of_offer(json.loads(json.dumps(state.draft))) == (WRITER,)
    assert "robota_de" not in state.draft["text"]


def test_a_new_offer_has_its_own_contacts_alone() -> None:
    state, _ = advance(State(), forward(OFFER, WRITER))
    assert of_offer(advance(state, forward())[0].draft) == ()


def test_a_card_that_comes_before_the_offer_waits_for_it() -> None:
    state, replies = advance(State(), card())
    assert responses(replies) == ["utter_contact_noted"]
    assert of_offer(advance(state, forward(OFFER, WRITER))[0].draft) == (CARD, WRITER)


def test_a_card_that_comes_after_the_offer_joins_it_and_the_open_question_comes_again() -> None:
    state, replies = advance(pasted(), card())
    assert of_offer(state.draft) == (CARD,) and state.draft["text"] == OFFER
    assert responses(replies) == ["utter_contact_noted", "utter_ask_sign"] and state.asked == pasted().asked


def test_the_writer_of_words_that_are_no_offer_is_not_kept() -> None:
    state, _ = advance(State(), replace(forward("Добрий день, як справи", WRITER), verdict=TALK))
    assert state.draft is None


@pytest.mark.parametrize("intent", ["delete", "exit"])
def test_contacts_are_forgotten_with_all_else(intent: str) -> None:
    state, _ = advance(State(), card())
    assert advance(state, Event(intent))[0].draft is None


def test_each_contact_is_kept_once_and_not_more_than_a_few() -> None:
    many = [replace(CARD, value=str(number)) for number in range(MOST + 5)]
    assert together([CARD], [CARD, WRITER]) == (CARD, WRITER) and len(together(many)) == MOST
    assert read_contacts(None) == ()


def test_without_a_report_no_report_is_made_of_a_contact() -> None:
    assert report_in(advance(State(), card())[0].draft) is None
