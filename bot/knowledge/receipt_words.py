"""The words that a receipt can be written in: `data/words/<lang>.txt`, 2,048 a language, one a line."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.knowledge.files import KnowledgeError

SIZE = 2048
"""Words of a list: 11 bits each."""


def load_receipt_words(data: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the lists by language; the line of a word is its value, so a list in use must never change.

    Raises:
        KnowledgeError: a list has another number of words, or a word twice.
    """
    lists = {}
    for path in sorted((data / "words").glob("*.txt")):
        words = tuple(path.read_text(encoding="utf-8").split())
        if len(words) != SIZE or len(set(words)) != SIZE:
            raise KnowledgeError(f"{path} must hold {SIZE} different words: {len(set(words))} are there.")
        lists[path.stem] = words
    return MappingProxyType(lists)
