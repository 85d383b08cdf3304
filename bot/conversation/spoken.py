"""The language of the answers: the page's, until a person chooses one or writes their own words in another.

Two words are no reason to change it: the person is asked then, once. A language that the assistant only reads, or
does not know, is told to be so, once too.

A pasted offer says nothing of who pastes it: its card comes in the language of the conversation, with a
button that shows it in the offer's language too.
"""

from dataclasses import replace
from typing import Optional

from bot.conversation.heard import Certainty, Heard
from bot.conversation.state import Event, Reply, State, TextRef

FROM_PAGE, ASKED, FROM_WORDS, CHOSEN = "page", "asked", "words", "choice"
_QUESTION = "language."
_CLEAR = (Certainty.SURE,)
_CLEAR_IN_DANGER = (Certainty.SURE, Certainty.SHORT)

Step = tuple[State, tuple[Reply, ...]]


def follow(state: State, heard: Optional[Heard], *, danger: bool = False) -> State:
    """Return the state that answers in the language of someone's own words, where they chose none.

    Args:
        danger: the words speak of danger; then two of them are enough.
    """
    if heard is None or heard.certainty not in (_CLEAR_IN_DANGER if danger else _CLEAR):
        return state
    if heard.language == state.language or state.language_from not in (FROM_PAGE, ASKED):
        return state
    return replace(state, language=heard.language, language_from=FROM_WORDS)


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
    if heard.language == state.language:
        return state, ()
    # A question that is open stays open: then only the button answers this one.
    question = state.asked or _QUESTION + heard.language
    return replace(asked, asked=question), (question_of(heard.language),)


def owns(question: str) -> bool:
    """Say whether a question id belongs here."""
    return question.startswith(_QUESTION)


def question_again(question: str) -> Reply:
    """Return an open question about a language once more."""
    return question_of(question.removeprefix(_QUESTION))


def question_of(language: str) -> Reply:
    """Ask whether to answer in a language, in that language."""
    return Reply("utter_language_right", choices=f"language:{language}", language=language)


def answer(state: State, question: str, event: Event) -> Optional[Step]:
    """Take a yes or a no that was typed."""
    if event.intent == "affirm":
        return replace(choose(state, question.removeprefix(_QUESTION)), asked=None), (Reply("utter_language_set"),)
    if event.intent == "deny":
        return replace(state, asked=None), (Reply("utter_language_kept", choices="languages"),)
    return None


def offer_other(state: State, language: str) -> tuple[Reply, ...]:
    """Offer to show a card in the language of its offer, where that is not the conversation's."""
    if language == state.language:
        return ()
    return (Reply("utter_card_in_other_language", choices=f"language:{language}"),)
