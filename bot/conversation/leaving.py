"""'They are leaving now': six short steps and the numbers, in two taps."""

from bot.conversation.state import Reply, State

_SECOND = "leaving.second"


def owns(question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question == _SECOND


def first() -> tuple[Reply, ...]:
    """Return the first three steps."""
    return (Reply("utter_leaving_first"),)


def answer(state: State, question: str, given: str) -> tuple[State, tuple[Reply, ...]]:
    """Show the remaining steps, whatever the answer: nothing here depends on it."""
    return state.without_question(), (Reply("utter_leaving_second"),)
