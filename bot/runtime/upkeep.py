"""What a session does first: the desk's tickets are sealed to its present keys, and their identifiers indexed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Optional

from bot.privacy import letters, roster
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import SealError, open_sealed, seal
from bot.privacy.signing import SignatureError
from bot.reports.ticket import Ticket, TicketError
from bot.runtime import key_folder
from bot.runtime.bodies import body_in
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.founding import site_of
from bot.runtime.linking import Indexer
from bot.store.desks import Desks
from bot.store.letters import letter_of, message_of
from bot.store.records import MessageRecord, TicketRecord
from bot.store.upkeep import Done, Upkeep

_AT_ONCE = 100
"""Tickets in a transaction: about 0.1 s, in which a report that comes in has to wait."""


def bring_up(session: DeskSession, progress: Optional[Callable[[int, int], None]] = None) -> int:
    """Seal and index what is behind, and finish a change of keys; return how many tickets were behind.

    It can be broken off at any moment, and two sessions can do it at once.

    Raises:
        SealError, RosterError, PinError: the desk's earlier secret is not the pinned one.
        DeskError: it is missing; no ticket that needs it was touched.
        StoreUnavailable: the rest is left for the next session.
    """
    generation, store = session.opened.pin.generation, Upkeep(session.database)
    row = session.row()
    earlier = _earlier(session, row.sealed_earlier)
    done = 0
    while behind := store.behind(session.desk, generation):
        change = _Change(session, Indexer.of(session), earlier)
        last = None
        while more := store.bring_up(session.desk, generation, last, _AT_ONCE, change):
            last = more[-1]
            done += len(more)
            if progress:
                progress(done, max(done, behind))
    store.tidy(session.desk, generation)
    if earlier is not None:
        _finish(session, earlier)
    _expire(session)
    return done


def _earlier(session: DeskSession, sealed: Optional[bytes]) -> Optional[OpenDesk]:
    if sealed is None:
        return None
    return roster.open_earlier(sealed, session.opened, key_folder.read(session.settings.key_folder).pins)


def _finish(session: DeskSession, earlier: OpenDesk) -> None:
    desks, row = Desks(session.database), session.row()
    session.log.seal_anew(session.opened, earlier)
    desks.keep_members(row, roster.members_of(row.sealed_secret, session.opened.pin))
    if desks.finish_rotation(session.desk, session.opened.pin.generation):
        session.note("sealed_anew")
        session.row()


def _expire(session: DeskSession) -> None:
    """Let the audit log go back no further than the site says, a month being 30 days."""
    site = site_of(session.settings)
    if site is not None:
        day = datetime.now(timezone.utc).date() - timedelta(days=30 * site.retention.audit_months)
        session.log.expire(session.desk, key_folder.read(session.settings.key_folder).pins, day)


class _Change:
    """Seals a ticket with what was said on it to the present key, and makes its tags."""

    def __init__(self, session: DeskSession, indexer: Indexer, earlier: Optional[OpenDesk]) -> None:
        self._now = session.opened
        self._earlier = earlier
        self._indexer = indexer

    def __call__(self, record: TicketRecord, messages: Sequence[MessageRecord]) -> Done:
        body, said, content = self._resealed(record, messages)
        # One that was accepted stays shared when it is done; one that was rejected never was.
        shared = record.state == "accepted" or (record.state == "done" and record.indexed == "shared")
        entry = self._indexer.entry(record.id, content, shared=shared) if content else None
        return Done(body, said, entry, "shared" if shared else "desk")

    def _resealed(
        self, record: TicketRecord, messages: Sequence[MessageRecord]
    ) -> tuple[bytes, list[MessageRecord], Optional[Ticket]]:
        """What does not open with this desk's keys stays as it is: it hides no other ticket, and stops nothing."""
        body = record.sealed_body or b""
        said: list[MessageRecord] = []
        key, to = self._now, [self._now.keys.recipient]
        if record.generation < key.pin.generation:
            if self._earlier is None:
                raise DeskError(f"The secret that ticket {record.id} is sealed to is missing: restore the database.")
            key = self._earlier
            said = [_anew(message, key, self._now) for message in messages]
        try:
            opened = open_sealed(body, key.keys.identity)
        except SealError:
            return body, said, None
        if key is not self._now:
            body = seal(opened, to)
        try:
            return body, said, body_in(record.id, opened)
        except (SealError, TicketError):
            return body, said, None


def _anew(message: MessageRecord, earlier: OpenDesk, now: OpenDesk) -> MessageRecord:
    """One that is not this desk's stays as it is: it is shown to nobody."""
    try:
        return message_of(message.id, letters.anew(letter_of(message), earlier.keys, now.keys), message.day)
    except (SealError, SignatureError):
        return message
