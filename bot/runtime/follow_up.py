"""Following up a receipt: what became of a report, what the desk asks, answering it, and taking it back.

Everything here may wait for a database or a slow hash: callers use a thread beside the event loop.
"""

import hmac
import logging
from collections import OrderedDict
from datetime import datetime, timedelta, timezone
from typing import Optional

from bot.conversation.reporting.draft import Receipt
from bot.privacy import letters, receipts
from bot.privacy.pins import PinError
from bot.privacy.receipts import Terms
from bot.privacy.seal import Label, SealError
from bot.privacy.signing import SignatureError
from bot.privacy.vouching import read_vouched, vouched, vouching_key
from bot.reports import notes
from bot.reports.notes import Note, NoteError, Numbered
from bot.runtime.endings import Endings, note_withdrawal, withdraw
from bot.runtime.key_folder import KeyFolderError, SiteKeys
from bot.runtime.limits import Bucket
from bot.runtime.waiting import waiting_notice
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.letters import letter_of, message_of
from bot.store.records import TicketRecord
from bot.store.tickets import Tickets

_log = logging.getLogger("oberih.receipts")
HELD_FOR = timedelta(hours=24)
_WORDS_AT_ONCE, _WORDS_A_SECOND = 5, 1 / 600
"""Spoken words that may be tried on one ticket: five, then one in ten minutes."""
_MOST_TICKETS = 10_000
_ENDED = {"revoked": "revoked", "new": "expired"}
"""How a report ended of which a tombstone is left: taken back, or erased before anybody took it up."""


