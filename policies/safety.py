"""The safety policy: danger in someone's own words gets the emergency card as the very next message.

A turn with danger is decided in this order:

1. the person spoke: the card that fits the danger, and the open question is put aside by slot events of
   the same prediction, so that the words of danger can never become its answer;
2. the card was shown, and the words came with a longer text: that text is checked as a second message;
3. otherwise: listen.

It predicts as `is_no_user_prediction`, because the ensemble lets such predictions overrule everything
before it looks at priority.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.heard import heard_from
from bot.conversation.spoken import follow, unasked
from bot.conversation.state import State
from policies.flow import ACTION_TURN, FlowPolicy

_CARDS = {
    "self_harm": "utter_emergency_self_harm",
    "missing_child": "utter_emergency_child",
    "child_at_risk": "utter_emergency_child",
    "child_sexual_exploitation": "utter_emergency_child",
}
CARD = "utter_emergency"
_LONG_WORDS = 15
"""Own words from this length on may also hold an offer, which is then checked as a second message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(FlowPolicy):
    """Predicts the emergency card where `parse_data["danger"]` is set and the words are the person's own."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Returns the default config (see parent class for full docstring)."""
        return {"priority": 100}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the next action (see parent class for full docstring)."""
        danger = _own_danger(tracker)
        if danger is None:
            return self._prediction(self._default_predictions(domain))
        last = tracker.latest_action_name
        if last == ACTION_LISTEN_NAME:
            return self.predict(domain, _CARDS.get(danger["kind"], CARD), events=_put_aside(tracker), certain=True)
        if last is not None and last.startswith(CARD) and _may_hold_an_offer(tracker):
            return self.predict(domain, ACTION_TURN, certain=True)
        return self.predict(domain, ACTION_LISTEN_NAME, certain=True)


def _own_danger(tracker: DialogueStateTracker) -> Optional[Dict[Text, Any]]:
    message = tracker.latest_message
    danger = message.parse_data.get("danger") if message is not None and message.parse_data else None
    if not danger or danger["material"]:
        return None
    found: Dict[Text, Any] = danger
    return found


def _may_hold_an_offer(tracker: DialogueStateTracker) -> bool:
    text = tracker.latest_message.text if tracker.latest_message is not None else None
    return bool(text and len(text.split()) >= _LONG_WORDS and not tracker.get_slot("suspended"))


def _put_aside(tracker: DialogueStateTracker) -> List[Event]:
    """Return the slots that put the open question aside and answer in the language of the words."""
    state = State.from_slots(tracker.current_slot_values())
    spoken = tracker.latest_message.parse_data.get("spoken") if tracker.latest_message is not None else None
    followed = unasked(follow(state, heard_from(spoken), danger=True))
    before, after = state.to_slots(), followed.interrupted().to_slots()
    return [SlotSet(name, value) for name, value in after.items() if value != before[name]]
