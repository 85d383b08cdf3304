"""The four answers that every yes-or-no question takes."""

from bot.conversation.payloads import payload
from bot.conversation.state import Button, TextRef

_TITLES = (
    ("✅ Yes", "affirm"),
    ("✖️ No", "deny"),
    ("🤷 Don't know", "dont_know"),
    ("⏭️ Rather not say", "skip"),
)


def four_answers(question: str) -> tuple[Button, ...]:
    """Return the buttons yes, no, don't know and rather not say for a question, by its id."""
    return tuple(Button(TextRef("chat", title), payload(intent, question)) for title, intent in _TITLES)
