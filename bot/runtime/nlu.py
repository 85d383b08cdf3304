"""What Rasa's NLU components need from the process: the vector cache, in training as in serving."""

from functools import lru_cache

from bot.language.embedding import E5Embedding, VectorCache
from bot.runtime import services


@lru_cache(maxsize=1)
def _training_vectors() -> VectorCache:
    return VectorCache(E5Embedding())


def vectors() -> VectorCache:
    """Return the serving cache once the services are built, otherwise one for training alone."""
    if services.current.cache_info().currsize:
        return services.current().vectors
    return _training_vectors()
