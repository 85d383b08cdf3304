"""The spoken word of a receipt: asked for before its holder answers a desk or takes the report back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Optional

from bot.conversation.payloads import payload
from bot.conversation.reporting.held import Held, forgotten, held_in, keep
from bot.conversation.reporting.receipt_ids import WORD
from bot.conversation.state import Button, Event, Reply, State, TextRef

Step = tuple[State, tuple[Reply, ...]]
_LEAVE = Button(TextRef("chat", "receipt.button.leave"), payload("deny", WORD))


def word_to_try(state: State, event: Event) -> Optional[tuple[Held, str]]:
    """Return the typed word that `advance` needs tried for this event, or None."""
    held = held_in(state)
    typed = state.asked == WORD and event.question is None and not event.certain
    return (held, event.text) if typed and held is not None and held.spoken and event.text is not None else None


def ask(state: State, held: Held, then: str) -> Step:
    """Ask for the word; `then` is the question id that goes on after it."""
    return replace(keep(state, replace(held, then=then)), flow="receipt", asked=WORD), (question(),)


def question() -> Reply:
    """Return the question."""
    return Reply("utter_receipt_word_ask", buttons=(_LEAVE,))


def answer(state: State, held: Held, event: Event, following: Mapping[str, Callable[[State, Held], Step]]) -> Step:
    """Take the word, and go on; without it nothing changes."""
    tried = event.report.word if event.report is not None else None
    if tried is None or held.then not in following:
        return forgotten(state), (Reply("utter_receipt_kept"),)
    if tried != "right":
        return replace(state, asked=WORD), (Reply(f"utter_receipt_word_{tried}", buttons=(_LEAVE,)),)
    proven = replace(held, proven=True)
    return following[held.then](keep(state, proven), proven)
