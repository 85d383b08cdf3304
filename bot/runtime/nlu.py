"""What Rasa's NLU components need from the process: the vector cache, in training as in serving."""

from collections.abc import Sequence
from functools import lru_cache

from bot.language.embedding import Embedding, Vectors
from bot.runtime import models, phrases, services
from bot.settings import load


@lru_cache(maxsize=1)
def _phrases() -> phrases.PhraseVectors:
    return models.phrase_vectors(load())


def _phrase_vectors(texts: Sequence[str]) -> Vectors:
    return _phrases().of(texts, lambda step, done, total: None)


def vectors() -> Embedding:
    """Return the serving cache once the services are built, otherwise the stored vectors of our phrases."""
    if services.current.cache_info().currsize:
        return services.current().vectors
    return _phrase_vectors
