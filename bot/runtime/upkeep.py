"""What a session does first: the desk's tickets are sealed to its present keys, and their identifiers indexed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Optional

from bot.privacy import letters, roster
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import SealError, open_sealed, seal
from bot.privacy.signing import SignatureError
from bot.reports.retention import index_is_over
from bot.reports.ticket import TicketError
from bot.runtime import key_folder
from bot.runtime.bodies import Body, body_in
from bot.runtime.desk_session import DeskSession
from bot.runtime.desk_sheets import DeskSheets
from bot.runtime.founding import site_of
from bot.runtime.linking import Indexer
from bot.site import Retention
from bot.store.desks import Desks
from bot.store.letters import letter_of, message_of
from bot.store.records import MessageRecord, TicketRecord
from bot.store.tickets import Tickets
from bot.store.upkeep import Done, Upkeep

_AT_ONCE = 100
"""Tickets in a transaction: about 0.1 s, in which a report that comes in has to wait."""


def bring_up(
    session: DeskSession, progress: Optional[Callable[[int, int], None]] = None, most: Optional[int] = None
) -> int:
    """Seal and index what is behind, and finish a change of keys; return how many tickets were behind.

    It can be broken off at any moment, and two sessions can do it at once.

    Args:
        session: the desk at work.
        progress: told how many are done, and of how many.
        most: leave the rest, and the end of a change of keys, to the next time once so many are done.

    Raises:
        SealError, RosterError, PinError: the desk's earlier secret is not the pinned one.
        DeskError: the desk's keys were changed meanwhile, by another session.
        StoreUnavailable: the rest is left for the next session.
    """
    generation, store = session.opened.pin.generation, Upkeep(session.database)
    row = session.row()
    earlier = _earlier(session, row.sealed_earlier)
    done = 0
    while behind := store.behind(session.desk, generation):
        change = _Change(session, earlier)
        last = None
        while more := store.bring_up(session.desk, generation, last, _AT_ONCE, change):
            last = more[-1]
            done += len(more)
            if progress:
                progress(done, max(done, behind))
            if most is not None and done >= most:
                return done
    store.tidy(session.desk, generation)
    if earlier is not None:
        _finish(session, earlier)
    _expire(session)
    return done


def index_now(session: DeskSession) -> None:
    """Seal and index a few tickets that are behind, such as one just accepted; the rest is for `bring_up`.

    Raises as `bring_up`.
    """
    generation = session.opened.pin.generation
    change = _Change(session, _earlier(session, session.row().sealed_earlier))
    Upkeep(session.database).bring_up(session.desk, generation, None, _AT_ONCE, change)


def _earlier(session: DeskSession, sealed: Optional[bytes]) -> Optional[OpenDesk]:
    if sealed is None:
        return None
    return roster.open_earlier(sealed, session.opened, key_folder.read(session.settings.key_folder).pins)


def _finish(session: DeskSession, earlier: OpenDesk) -> None:
    desks, row = Desks(session.database), session.row()
    Upkeep(session.database).sign_anew(session.desk, _Signing(earlier, session.opened))
    session.log.seal_anew(session.opened, earlier)
    DeskSheets(session).seal_anew(earlier)
    listed = roster.members_of(row.sealed_secret, session.opened.pin)
    desks.keep_members(row, [member.recipient for member in listed])
    if desks.finish_rotation(session.desk, session.opened.pin.generation):
        session.note("sealed_anew")
        session.row()


def _expire(session: DeskSession) -> None:
    """Let the audit log go back no further than the site says, a month being 30 days."""
    site = site_of(session.settings)
    if site is not None:
        day = datetime.now(timezone.utc).date() - timedelta(days=30 * site.retention.audit_months)
        session.log.expire(session.desk, key_folder.read(session.settings.key_folder).pins, day)


class _Signing:
    """Signs the desk's letters on tickets that other desks have now, as far as they stand under its earlier keys."""

    def __init__(self, earlier: OpenDesk, now: OpenDesk) -> None:
        self._earlier = earlier
        self._now = now

    def __call__(self, message: MessageRecord) -> Optional[bytes]:
        try:
            return letters.signature_anew(letter_of(message), self._earlier.keys, self._now.keys)
        except SignatureError:
            return None


class _Change:
    """Seals a ticket with what was said on it to the present key, and makes its tags."""

    def __init__(self, session: DeskSession, earlier: Optional[OpenDesk]) -> None:
        self._now = session.opened
        self._earlier = earlier
        self._indexer = Indexer.of(session)
        self._vouching = session.vouching_key
        site = site_of(session.settings)
        self._terms = site.retention if site else Retention.parse_obj({})
        self._today = datetime.now(timezone.utc).date()
        held = Tickets(session.database).held(session.desk)
        self._held = frozenset(hold.ticket for hold in held if self._today <= hold.until)

    def __call__(self, record: TicketRecord, messages: Sequence[MessageRecord]) -> Done:
        sealed, said, body = self._resealed(record, messages)
        # One that was accepted stays shared when it is done; one that was rejected never was.
        shared = record.state == "accepted" or (record.state == "done" and record.indexed == "shared")
        entry = None
        # One that nobody vouches for leads nowhere.
        if body is not None and body.vouched and not self._index_is_over(record):
            entry = self._indexer.entry(record.id, body.content, shared=shared)
        return Done(sealed, said, entry, "shared" if shared else "desk")

    def _index_is_over(self, record: TicketRecord) -> bool:
        """Retention erased the entry, or would: what is sealed anew or handed on later brings it back no more."""
        return record.id not in self._held and index_is_over(record.day, self._terms, self._today)

    def _resealed(
        self, record: TicketRecord, messages: Sequence[MessageRecord]
    ) -> tuple[bytes, list[MessageRecord], Optional[Body]]:
        """What does not open with this desk's keys stays as it is: it hides no other ticket, and stops nothing."""
        body = record.sealed_body or b""
        said: list[MessageRecord] = []
        key, to = self._now, [self._now.keys.recipient]
        if record.generation < key.pin.generation and self._earlier is not None:
            key = self._earlier
            said = [_anew(message, key, self._now) for message in messages]
        try:
            opened = open_sealed(body, key.keys.identity)
        except SealError:
            return body, said, None
        if key is not self._now:
            body = seal(opened, to)
        try:
            return body, said, body_in(record, opened, self._vouching)
        except (SealError, TicketError):
            return body, said, None


def _anew(message: MessageRecord, earlier: OpenDesk, now: OpenDesk) -> MessageRecord:
    """One that is not this desk's stays as it is: it is shown to nobody."""
    try:
        letter = letters.anew(letter_of(message), now.pin.desk, earlier.keys, now.keys)
        return message_of(message.id, letter, message.day)
    except (SealError, SignatureError):
        return message
