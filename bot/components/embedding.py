"""A Rasa featurizer over the sentence embedding."""

from __future__ import annotations

from typing import Any, Dict, List, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.embedding import DIMENSIONS, Vectors
from bot.runtime import nlu
from bot.runtime.turns import intent_text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives each message the vector of its meaning, `scale` times unit length.

    The scale weighs meaning against the character n-grams beside it in the classifier.
    """

    def __init__(self, execution_context: ExecutionContext, config: Dict[Text, Any]) -> None:
        """Takes its scale from the pipeline."""
        super().__init__(execution_context.node_name, config)
        self._scale = float(config["scale"])

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Rasa wants tokens before any featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Returns the default config (see parent class for full docstring)."""
        return {**DenseFeaturizer.get_default_config(), "scale": 8.0}

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Nothing to validate."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingFeaturizer:
        """Creates the component (see parent class for full docstring)."""
        return cls(execution_context, config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives all examples their vectors, most of which the training of the check has stored."""
        messages = [example for example in training_data.training_examples if example.get(TEXT)]
        vectors = nlu.vectors()([intent_text(message.get(TEXT)) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            self._set(message, vector)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Embeds messages; the turn has warmed the cache, so this only looks up."""
        for message in messages:
            if message.get(TEXT):
                self._set(message, nlu.vectors()([intent_text(message.get(TEXT))])[0])
        return messages

    def _set(self, message: Message, vector: Vectors) -> None:
        features = (self._scale * vector).reshape(1, DIMENSIONS)
        for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
            message.add_features(Features(features, kind, TEXT, self._identifier))
