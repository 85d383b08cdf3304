"""One step of a conversation, as a pure function."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.advance import advance, text_to_check
from bot.conversation.offer import answered_signs
from bot.conversation.payloads import parse, payload
from bot.conversation.state import Event, Reply, State
from bot.knowledge.danger import DangerKind
from bot.knowledge.signs import Kind
from bot.offers.level import Level
from bot.offers.verdict import Evidence, SignFound, Verdict
from bot.safety.danger import Danger

OFFER = "Робота в Німеччині, 3500 євро, паспорт залишиться у нас"
VERDICT = Verdict(
    language="uk", kind=Kind.JOB, direction="offering", level=Level.HIGH, concern=None,
    signs=(SignFound("J24", (Evidence(OFFER[31:], 31, len(OFFER)),)),), missing=(), identifiers=(),
    questions=("J14", "J7"),
)  # fmt: skip
TALK = replace(VERDICT, kind=Kind.OTHER, direction="other", signs=(), questions=(), level=Level.NONE_FOUND)
INTENTS = [
    "greet",
    "goodbye",
    "affirm",
    "deny",
    "dont_know",
    "skip",
    "thank",
    "help",
    "check",
    "leaving",
    "report",
    "numbers",
    "signs",
    "human",
    "language",
    "receipt",
    "delete",
    "exit",
    "other",
    "contact",
    "nlu_fallback",
]


def responses(replies: tuple[Reply, ...]) -> list[str]:
    return [reply.response or "card" for reply in replies]


def pasted() -> State:
    state, _ = advance(State(), Event("other", text=OFFER, message="m1", verdict=VERDICT))
    return state


def test_a_pasted_offer_gets_its_card_and_the_first_question_at_once() -> None:
    state, replies = advance(State(), Event("other", text=OFFER, message="m1", verdict=VERDICT))
    assert responses(replies) == ["card", "utter_ask_sign"]
    assert replies[0].about == "m1" and state.asked == "sign.J14"


def test_answers_lead_to_the_updated_card_and_next_steps() -> None:
    state = pasted()
    state, replies = advance(state, Event("affirm", question="sign.J14", verdict=VERDICT))
    assert responses(replies) == ["utter_ask_sign"] and state.asked == "sign.J7"
    state, replies = advance(state, Event("skip", question="sign.J7", verdict=VERDICT))
    assert responses(replies) == ["card", "utter_next_high"]
    assert state.asked is None
    assert answered_signs(state.answers) == {"J14": True}


def test_typed_answers_count_only_while_something_is_asked() -> None:
    state, replies = advance(pasted(), Event("affirm", text="так", verdict=VERDICT))
    assert state.answers == {"sign.J14": "yes"}
    state, replies = advance(State(), Event("affirm", text="так"))
    assert responses(replies) == ["utter_nothing_asked"] and state.answers == {}


def test_what_is_no_answer_is_asked_again_and_loses_nothing() -> None:
    before = pasted()
    state, replies = advance(before, Event("nlu_fallback", text="хм"))
    assert responses(replies) == ["utter_answer_unclear", "utter_ask_sign"]
    assert state == before


def test_a_second_offer_pasted_at_a_question_starts_a_new_check() -> None:
    longer = OFFER + " " + "виїзд завтра, квиток купимо, питань не треба, чекаємо на вокзалі"
    before = pasted()
    event = Event("other", text=longer, message="m2")
    assert text_to_check(before, event) == longer
    state, replies = advance(before, replace(event, verdict=VERDICT))
    assert responses(replies)[0] == "card" and state.answers == {} and state.draft["text"] == longer


def test_danger_in_material_asks_whether_it_is_now_beside_the_check() -> None:
    danger = Danger(DangerKind.DOCUMENTS_TAKEN, 0, 5, material=True)
    state, replies = advance(State(), Event("other", text=OFFER, message="m1", danger=danger, verdict=VERDICT))
    assert responses(replies) == ["utter_ask_material", "card"] and state.asked == "material"
    state_yes, replies = advance(state, Event("affirm", question="material", verdict=VERDICT))
    assert responses(replies) == ["utter_emergency"] and state_yes.flow == "emergency"
    _state_no, replies = advance(state, Event("deny", question="material", verdict=VERDICT))
    assert responses(replies) == ["utter_material_checked", "utter_ask_sign"]


def test_an_interrupted_question_resumes() -> None:
    interrupted = pasted().interrupted()
    assert interrupted.asked is None and interrupted.suspended == {"flow": "check", "asked": "sign.J14"}
    state, replies = advance(interrupted, Event("deny", question="danger"))
    assert responses(replies) == ["utter_resumed", "utter_ask_sign"]
    assert state.asked == "sign.J14" and state.suspended is None


def test_a_second_danger_keeps_the_first_interrupted_question() -> None:
    twice = pasted().interrupted().interrupted()
    assert twice.suspended == {"flow": "check", "asked": "sign.J14"}


def test_leaving_takes_two_taps() -> None:
    state, first = advance(State(), Event("leaving"))
    state, second = advance(state, Event("affirm", question="leaving.second"))
    assert responses((*first, *second)) == ["utter_leaving_first", "utter_leaving_second"]


def test_a_place_chosen_in_an_emergency_shows_the_card_again() -> None:
    state, replies = advance(State(flow="emergency"), Event("numbers", question="place.writer"))
    assert responses(replies) == ["utter_ask_place"]
    state, replies = advance(state, Event("numbers", value="PL"))
    assert responses(replies) == ["utter_emergency"] and state.places == {"writer": "PL"}


def test_reporting_says_that_nothing_can_be_passed_on() -> None:
    _, replies = advance(State(), Event("report"))
    assert responses(replies) == ["utter_report_unavailable"]


@pytest.mark.parametrize("intent", ["delete", "exit"])
def test_delete_and_exit_leave_nothing_in_the_state(intent: str) -> None:
    state, _ = advance(pasted(), Event(intent))
    assert state == State(language="uk")


@given(
    intent=st.sampled_from(INTENTS),
    text=st.one_of(st.none(), st.text(min_size=1, max_size=80)),
    question=st.sampled_from([None, "sign.J14", "material", "danger", "place.writer", "leaving.second", "sign.X"]),
    value=st.sampled_from([None, "PL", "uk", "other", "job", "now"]),
    verdict=st.sampled_from([None, VERDICT, TALK]),
    asked=st.sampled_from([None, "sign.J14", "sign.J7", "material", "place.writer", "leaving.second"]),
)
def test_every_event_in_every_state_gets_an_answer_and_a_state_that_can_be_stored(
    intent, text, question, value, verdict, asked
) -> None:
    """Invariant 10, below the surface."""
    before = replace(pasted(), asked=asked)
    state, replies = advance(before, Event(intent, text, question, value, "m9", None, verdict))
    assert replies
    assert State.from_slots(json.loads(json.dumps(state.to_slots()))) == State.from_slots(state.to_slots())


@pytest.mark.parametrize("parts", [("greet", None, None), ("affirm", "sign.J24", None), ("numbers", None, "PL")])
def test_payloads_can_be_read_back(parts: tuple) -> None:
    assert parse(payload(*parts)) == parts
