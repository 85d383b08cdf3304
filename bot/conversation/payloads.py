"""The form of a button's payload: Rasa's own `/intent{"question": …, "value": …}`."""

import json
from typing import Optional


def payload(intent: str, question: Optional[str] = None, value: Optional[str] = None) -> str:
    """Return a payload that stands for an intent, and where given the question it answers and its value."""
    entities = {name: content for name, content in (("question", question), ("value", value)) if content}
    return f"/{intent}" + (json.dumps(entities, ensure_ascii=False) if entities else "")


def parse(text: str) -> tuple[str, Optional[str], Optional[str]]:
    """Return intent, question and value of a payload.

    Raises:
        ValueError: the text is not a payload.
    """
    if not text.startswith("/"):
        raise ValueError("A payload starts with a slash.")
    intent, brace, rest = text[1:].partition("{")
    entities = json.loads(brace + rest) if brace else {}
    if not isinstance(entities, dict):
        raise ValueError("The entities of a payload are an object.")
    return intent, entities.get("question"), entities.get("value")
