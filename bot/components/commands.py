"""Typed commands and the exit word: `/help`, `/exit`, … and one neutral word per language."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.language.fold import fold
from bot.runtime.services import current

COMMANDS = {
    "/exit": "exit",
    "/language": "language",
    "/help": "help",
    "/human": "human",
    "/receipt": "receipt",
    "/delete": "delete",
    "/start": "greet",
    "/menu": "greet",
    "/check": "check",
    "/signs": "signs",
    "/numbers": "numbers",
    "/leaving": "leaving",
    "/report": "report",
}
"""All that a typed slash can do: none of these carries a value, so typing can forge nothing."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Commands(GraphComponent):
    """Sets the intent of a typed command or exit word with certainty."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Commands:
        """Creates the component (see parent class for full docstring)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Overrides the classifier where the whole message is a command."""
        languages = current().knowledge.languages.values()
        words = {fold(language.exit_word).text: "exit" for language in languages} | COMMANDS
        for message in messages:
            intent = words.get(fold(message.get(TEXT) or "").text.strip(" .!"))
            if intent is not None:
                message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
        return messages
