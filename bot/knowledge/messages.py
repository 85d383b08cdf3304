"""The example messages of `data/nlu`, as Rasa reads them: what people say to an assistant, by intent."""

from collections.abc import Iterator
from pathlib import Path

from bot.knowledge.files import read_yaml


def example_messages(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield language, intent and words of each example.

    Raises:
        KnowledgeError: a file does not fit.
    """
    for path in sorted((data / "nlu").glob("*.yml")):
        for intent in read_yaml(path)["nlu"]:
            for line in intent["examples"].splitlines():
                yield path.stem, intent["intent"], line.removeprefix("- ").strip()