class FollowUp:
    """What the holder of a receipt can do."""

    def __init__(self, keys: SiteKeys, tickets: Tickets, endings: Endings) -> None:
        self._keys = keys
        self._tickets = tickets
        self._endings = endings
        self._vouching = vouching_key(keys.pepper)
        self._words: OrderedDict[str, Bucket] = OrderedDict()

    def find(self, code: str) -> Optional[Receipt]:
        """Return what a code tells (0.15 s, 64 MiB); None where the store does not answer."""
        keys = receipts.derive(code, self._keys.site_salt)
        try:
            found = self._tickets.by_receipt(receipts.lookup_tag(keys.lookup, self._keys.pepper))
            if found is None:
                return Receipt("unknown")
            if found.sealed_body is None:
                return Receipt(_ENDED.get(found.state, "ended"))
            return self._receipt(found, keys.seed)
        except StoreUnavailable:
            return None

    def withdraw(self, ticket: str, *, held: bool) -> tuple[str, Optional[datetime]]:
        """Take a report back; return how that went, and until when it is held.

        `withdrawn`, `withdrawn_accepted` where a desk had taken it up, `withdrawn_soon` where old bytes are still
        being cleaned away, `withdrawn_held` where it is erased only after a day, or `failed`.
        """
        now = datetime.now(timezone.utc)
        try:
            if held:
                # Listed at once, so that a restored backup does not forget the wish.
                note_withdrawal(self._endings, ticket, now.date())
                kept = self._tickets.hold_withdrawal(ticket, _full_hour(now + HELD_FOR))
                return ("withdrawn_held", kept.held_until) if kept and kept.held_until else ("failed", None)
            before = withdraw(self._tickets, self._endings, ticket, now.date())
        except StoreUnavailable:
            return self._withdrawn_all_the_same(ticket), None
        return "withdrawn_accepted" if before in ("accepted", "done") else "withdrawn", None

    def answer(self, letter: str, ticket: str, number: int, words: str, reporter: str) -> str:
        """Seal an answer to a desk's question and store it; sent again, it takes its own place.

        Args:
            letter: the answer's own id, the same when it is tried again.
            ticket: the ticket's id.
            number: the number of the question.
            words: the answer, redacted and consented to.
            reporter: the public half of Q, as the receipt gave it: the one in the database may be anybody's.

        Returns:
            `sent`, only where the store says that the answer is in it, else `failed`.
        """
        note = Note(kind="answer", at=notes.now(), text=words, answers=number)
        try:
            record = self._tickets.get(ticket)
            if record is None or record.sealed_body is None:
                return "failed"
            before = sum(message.direction == "to_desk" for message in self._tickets.messages(ticket))
            pin = self._keys.pin_now(record.desk)
            label = Label(ticket, "to_desk", before + 1)
            copies = [vouched(self._vouching, label, notes.to_bytes(each)) for each in (note, notes.for_reporter(note))]
            sealed = letters.from_reporter(pin.recipient, reporter, ticket, label.version, *copies)
            message = message_of(letter, sealed, note.at.date())
            stored = self._tickets.add_message(
                message, (waiting_notice(ticket, pin, letter),), sealed_for=pin.generation
            )
        except (StoreUnavailable, StoreRefused, KeyFolderError, PinError, SealError) as error:
            _log.error("an answer could not be stored: %s", type(error).__name__)
            return "failed"
        return "sent" if stored is not None else "failed"

    def choose_word(self, code: str, ticket: str, typed: str) -> str:
        """Give a receipt a spoken word; return its tag in hexadecimal, `short`, or `failed`."""
        seed = receipts.derive(code, self._keys.site_salt).seed
        tag = receipts.spoken_tag(typed, receipts.spoken_salt(seed))
        if tag is None:
            return "short"
        try:
            record = self._tickets.get(ticket)
            if record is None or record.sealed_body is None:
                return "failed"
            terms = Terms(_terms(record, receipts.question_identity(seed)).held, tag)
            kept = self._tickets.set_terms(
                ticket, receipts.seal_terms(terms, ticket, receipts.question_recipient(seed))
            )
        except (StoreUnavailable, StoreRefused) as error:
            _log.error("a spoken word could not be stored: %s", type(error).__name__)
            return "failed"
        return tag.hex() if kept else "failed"

    def try_word(self, ticket: str, typed: str, salt: str, tag: str) -> str:
        """Say whether this is a receipt's spoken word: `right`, `wrong`, or `later` after too many tries."""
        bucket = self._words.pop(ticket, None) or Bucket(_WORDS_AT_ONCE, _WORDS_A_SECOND)
        self._words[ticket] = bucket
        while len(self._words) > _MOST_TICKETS:
            self._words.popitem(last=False)
        if not bucket.take():
            return "later"
        tried = receipts.spoken_tag(typed, bytes.fromhex(salt))
        return "right" if tried is not None and hmac.compare_digest(tried, bytes.fromhex(tag)) else "wrong"

    def _withdrawn_all_the_same(self, ticket: str) -> str:
        """Look whether a withdrawal that was not confirmed took effect: then only old bytes are still there."""
        try:
            found = self._tickets.get(ticket)
        except StoreUnavailable:
            return "failed"
        return "withdrawn_soon" if found is not None and found.state == "revoked" else "failed"

    def _receipt(self, record: TicketRecord, seed: bytes) -> Receipt:
        identity = receipts.question_identity(seed)
        terms = _terms(record, identity)
        said = self._notes(record, identity)
        unsigned = "new" if record.state == "new" else "unconfirmed"
        status = next((note.state for _, note in reversed(said) if note.state), unsigned)
        return Receipt(
            status="withdrawing" if record.held_until else status,
            ticket=record.id,
            desk=record.desk,
            reporter=receipts.question_recipient(seed),
            notes=said,
            held=terms.held,
            spoken=(receipts.spoken_salt(seed).hex(), terms.spoken.hex()) if terms.spoken else None,
            until=record.held_until,
        )

    def _notes(self, record: TicketRecord, identity: str) -> tuple[Numbered, ...]:
        """Return what was said on a ticket, in order; of any desk only what it signed, and each letter once."""
        try:
            verify_keys = self._keys.pins_now().verify_keys
        except (KeyFolderError, PinError):
            return ()
        found: dict[bytes, Numbered] = {}
        for message in self._tickets.messages(record.id):
            try:
                number, content, desk = letters.read_with_receipt(letter_of(message), identity, verify_keys)
                if desk is None:
                    content = read_vouched(self._vouching, Label(record.id, "to_desk", number), content)
                note = notes.from_bytes(content, desk)
            except (SealError, SignatureError, NoteError) as error:
                _log.error("a letter on ticket %s is not shown: %s", record.id, type(error).__name__)
                continue
            found[message.sealed_to_receipt] = number, note
        return notes.in_order(found.values())


def _terms(record: TicketRecord, identity: str) -> Terms:
    """Return the terms of a receipt; where they were tampered with, the more careful ones."""
    if record.sealed_terms is None:
        return Terms(held=False)
    try:
        return receipts.open_terms(record.sealed_terms, record.id, identity)
    except SealError:
        _log.error("the terms of ticket %s do not open", record.id)
        return Terms(held=True)


def _full_hour(moment: datetime) -> datetime:
    """Return the next full hour: the exact one would tell when the person was here."""
    return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
