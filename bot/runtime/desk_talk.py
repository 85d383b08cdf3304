"""A desk at work on one ticket: asking its reporter, correcting the assistant's level, deciding, and reading answers.

All of it is sealed and signed here, in a member's session; the chat server only passes it on.
"""

import secrets
from dataclasses import dataclass
from typing import Optional

from bot.privacy import letters
from bot.privacy.letters import VerifyKeys
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import Label, SealError
from bot.privacy.signing import SignatureError
from bot.privacy.vouching import read_vouched
from bot.reports import notes
from bot.reports.notes import Note, NoteError, Numbered
from bot.reports.ticket import TicketError
from bot.runtime.bodies import open_body
from bot.store.letters import letter_of, message_of
from bot.store.records import MessageRecord, TicketRecord
from bot.store.tickets import Tickets


class TalkError(Exception):
    """Something cannot be said or decided on a ticket; the message says why."""


@dataclass(frozen=True)
class Thread:
    """What was said on a ticket, in order.

    `closed` letters did not open, were not signed by a desk, or did not come in through the chat.
    """

    said: tuple[Numbered, ...]
    closed: int = 0


class DeskTalk:
    """What a member says on the tickets of their desk.

    Args:
        tickets: where letters are stored.
        desk: the member's.
        verify_keys: of all desks, pinned: a ticket that was handed on brings what earlier desks said.
        name: the member's; kept with each letter, in the desks' copy only.
        vouching: the key under which the site vouches for tickets and answers.
    """

    def __init__(self, tickets: Tickets, desk: OpenDesk, verify_keys: VerifyKeys, name: str, vouching: bytes) -> None:
        self._tickets = tickets
        self._desk = desk.pin.desk
        self._keys = desk.keys
        # This desk signs all anew when it changes its keys, so that its earlier ones count for nothing.
        self._verify_keys = {**verify_keys, self._desk: (desk.keys.verify_key,)}
        self._name = name
        self._vouching = vouching

    def thread(self, ticket: str) -> Thread:
        """Return what was said on a ticket, each letter once, however often it is stored."""
        said: dict[tuple[Optional[str], int, bytes], Numbered] = {}
        closed = 0
        for message in self._tickets.messages(ticket):
            try:
                number, content, desk = letters.read_at_desk(letter_of(message), self._keys.identity, self._verify_keys)
                if desk is None:
                    content = read_vouched(self._vouching, Label(ticket, "to_desk", number), content)
                said[desk, number, content] = (number, notes.from_bytes(content, desk))
            except (SealError, SignatureError, NoteError):
                closed += 1
        return Thread(notes.in_order(list(said.values())), closed)

    def ask(self, record: TicketRecord, text: str, letter: Optional[str] = None) -> int:
        """Ask the reporter something; return the question's number.

        Args:
            record: the ticket.
            text: the question.
            letter: the id of the letter, the same when it is sent again: then it is there once.

        Raises:
            TalkError: the text is empty or too long, or the ticket is gone.
        """
        return self._say(record, Note(kind="question", at=notes.now(), text=_fit(text), member=self._name), letter)

    def correct(self, record: TicketRecord, level: str, text: str, letter: Optional[str] = None) -> int:
        """Put another level in the place of the assistant's, with a reason; return the letter's number.

        `letter` as for `ask`.

        Raises:
            TalkError: there is no such level, the text is empty or too long, or the ticket is gone.
        """
        if level not in notes.CORRECTED_LEVELS:
            raise TalkError(f"There is no level {level}. Choose one of: {', '.join(notes.CORRECTED_LEVELS)}.")
        note = Note(kind="correction", at=notes.now(), text=_fit(text), level=level, member=self._name)
        return self._say(record, note, letter)

    def decide(self, record: TicketRecord, state: str, outcome: Optional[str] = None) -> None:
        """Accept, reject or close a ticket, and tell its reporter so.

        Nobody is told about a ticket that nobody vouches for: the key it names may be anybody's.

        Raises:
            TalkError: there is no such outcome, or the ticket is not in a state before that one.
        """
        if outcome is not None and outcome not in notes.OUTCOMES:
            raise TalkError(f"There is no outcome {outcome}. Choose one of: {', '.join(notes.OUTCOMES)}.")
        note = Note(kind="decision", at=notes.now(), state=state, outcome=outcome, member=self._name)
        message = self._message(record, note, None)[1] if self._reporter(record) else None
        if not self._tickets.set_state(record.id, state, note.at.date(), outcome, message):
            now = self._tickets.get(record.id)
            found = now.state if now else "gone"
            raise TalkError(f"Ticket {record.id} is {found}: it cannot become {state} from there.")

    def _say(self, record: TicketRecord, note: Note, letter: Optional[str]) -> int:
        number, message = self._message(record, note, letter)
        if self._tickets.add_message(message) is None:
            raise TalkError(f"Ticket {record.id} was taken back or has ended: nothing was sent.")
        return number

    def _message(self, record: TicketRecord, note: Note, id: Optional[str]) -> tuple[int, MessageRecord]:
        if record.sealed_body is None:
            raise TalkError(f"Ticket {record.id} was taken back or has ended: nobody can be told anything.")
        # Numbers go on from those of earlier desks, also where one does not open: an answer names one question.
        thread, reporter = self.thread(record.id), self._reporter(record)
        number = 1 + max((number for number, note in thread.said if note.desk is not None), default=0) + thread.closed
        if reporter is None:
            raise TalkError(f"Nobody vouches for ticket {record.id}: whoever reads this may not be its reporter.")
        copies = notes.to_bytes(note), notes.to_bytes(notes.for_reporter(note))
        letter = letters.from_desk(self._desk, self._keys, reporter, record.id, number, *copies)
        return number, message_of(id or secrets.token_hex(16), letter, note.at.date())

    def _reporter(self, record: TicketRecord) -> Optional[str]:
        """Return the key of a ticket's receipt, as the body has it: the one beside it may be anybody's."""
        try:
            return open_body(record, self._keys.identity, self._vouching).reporter
        except (SealError, TicketError):
            return None


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
