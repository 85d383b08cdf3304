"""Answering a desk's question: redacted like a report's own words, shown first, and sent only on a yes to that."""

import hashlib
from dataclasses import replace
from typing import Optional

from bot.conversation.payloads import payload
from bot.conversation.reporting import receipt_word
from bot.conversation.reporting.draft import ReportFacts
from bot.conversation.reporting.held import Held, forgotten, held_in, keep
from bot.conversation.reporting.receipt_ids import ANSWER, SEND
from bot.conversation.state import Button, Event, Reply, State, TextRef
from bot.reports.notes import MOST_CHARACTERS

Step = tuple[State, tuple[Reply, ...]]
_ANEW = Button(TextRef("chat", "receipt.button.anew"), payload("affirm", ANSWER))
_STOP = Button(TextRef("chat", "receipt.button.stop"), payload("deny", SEND))


def takes_words(state: State) -> bool:
    """Say whether the open question is answered in the person's own words, whatever they are."""
    return state.asked == ANSWER


def answer_to_send(state: State, event: Event) -> Optional[Held]:
    """Return what `advance` needs passed on for this event, or None: only the button under these words sends them."""
    held = held_in(state)
    if held is None or held.needs_word or not (state.asked == event.question == SEND):
        return None
    return held if event.intent == "affirm" and event.value == _digest(held) else None


def start(state: State, held: Held) -> Step:
    """Ask for the answer, after the spoken word where there is one."""
    if held.needs_word:
        return receipt_word.ask(state, held, ANSWER)
    asking = replace(state, flow="receipt", asked=ANSWER)
    return asking, (question(asking, held),)


def question(state: State, held: Held) -> Reply:
    """Return the open question of an answer: its words, or whether to send them."""
    if state.asked == SEND:
        send = Button(TextRef("chat", "receipt.button.send"), payload("affirm", SEND, _digest(held)))
        return Reply("utter_receipt_answer_preview", {"words": held.words}, (send, _ANEW, _STOP))
    return Reply("utter_receipt_answer_ask", {"question": held.question[1]}, (_STOP,))


def answer(state: State, held: Held, question_id: str, event: Event) -> Optional[Step]:
    """Take the answer, its confirmation, or a no."""
    if event.text is None and event.intent in ("deny", "skip", "dont_know"):
        return forgotten(state), (Reply("utter_receipt_answer_stopped"),)
    if question_id == ANSWER:
        return _words(state, held, event) if event.text is not None else start(state, held)
    if event.intent in ("deny", "skip"):
        return forgotten(state), (Reply("utter_receipt_answer_stopped"),)
    if event.intent == "affirm" and event.report is not None and event.report.answered is not None:
        return _sent(state, held, event.report)
    if event.intent != "affirm":
        return None
    # A yes in words, or to older words: what would be sent is shown again.
    return (state, (question(state, held),)) if state.asked == SEND else start(state, held)


def _words(state: State, held: Held, event: Event) -> Step:
    facts = event.report
    if event.certain and event.intent in ("skip", "dont_know", "deny"):
        return forgotten(state), (Reply("utter_receipt_answer_stopped"),)
    if facts is None or facts.words is None or held.needs_word:
        return forgotten(state), (Reply("utter_receipt_unavailable"),)
    if len(facts.words.text) > MOST_CHARACTERS:
        return state, (Reply("utter_receipt_answer_long"),)
    written = replace(held, words=facts.words.text, letter=facts.ticket)
    shown = replace(keep(state, written), asked=SEND)
    return shown, (question(shown, written),)


def _sent(state: State, held: Held, facts: ReportFacts) -> Step:
    if facts.answered != "sent":
        return state, (replace(question(state, held), response="utter_receipt_answer_failed"),)
    return forgotten(state), (Reply("utter_receipt_answered", {"desk": facts.names.get(held.desk, held.desk)}),)


def _digest(held: Held) -> str:
    return hashlib.sha256(f"{held.ticket} {held.words}".encode()).hexdigest()[:16]
