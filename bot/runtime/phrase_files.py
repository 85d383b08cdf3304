"""Keeping `data/vectors` complete: `make vectors`, after phrases were added or changed."""

import sys

from bot import PROJECT_ROOT
from bot.runtime.models import phrase_vectors, phrases_by_language
from bot.runtime.phrases import read_rounded, text_hash, write_rounded
from bot.runtime.services import Knowledge, load_knowledge
from bot.settings import load

FOLDER = PROJECT_ROOT / "data" / "vectors"


def write(knowledge: Knowledge) -> int:
    """Write the vectors of all phrases, one file a language; return how many there are."""
    vectors = phrase_vectors(load())
    for language, texts in phrases_by_language(knowledge).items():
        if texts:
            write_rounded(FOLDER / f"{language}.npz", vectors.rounded(sorted(texts), _progress))
    return sum(len(texts) for texts in phrases_by_language(knowledge).values())


def outdated(knowledge: Knowledge) -> list[str]:
    """Return the languages whose file lacks a phrase or holds one that is gone."""
    return [
        language
        for language, texts in phrases_by_language(knowledge).items()
        if texts and {text_hash(text) for text in texts} != _held(language)
    ]


def _held(language: str) -> set[bytes]:
    file = FOLDER / f"{language}.npz"
    return set(read_rounded(file)) if file.exists() else set()


def _progress(step: str, done: int, total: int) -> None:
    sys.stderr.write(f"{step} {done}/{total}\n")


if __name__ == "__main__":
    print(f"{write(load_knowledge())} phrases have their vectors in data/vectors.")
