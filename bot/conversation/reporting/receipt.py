"""Following up a receipt: what became of a report, and withdrawing it. The report itself is never shown."""

from dataclasses import replace
from typing import Any, Optional

from bot.conversation.payloads import payload
from bot.conversation.state import Button, Event, Reply, State, TextRef

Step = tuple[State, tuple[Reply, ...]]
CODE, WITHDRAW = "receipt.code", "receipt.withdraw"
_SLOT = "receipt"
_OPEN = frozenset({"new", "accepted"})


def owns(question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question in (CODE, WITHDRAW)


def start(state: State, event: Event) -> Step:
    """Ask for the code, or say that this site takes no reports."""
    if event.report is None:
        return state.without_question(), (Reply("utter_receipt_unavailable"),)
    return replace(_forgotten(state), flow="receipt", asked=CODE), (Reply("utter_receipt_ask"),)


def code_to_look_up(state: State, event: Event) -> Optional[str]:
    """Return the typed code that `advance` needs looked up for this event, or None."""
    return event.text if state.asked == CODE and event.text is not None and event.question is None else None


def ticket_to_withdraw(state: State, event: Event) -> Optional[str]:
    """Return the ticket that `advance` needs withdrawn for this event, or None."""
    held = (state.draft or {}).get(_SLOT)
    wanted = state.asked == event.question == WITHDRAW and event.intent == "affirm" and event.value
    return str(held) if held and wanted and event.value == _sure_of(held) else None


def answer(state: State, question: str, event: Event) -> Optional[Step]:
    """Take the code, or the decision to withdraw."""
    if question == CODE:
        return _told(state, event)
    held = (state.draft or {}).get(_SLOT)
    if state.asked != WITHDRAW or not held:
        return state, (Reply("utter_receipt_ask_anew"),)  # an old button, after the code was put away
    if event.intent == "affirm" and event.value and event.report is not None:
        return _withdrawn(state, event.report.withdrawn)
    if event.intent == "affirm":
        return replace(state, asked=WITHDRAW), (_sure(str(held)),)
    if event.intent in ("deny", "skip", "dont_know"):
        return _forgotten(state), (Reply("utter_receipt_kept"),)
    return None


def ask_again(state: State) -> tuple[Reply, ...]:
    """Return the open question once more."""
    return (Reply("utter_receipt_ask"),) if state.asked == CODE else (_sure(str((state.draft or {}).get(_SLOT))),)


def _told(state: State, event: Event) -> Optional[Step]:
    if event.text is None or event.intent in ("skip", "dont_know"):
        return _forgotten(state), (Reply("utter_nothing_asked"),)
    if event.report is None:
        return _forgotten(state), (Reply("utter_receipt_unavailable"),)
    receipt = event.report.receipt
    if receipt is None:
        return state, (Reply("utter_receipt_later"),)
    if receipt.status == "unreadable":
        return state, (Reply("utter_receipt_unreadable"),)
    reply = f"utter_receipt_{receipt.status}"
    if receipt.status not in _OPEN:
        return _forgotten(state), (Reply(reply),)
    held = replace(state, asked=WITHDRAW, draft={**(state.draft or {}), _SLOT: receipt.ticket})
    withdraw = Button(TextRef("chat", "receipt.button.withdraw"), payload("affirm", WITHDRAW))
    leave = Button(TextRef("chat", "receipt.button.leave"), payload("deny", WITHDRAW))
    return held, (Reply(reply, buttons=(withdraw, leave)),)


def _sure_of(held: str) -> str:
    """Return what a button says yes to: this report and no other that is looked up later."""
    return f"sure:{held}"


def _sure(held: str) -> Reply:
    sure = Button(TextRef("chat", "receipt.button.sure"), payload("affirm", WITHDRAW, _sure_of(held)))
    leave = Button(TextRef("chat", "receipt.button.leave"), payload("deny", WITHDRAW))
    return Reply("utter_receipt_withdraw", buttons=(sure, leave))


def _withdrawn(state: State, outcome: Optional[str]) -> Step:
    if outcome is None:
        return state, (Reply("utter_receipt_ask_anew"),)  # an old button, for another report
    if outcome == "failed":
        return state, (Reply("utter_receipt_withdraw_failed"),)
    return _forgotten(state), (Reply(f"utter_receipt_{outcome}"),)


def _forgotten(state: State) -> State:
    others: dict[str, Any] = {name: value for name, value in (state.draft or {}).items() if name != _SLOT}
    return replace(state, draft=others or None).without_question()
