"""The language of the answers: the page's, until a person chooses one or writes their own words in another.

A pasted offer says nothing of who pastes it: its card comes in the language of the conversation, with a
button that shows it in the offer's language too.
"""

from dataclasses import replace
from typing import Optional

from bot.conversation.state import Reply, State

FROM_PAGE, FROM_WORDS, CHOSEN = "page", "words", "choice"


def follow(state: State, spoken: Optional[str]) -> State:
    """Return the state that answers in the language of someone's own words, where they chose none."""
    if spoken is None or spoken == state.language or state.language_from != FROM_PAGE:
        return state
    return replace(state, language=spoken, language_from=FROM_WORDS)


def choose(state: State, language: str) -> State:
    """Return the state that answers in a chosen language."""
    return replace(state, language=language, language_from=CHOSEN)


def notice() -> Reply:
    """Say which language was guessed, with a way to another."""
    return Reply("utter_language_guessed")


def offer_other(state: State, language: str) -> tuple[Reply, ...]:
    """Offer to show a card in the language of its offer, where that is not the conversation's."""
    if language == state.language:
        return ()
    return (Reply("utter_card_in_other_language", choices=f"language:{language}"),)
