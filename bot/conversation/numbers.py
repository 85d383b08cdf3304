"""Numbers to call, for the place where the person is."""

from dataclasses import replace
from typing import Optional

from bot.conversation.state import Event, Reply, State

PLACE_QUESTION = "place.writer"
OTHER = "other"


def owns(question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question == PLACE_QUESTION


def question() -> Reply:
    """Return the question for the country; the adapter adds a button for each country of the directory."""
    return Reply("utter_ask_place", choices="countries")


def start(state: State, event: Event) -> tuple[State, tuple[Reply, ...]]:
    """Show the numbers of the known place, or ask for it."""
    if event.value and event.value != OTHER:
        return _at(state, event.value)
    if event.value != OTHER and state.places.get("writer"):
        return state, (Reply("utter_numbers"),)
    return replace(state, asked=PLACE_QUESTION, flow=state.flow or "numbers"), (question(),)


def answer(state: State, asked: str, event: Event) -> Optional[tuple[State, tuple[Reply, ...]]]:
    """Take a chosen country; `event.value` is its code, also where the adapter read it from typed words."""
    if event.value and event.value != OTHER:
        return _at(state, event.value)
    if event.text is not None:
        if event.intent in ("skip", "dont_know", "deny"):
            return _without_place(state)
        return None
    return replace(state, asked=PLACE_QUESTION), (question(),)


def _at(state: State, place: str) -> tuple[State, tuple[Reply, ...]]:
    placed = replace(state, places={**state.places, "writer": place}, asked=None)
    if placed.flow == "emergency":
        return placed, (Reply("utter_emergency"),)
    return placed, (Reply("utter_numbers"),)


def _without_place(state: State) -> tuple[State, tuple[Reply, ...]]:
    """Skipping the question still leads to help."""
    return replace(state, asked=None), (Reply("utter_place_unknown"),)
