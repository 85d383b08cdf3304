"""How people say, in their own words, that someone is in danger now."""

from enum import Enum
from pathlib import Path

from bot.knowledge.files import Knowledge, KnowledgeError, read
from bot.knowledge.patterns import FoldedPattern


class DangerKind(str, Enum):
    """What the danger is; `safe_word` is the word a person agreed on beforehand."""

    LOCKED_IN = "locked_in"
    DOCUMENTS_TAKEN = "documents_taken"
    PHONE_TAKEN = "phone_taken"
    VIOLENCE = "violence"
    WEAPON = "weapon"
    THREAT = "threat"
    BEING_MOVED = "being_moved"
    SELF_HARM = "self_harm"
    MISSING_CHILD = "missing_child"
    CHILD_AT_RISK = "child_at_risk"
    CHILD_SEXUAL_EXPLOITATION = "child_sexual_exploitation"
    SAFE_WORD = "safe_word"


class DangerWording(Knowledge):
    """How one kind of danger is worded; patterns are matched on folded text."""

    phrases: tuple[str, ...]
    patterns: tuple[FoldedPattern, ...] = ()
    unless: tuple[FoldedPattern, ...] = ()


class DangerLanguage(Knowledge):
    """Danger words of one language; `material` are marks of a pasted chat, `look_alikes` are no danger."""

    language: str
    review: str
    kinds: dict[DangerKind, DangerWording]
    look_alikes: tuple[str, ...]
    material: tuple[str, ...] = ()


def load_danger(data: Path) -> dict[str, DangerLanguage]:
    """Read `data/danger/*.yml`, keyed by language.

    Raises:
        KnowledgeError: a file does not fit, or says another language than its name.
    """
    languages = {}
    for path in sorted((data / "danger").glob("*.yml")):
        languages[path.stem] = read(path, DangerLanguage)
        if languages[path.stem].language != path.stem:
            raise KnowledgeError(f"{path} says that its language is {languages[path.stem].language}.")
    return languages
