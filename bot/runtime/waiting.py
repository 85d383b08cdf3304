"""What tells a desk that something waits for it: no word of it, and nothing that tells one notice from another."""

from typing import Optional

from bot.privacy.pins import Pin
from bot.privacy.seal import seal
from bot.store.records import OutboxRecord

_WAITING = b"A ticket is waiting."


def waiting_notice(ticket: str, pin: Pin, letter: Optional[str] = None) -> OutboxRecord:
    """Return the notice of a ticket, or of an answer on it by the answer's id, sealed to the desk's pinned key."""
    about = letter or ticket
    return OutboxRecord(about, ticket, pin.desk, f"waiting:{about}", seal(_WAITING, [pin.recipient]))
