"""Danger as a Rasa component: read from every typed message before anything else."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.runtime.services import current
from bot.runtime.turns import CONTACTS, PASSED_ON, danger_in, heard_in

DANGER, SPOKEN = "danger", "spoken"
_METADATA = "metadata"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DangerDetector(GraphComponent):
    """Sets on a message `danger = {kind, start, end, material}` and `spoken`, what is known of its language.

    Registered as a tokenizer so that the recipe lets it stand first; it makes no tokens.
    """

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerDetector:
        """Creates the component (see parent class for full docstring)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data as it is: danger is no intent."""
        return training_data

    def process(self, messages: List[Message], tracker: Optional[DialogueStateTracker] = None) -> List[Message]:
        """Reads danger; an answer to a question is always the person's own words, and a forward never is."""
        asked = tracker.get_slot("asked") if tracker is not None else None
        language = tracker.get_slot("language") if tracker is not None else None
        for message in messages:
            text = message.get(TEXT) or ""
            about = message.get(_METADATA) or {}
            passed_on = bool(about.get(PASSED_ON))
            found = danger_in(current(), text, asked=asked, passed_on=passed_on)
            message.set(DANGER, to_json(found) if found else None, add_to_output=True)
            # Someone else's words say nothing of the language of the person who passes them on.
            heard = None if passed_on else heard_in(current(), text, language)
            message.set(SPOKEN, heard.to_json() if heard else None, add_to_output=True)
            message.set(PASSED_ON, passed_on, add_to_output=True)
            message.set(CONTACTS, about.get(CONTACTS) or [], add_to_output=True)
        return messages


def to_json(danger: Any) -> Dict[Text, Any]:
    """Return a danger as plain values."""
    return {"kind": danger.kind.value, "start": danger.start, "end": danger.end, "material": danger.material}
