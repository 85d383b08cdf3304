"""A desk at work on one ticket: asking its reporter, correcting the assistant's level, deciding, and reading answers.

All of it is sealed and signed here, in a member's session; the chat server only passes it on.
"""

import secrets
from dataclasses import dataclass
from typing import Optional

from bot.privacy import letters
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.seal import SealError
from bot.privacy.signing import SignatureError
from bot.reports import notes
from bot.reports.notes import Note, NoteError
from bot.store.letters import letter_of, message_of
from bot.store.records import MessageRecord, TicketRecord
from bot.store.tickets import Tickets


class TalkError(Exception):
    """Something cannot be said or decided on a ticket; the message says why."""


@dataclass(frozen=True)
class Thread:
    """What was said on a ticket, oldest first; `closed` letters did not open or were not signed by this desk."""

    said: tuple[tuple[int, Note], ...]
    closed: int = 0


class DeskTalk:
    """What a member says on the tickets of their desk. `name` is kept with each letter, in the desk's copy only."""

    def __init__(self, tickets: Tickets, keys: DeskKeys, name: str) -> None:
        self._tickets = tickets
        self._keys = keys
        self._name = name

    def thread(self, ticket: str) -> Thread:
        """Return what was said on a ticket."""
        said, closed = [], 0
        for message in self._tickets.messages(ticket):
            try:
                number, content = letters.read_at_desk(letter_of(message), self._keys)
                said.append((number, notes.from_bytes(content)))
            except (SealError, SignatureError, NoteError):
                closed += 1
        return Thread(tuple(sorted(said, key=lambda each: (each[1].at, each[0]))), closed)

    def ask(self, record: TicketRecord, text: str) -> int:
        """Ask the reporter something; return the question's number.

        Raises:
            TalkError: the text is empty or too long, or the ticket is gone.
        """
        return self._say(record, Note(kind="question", at=notes.now(), text=_fit(text), member=self._name))

    def correct(self, record: TicketRecord, level: str, text: str) -> int:
        """Put another level in the place of the assistant's, with a reason; return the letter's number.

        Raises:
            TalkError: there is no such level, the text is empty or too long, or the ticket is gone.
        """
        if level not in notes.CORRECTED_LEVELS:
            raise TalkError(f"There is no level {level}. Choose one of: {', '.join(notes.CORRECTED_LEVELS)}.")
        return self._say(
            record, Note(kind="correction", at=notes.now(), text=_fit(text), level=level, member=self._name)
        )

    def decide(self, record: TicketRecord, state: str, outcome: Optional[str] = None) -> None:
        """Accept, reject or close a ticket, and tell its reporter so.

        Raises:
            TalkError: there is no such outcome, or the ticket is not in a state before that one.
        """
        if outcome is not None and outcome not in notes.OUTCOMES:
            raise TalkError(f"There is no outcome {outcome}. Choose one of: {', '.join(notes.OUTCOMES)}.")
        note = Note(kind="decision", at=notes.now(), state=state, outcome=outcome, member=self._name)
        _, message = self._message(record, note)
        if not self._tickets.set_state(record.id, state, note.at.date(), outcome, message):
            now = self._tickets.get(record.id)
            found = now.state if now else "gone"
            raise TalkError(f"Ticket {record.id} is {found}: it cannot become {state} from there.")

    def _say(self, record: TicketRecord, note: Note) -> int:
        number, message = self._message(record, note)
        if self._tickets.add_message(message) is None:
            raise TalkError(f"Ticket {record.id} was taken back or has ended: nothing was sent.")
        return number

    def _message(self, record: TicketRecord, note: Note) -> tuple[int, MessageRecord]:
        if record.sealed_body is None:
            raise TalkError(f"Ticket {record.id} was taken back or has ended: nobody can be told anything.")
        own = (number for number, said in self.thread(record.id).said if said.kind != "answer")
        number = 1 + max(own, default=0)
        copies = notes.to_bytes(note), notes.to_bytes(notes.for_reporter(note))
        letter = letters.from_desk(self._keys, record.question_recipient, record.id, number, *copies)
        return number, message_of(secrets.token_hex(16), letter, note.at.date())


def _fit(text: str) -> str:
    """Return the words of a letter, without what is around them.

    Raises:
        TalkError: there are none, or too many.
    """
    words = text.strip()
    if not words:
        raise TalkError("Nothing was sent: there are no words.")
    if len(words) > notes.MOST_CHARACTERS:
        raise TalkError(f"Nothing was sent: {len(words)} characters, and at most {notes.MOST_CHARACTERS} are possible.")
    return words
