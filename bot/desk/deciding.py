"""Deciding about a ticket: one step or two of the store's, each in the audit log first, each told to the reporter."""

from typing import Optional

from bot.desk.at_ticket import record_of
from bot.desk.guard import AtWork, Console
from bot.runtime.desk_talk import TalkError
from bot.runtime.upkeep import index_now

ACTIONS = {"accepted": "accept", "rejected": "reject", "done": "close"}
"""How the audit log calls a decision, by the state that a ticket comes into."""
_NOT_TAKEN_UP = frozenset({"duplicate", "insufficient", "malicious"})
"""Outcomes of what a desk does not take up: a new ticket closed so was rejected; any other was accepted."""


def steps(now: str, state: str, outcome: Optional[str]) -> tuple[str, ...]:
    """Return through which states a ticket comes into another one; none where it cannot."""
    if now == "new" and state == "done":
        return ("rejected" if outcome in _NOT_TAKEN_UP else "accepted", "done")
    before = {"accepted": ("new",), "rejected": ("new",), "done": ("accepted", "rejected")}
    return (state,) if now in before.get(state, ()) else ()


def decide(parts: Console, work: AtWork, identifier: str, state: str, outcome: Optional[str]) -> bool:
    """Decide, and tell the reporter so; False where someone else was faster, or the ticket was taken back.

    One decision at a time in this process: a second press, or a second window, finds the first one made, and leaves
    no trace in the audit log of something that did not happen.

    Raises:
        Refused: the desk has no such ticket, or nothing of it is left.
    """
    with parts.deciding:
        record = record_of(parts, work, identifier)
        way = steps(record.state, state, outcome)
        for step in way:
            work.desk.note(ACTIONS[step], record.id)
            try:
                work.desk.talk.decide(record, step, outcome if step == "done" else None)
            except TalkError:
                return False
            if step == "accepted":
                index_now(work.desk)
    return bool(way)
