"""The safety policy: own words of danger get the card next; material does not interrupt."""

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import PROJECT_ROOT
from policies.flow import FlowPolicy
from policies.safety import SafetyPolicy

DOMAIN = Domain.from_path(str(PROJECT_ROOT / "domain.yml"))


@pytest.fixture
def safety(tmp_path):
    return make(SafetyPolicy, tmp_path)


def make(kind, folder):
    return kind.create(
        kind.get_default_config(),
        LocalModelStorage.create(folder),
        Resource("policy"),
        ExecutionContext(GraphSchema({}), "test"),
    )


def tracker(danger=None, *, text="слова", asked=None, after=()):
    parsed = {"danger": danger, "intent": {"name": "other"}, "entities": [], "text": text}
    events = [ActionExecuted("action_session_start")]
    if asked:
        events += [SlotSet("flow", "check"), SlotSet("asked", asked)]
    events += [ActionExecuted("action_listen"), UserUttered(text, {"name": "other"}, [], parsed)]
    events += [ActionExecuted(name) for name in after]
    return DialogueStateTracker.from_events("x", events, DOMAIN.slots)


def predicted(prediction: PolicyPrediction) -> str:
    return DOMAIN.action_names_or_texts[prediction.probabilities.index(max(prediction.probabilities))]


def own(kind="locked_in"):
    return {"kind": kind, "start": 0, "end": 5, "material": False}


@pytest.mark.parametrize(
    "kind, card",
    [
        ("locked_in", "utter_emergency"), ("documents_taken", "utter_emergency"), ("safe_word", "utter_emergency"),
        ("self_harm", "utter_emergency_self_harm"), ("missing_child", "utter_emergency_child"),
        ("child_sexual_exploitation", "utter_emergency_child"), ("child_at_risk", "utter_emergency_child"),
    ],
)  # fmt: skip
def test_own_words_of_danger_get_the_card_that_fits(safety, kind: str, card: str) -> None:
    prediction = safety.predict_action_probabilities(tracker(own(kind)), DOMAIN)
    assert predicted(prediction) == card and prediction.is_no_user_prediction


def test_the_open_question_is_put_aside_and_not_answered(safety) -> None:
    prediction = safety.predict_action_probabilities(tracker(own(), asked="sign.J24"), DOMAIN)
    slots = {event.key: event.value for event in prediction.optional_events}
    assert slots == {
        "asked": None, "flow": "emergency", "suspended": {"flow": "check", "asked": "sign.J24"},
    }  # fmt: skip


def test_after_the_card_it_listens(safety) -> None:
    prediction = safety.predict_action_probabilities(tracker(own(), after=["utter_emergency"]), DOMAIN)
    assert predicted(prediction) == "action_listen" and prediction.is_no_user_prediction


def test_a_long_message_of_danger_is_also_checked_after_the_card(safety) -> None:
    long = tracker(own(), text="слово " * 40, after=["utter_emergency"])
    assert predicted(safety.predict_action_probabilities(long, DOMAIN)) == "action_turn"
    done = tracker(own(), text="слово " * 40, after=["utter_emergency", "action_turn"])
    assert predicted(safety.predict_action_probabilities(done, DOMAIN)) == "action_listen"


@pytest.mark.parametrize("danger", [None, {**own(), "material": True}])
def test_without_danger_of_ones_own_it_stays_out_of_the_way(safety, danger) -> None:
    prediction = safety.predict_action_probabilities(tracker(danger), DOMAIN)
    assert not prediction.is_no_user_prediction and max(prediction.probabilities) == 0


def test_the_flow_policy_takes_one_turn_and_listens(tmp_path) -> None:
    flow = make(FlowPolicy, tmp_path)
    assert predicted(flow.predict_action_probabilities(tracker(), DOMAIN)) == "action_turn"
    assert predicted(flow.predict_action_probabilities(tracker(after=["action_turn"]), DOMAIN)) == "action_listen"


def test_safety_comes_before_flow() -> None:
    assert SafetyPolicy.get_default_config()["priority"] > FlowPolicy.get_default_config()["priority"]
