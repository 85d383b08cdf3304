"""What the holder of a receipt reads of letters and decisions: the assistant's own words, as it will say them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from bot.knowledge.files import read_yaml
from bot.language.texts import SOURCE_LANGUAGE, Texts, load_english
from bot.reports.notes import DECISIONS, OUTCOMES, TOLD_OUTCOMES

_RESPONSES = {"question": "utter_receipt_question", "correction": "utter_receipt_correction"}


@dataclass(frozen=True)
class Reading:
    """A letter as it will be read, and the language of the assistant's words in it."""

    text: str
    language: str


class Told:
    """Words letters and decisions as the assistant does.

    Args:
        root: the project's folder.

    Raises:
        KnowledgeError: a file is missing or does not fit.
    """

    def __init__(self, root: Path) -> None:
        responses = read_yaml(root / "domain.yml")["responses"]
        decisions = {_decision(state, outcome) for state in DECISIONS for outcome in (None, *OUTCOMES)}
        english = {name: responses[name][0]["text"] for name in (*_RESPONSES.values(), *decisions)}
        locales = root / "data" / "locales"
        self._texts = Texts({"chat": english, "signs": load_english(root / "data/texts/card.yml")}, locales)
        self._languages = frozenset(path.parent.name for path in locales.glob("*/chat.po"))

    def letter(self, kind: str, desk: str, words: str, level: str, language: str) -> Reading:
        """Return a question or correction as it is read.

        Args:
            kind: `question` or `correction`.
            desk: the desk's name.
            words: what the member wrote.
            level: the level that a correction puts in place; not used for a question.
            language: the report's; English where the assistant does not speak it.
        """
        spoken = language if language in self._languages else SOURCE_LANGUAGE
        said = self._texts.get("chat", _RESPONSES[kind], spoken)
        named = self._texts.get("signs", f"level.{level}", spoken) if kind == "correction" else ""
        return Reading(said.format(desk=desk, words=words, level=named).strip(), spoken)

    def decision(self, state: str, outcome: Optional[str], language: str) -> str:
        """Return what is read after a ticket came into a state; English where the assistant lacks the language."""
        return self._texts.get("chat", _decision(state, outcome), language)


def _decision(state: str, outcome: Optional[str]) -> str:
    told = state == "done" and outcome in TOLD_OUTCOMES
    return f"utter_receipt_{state}_{outcome}" if told else f"utter_receipt_{state}"
