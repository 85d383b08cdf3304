"""Letters as they are stored: one message each."""

from datetime import date

from bot.privacy.letters import Direction, Letter
from bot.store.records import MessageRecord


def letter_of(message: MessageRecord) -> Letter:
    """Return a stored message as the letter it is."""
    direction: Direction = "to_reporter" if message.direction == "to_reporter" else "to_desk"
    return Letter(message.ticket, direction, message.sealed_to_desk, message.sealed_to_receipt, message.signature)


def message_of(id: str, letter: Letter, day: date) -> MessageRecord:
    """Return a letter as it is stored, under a random id of its own."""
    return MessageRecord(
        id, letter.ticket, letter.direction, letter.for_desk, letter.for_reporter, letter.signature, day
    )
