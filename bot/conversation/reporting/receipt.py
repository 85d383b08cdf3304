"""Following up a receipt: what became of a report, what its desk asks, and taking it back.

The report itself is never shown. Where the receipt has a spoken word, answering and taking back need it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Optional

from bot.conversation.payloads import payload
from bot.conversation.reporting import receipt_answer, receipt_word
from bot.conversation.reporting.draft import Receipt, ReportFacts
from bot.conversation.reporting.held import Held, begin, forgotten, held_in
from bot.conversation.reporting.receipt_ids import ANSWER, CODE, SEND, WITHDRAW, WORD
from bot.conversation.state import Button, Event, Reply, State, TextRef
from bot.language.texts import moment_text
from bot.reports.notes import Note

Step = tuple[State, tuple[Reply, ...]]
_FINAL = frozenset({"unknown", "revoked", "ended", "expired", "withdrawing"})
_LEAVE = Button(TextRef("chat", "receipt.button.leave"), payload("deny", WITHDRAW))
_WITHDRAW = Button(TextRef("chat", "receipt.button.withdraw"), payload("affirm", WITHDRAW))
_ANSWER = Button(TextRef("chat", "receipt.button.answer"), payload("affirm", ANSWER))


def owns(question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question in (CODE, WITHDRAW, ANSWER, SEND, WORD)


def start(state: State, event: Event) -> Step:
    """Ask for the code, or say that this site takes no reports."""
    if event.report is None:
        return state.without_question(), (Reply("utter_receipt_unavailable"),)
    return replace(forgotten(state), flow="receipt", asked=CODE), (Reply("utter_receipt_ask"),)


def code_to_look_up(state: State, event: Event) -> Optional[str]:
    """Return the typed code that `advance` needs looked up for this event, or None."""
    return event.text if state.asked == CODE and event.text is not None and event.question is None else None


def ticket_to_withdraw(state: State, event: Event) -> Optional[Held]:
    """Return what `advance` needs withdrawn for this event, or None."""
    held = held_in(state)
    if held is None or held.needs_word or not (state.asked == event.question == WITHDRAW):
        return None
    return held if event.intent == "affirm" and event.value == _sure_of(held) else None


def answer(state: State, question: str, event: Event) -> Optional[Step]:
    """Take the code, the decision to withdraw, an answer to the desk, or the spoken word."""
    if question == CODE:
        return _told(state, event)
    held = held_in(state)
    if state.asked is None or not owns(state.asked) or held is None:
        return state, (Reply("utter_receipt_ask_anew"),)  # an old button, after the code was put away
    if question == WORD:
        return receipt_word.answer(state, held, event, {WITHDRAW: _asked_sure, ANSWER: receipt_answer.start})
    if question in (ANSWER, SEND):
        return receipt_answer.answer(state, held, question, event)
    if event.intent in ("deny", "skip", "dont_know"):
        return forgotten(state), (Reply("utter_receipt_kept"),)
    if event.intent != "affirm":
        return None
    if held.needs_word:
        return receipt_word.ask(state, held, WITHDRAW)
    if event.value and event.report is not None:
        return _withdrawn(state, event.report)
    return _asked_sure(state, held)


def ask_again(state: State) -> tuple[Reply, ...]:
    """Return the open question once more."""
    held = held_in(state)
    if state.asked == CODE or held is None:
        return (Reply("utter_receipt_ask"),)
    if state.asked == WORD:
        return (receipt_word.question(),)
    if state.asked in (ANSWER, SEND):
        return (receipt_answer.question(state, held),)
    return (_sure(held),)


def _told(state: State, event: Event) -> Optional[Step]:
    facts = event.report
    if event.text is None or (event.certain and event.intent in ("skip", "dont_know")):
        return forgotten(state), (Reply("utter_nothing_asked"),)
    if facts is None:
        return forgotten(state), (Reply("utter_receipt_unavailable"),)
    receipt = facts.receipt
    if receipt is None:
        return state, (Reply("utter_receipt_later"),)
    if receipt.status == "unreadable":
        return state, (Reply("utter_receipt_unreadable"),)
    status = _status(state, receipt)
    if receipt.status in _FINAL:
        return forgotten(state), (status,)
    known = replace(begin(state, receipt), asked=WITHDRAW)
    said = [status, *(reply for number, note in receipt.notes for reply in _notes(receipt, facts.names, number, note))]
    held = held_in(known)
    answering = (_ANSWER,) if held is not None and held.question[0] else ()
    said[-1] = replace(said[-1], buttons=(*answering, _WITHDRAW, _LEAVE))
    return known, tuple(said)


def _status(state: State, receipt: Receipt) -> Reply:
    outcomes = [note.outcome for _, note in receipt.notes if note.outcome]
    if receipt.status == "done" and outcomes:
        return Reply(f"utter_receipt_done_{outcomes[-1]}")
    values = {"until": moment_text(receipt.until, state.language)} if receipt.until else {}
    return Reply(f"utter_receipt_{receipt.status}", values)


def _notes(receipt: Receipt, names: Mapping[str, str], number: int, note: Note) -> tuple[Reply, ...]:
    """Return what a desk wrote, under the name of the one that signed; of an answer there is only that it was sent."""
    desk = names.get(note.desk or "", note.desk or "")
    if note.kind == "correction":
        level = TextRef("signs", f"level.{note.level}")
        return (Reply("utter_receipt_correction", {"desk": desk, "level": level, "words": note.text}),)
    if note.kind == "question":
        answered = any(other.answers == number for _, other in receipt.notes)
        response = "utter_receipt_question_answered" if answered else "utter_receipt_question"
        return (Reply(response, {"desk": desk, "words": note.text}),)
    return ()


def _sure_of(held: Held) -> str:
    """Return what a button says yes to: this report and no other that is looked up later."""
    return f"sure:{held.ticket}"


def _asked_sure(state: State, held: Held) -> Step:
    return replace(state, flow="receipt", asked=WITHDRAW), (_sure(held),)


def _sure(held: Held) -> Reply:
    sure = Button(TextRef("chat", "receipt.button.sure"), payload("affirm", WITHDRAW, _sure_of(held)))
    return Reply("utter_receipt_withdraw_held" if held.held else "utter_receipt_withdraw", buttons=(sure, _LEAVE))


def _withdrawn(state: State, facts: ReportFacts) -> Step:
    if facts.withdrawn is None:
        return state, (Reply("utter_receipt_ask_anew"),)  # an old button, for another report
    if facts.withdrawn == "failed":
        return state, (Reply("utter_receipt_withdraw_failed"),)
    values = {"until": moment_text(facts.until, state.language)} if facts.until else {}
    return forgotten(state), (Reply(f"utter_receipt_{facts.withdrawn}", values),)
