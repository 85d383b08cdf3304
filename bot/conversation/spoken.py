"""The language of the answers: the page's, until a person chooses one or writes their own words in another.

Two words are no reason to change it, nor is a guess: the person is asked then. A language that the assistant only
reads, or does not know, is told to be so. Either happens once in a conversation.

A pasted offer says nothing of who pastes it: its card comes in the language of the conversation, with a
button that shows it in the offer's language too.
"""

from dataclasses import replace
from typing import Optional

from bot.conversation.heard import Certainty, Heard
from bot.conversation.state import Reply, State, TextRef

FROM_PAGE, ASKED, FROM_WORDS, CHOSEN = "page", "asked", "words", "choice"
_QUESTION = "language."

Step = tuple[State, tuple[Reply, ...]]


def follow(state: State, heard: Optional[Heard], *, danger: bool = False) -> State:
    """Return the state that answers in the language of someone's own words, where they chose none.

    Args:
        danger: the words speak of danger; then two of them are enough, and so are words that look like no language
            but are by far nearest to one.
    """
    if heard is None or not (heard.certainty is Certainty.SURE or (danger and heard.nearest)):
        return state
    if heard.language == state.language or state.language_from not in (FROM_PAGE, ASKED):
        return state
    return replace(unasked(state), language=heard.language, language_from=FROM_WORDS)


def unasked(state: State) -> State:
    """Return the state without the question about a language, where that is open."""
    return replace(state, asked=None) if owns(state.asked or "") else state


def choose(state: State, language: str) -> State:
    """Return the state that answers in a chosen language."""
    return replace(state, language=language, language_from=CHOSEN)


def notice() -> Reply:
    """Say which language was guessed, with a way to another."""
    return Reply("utter_language_guessed")


def ask(state: State, heard: Optional[Heard]) -> Step:
    """Ask about a language that is not the conversation's, or say that it is only read or unknown; once."""
    if heard is None or heard.certainty is Certainty.SURE or state.language_from != FROM_PAGE:
        return state, ()
    asked = replace(state, language_from=ASKED)
    if heard.certainty is Certainty.UNKNOWN:
        return asked, (Reply("utter_language_unknown", choices="languages"),)
    if heard.certainty is Certainty.READ_ONLY:
        named = {"language": TextRef("languages", heard.language)}
        return asked, (Reply("utter_language_read_only", named, choices="languages"),)
    # Two questions at once would get each other's answers.
    if heard.language == state.language or state.asked is not None:
        return state, ()
    question = _QUESTION + heard.language
    return replace(asked, asked=question), (ask_about(question),)


def owns(question: str) -> bool:
    """Say whether a question id belongs here."""
    return question.startswith(_QUESTION)


def language_in(question: str) -> str:
    """Return the language that a question is about."""
    return question.removeprefix(_QUESTION)


def ask_about(question: str) -> Reply:
    """Ask whether to answer in a language, in that language."""
    language = language_in(question)
    return Reply("utter_language_right", choices=f"language:{language}", language=language)


def kept(state: State) -> Step:
    """Take a no: the language stays, with a way to any other."""
    return unasked(state), (Reply("utter_language_kept", choices="languages"),)


def offer_other(state: State, language: str) -> tuple[Reply, ...]:
    """Offer to show a card in the language of its offer, where that is not the conversation's."""
    if language == state.language:
        return ()
    return (Reply("utter_card_in_other_language", choices=f"language:{language}"),)
