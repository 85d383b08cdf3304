"""Wishes that can be spoken at any time, and the menu for everything else."""

from dataclasses import replace
from typing import Optional

from bot.conversation.state import Event, Reply, State, TextRef

Step = tuple[State, tuple[Reply, ...]]

_SIMPLE = {
    "greet": "utter_greet",
    "goodbye": "utter_goodbye",
    "thank": "utter_thank",
    "human": "utter_human_unavailable",
}
_TALK = frozenset({"greet", "goodbye", "thank"})
"""Wishes that do not end the question under way."""


def follow(state: State, event: Event) -> Optional[Step]:
    """Return the answer to a wish, or None where the event holds none."""
    intent = event.intent
    if intent == "help":
        return _help(state, event)
    if intent == "language":
        return state, (Reply("utter_ask_language", choices="languages"),)
    if intent == "signs":
        return _signs(state, event)
    if intent == "check":
        return replace(state, flow="check", asked=None), (Reply("utter_ask_offer"),)
    if intent == "delete":
        return _afresh(state), (Reply("utter_deleted"),)
    if intent == "exit":
        return _afresh(state), (Reply("utter_exit"),)
    if intent in _SIMPLE:
        kept = state if intent in _TALK else state.without_question()
        return kept, (Reply(_SIMPLE[intent]),)
    return None


def choose(state: State, event: Event) -> Step:
    """Offer the menu; an answer to nothing is not called a misunderstanding."""
    if event.intent in ("affirm", "deny", "skip", "dont_know"):
        return state.without_question(), (Reply("utter_nothing_asked"),)
    return state.without_question(), (Reply("utter_default"),)


def _afresh(state: State) -> State:
    return State(language=state.language, language_from=state.language_from)


def _help(state: State, event: Event) -> Step:
    if event.value == "now":
        return state.interrupted(), (Reply("utter_emergency"),)
    return state, (Reply("utter_help"),)


def _signs(state: State, event: Event) -> Step:
    if event.value in ("job", "housing", "transport"):
        return state, (Reply("utter_signs_list", {"signs": TextRef("signs", f"list.{event.value}")}),)
    return state, (Reply("utter_signs"),)
