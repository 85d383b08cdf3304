"""The vectors of our own phrases, by the hash of their text: most come with the project, in `data/vectors`.

Embedding all phrases takes minutes on a small machine, so each is embedded once, by whoever adds it
(`make vectors`), and kept with its language in 8 bits. New phrases are rounded in the same way before
training sees them: a model does not depend on which machine made the vectors.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.language.embedding import DIMENSIONS, E5Embedding, Vectors, embed_on_all_cores

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done, and how much there is."""

_HASH_BYTES = 12
_BATCH = 256
_LEVELS = 127
Rounded = dict[bytes, tuple[NDArray[np.int8], np.float32]]
"""Per text hash: components as multiples of a scale, and the scale."""


class PhraseVectors:
    """Looks vectors up in the project's files and this machine's own, and embeds what neither holds."""

    def __init__(self, own: Path, shipped: Path) -> None:
        self._own = own
        self._shipped: Rounded = {}
        for file in sorted(shipped.glob("*.npz")):
            self._shipped.update(read_rounded(file))
        self._added: Rounded = read_rounded(own) if own.exists() else {}

    def of(self, texts: Sequence[str], progress: Progress) -> Vectors:
        """Return the vectors of these texts in order, shape (n, 384), embedding and keeping those not yet known."""
        rounded = self.rounded(texts, progress)
        return np.stack([components * scale for components, scale in (rounded[text_hash(t)] for t in texts)])

    def rounded(self, texts: Iterable[str], progress: Progress) -> Rounded:
        """Return the rounded vectors of these texts by their hash."""
        wanted = {text_hash(text): text for text in texts}
        missing = {h: t for h, t in wanted.items() if h not in self._shipped and h not in self._added}
        if missing:
            self._embed(missing, progress)
            write_rounded(self._own, self._added)
        return {h: self._shipped[h] if h in self._shipped else self._added[h] for h in wanted}

    def _embed(self, missing: Mapping[bytes, str], progress: Progress) -> None:
        embedding, hashes = E5Embedding(), list(missing)
        for at in range(0, len(hashes), _BATCH):
            progress("phrases", at, len(hashes))
            part = hashes[at : at + _BATCH]
            vectors = embed_on_all_cores(embedding, [missing[h] for h in part], batch=32)
            self._added.update((h, round_vector(vector)) for h, vector in zip(part, vectors, strict=True))
        progress("phrases", len(hashes), len(hashes))


def text_hash(text: str) -> bytes:
    """Return the key of a text: the first bytes of its SHA-256."""
    return hashlib.sha256(text.encode()).digest()[:_HASH_BYTES]


def round_vector(vector: NDArray[np.float32]) -> tuple[NDArray[np.int8], np.float32]:
    """Return a vector as whole multiples of its largest component's 127th part."""
    scale = np.float32(np.abs(vector).max() / _LEVELS)
    return np.round(vector / scale).astype(np.int8), scale


def read_rounded(path: Path) -> Rounded:
    """Read what `write_rounded` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        hashes: NDArray[Any] = stored["hashes"]
        return dict(zip(map(bytes, hashes), zip(stored["components"], stored["scales"], strict=True), strict=True))


def write_rounded(path: Path, rounded: Rounded) -> None:
    """Write vectors in the order of their hashes, so that a small change is a small difference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hashes = sorted(rounded)
    np.savez(
        path,
        hashes=np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, _HASH_BYTES),
        components=np.array([rounded[h][0] for h in hashes], dtype=np.int8).reshape(-1, DIMENSIONS),
        scales=np.array([rounded[h][1] for h in hashes], dtype=np.float32),
    )
