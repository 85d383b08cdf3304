"""Passing reports on: a confirmed ticket is sealed to its desk and stored.

Everything here may wait for a database or a slow hash: callers use a thread beside the event loop.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Optional

from bot.conversation.reporting.draft import ReportDraft
from bot.privacy import receipts
from bot.privacy.pins import PinError
from bot.privacy.receipts import Terms
from bot.privacy.vouching import vouching_key
from bot.reports.gate import Awake, Watch, awake
from bot.reports.ticket import Ticket
from bot.runtime import key_folder
from bot.runtime.bodies import clear_fields, seal_body
from bot.runtime.endings import Endings
from bot.runtime.follow_up import FollowUp
from bot.runtime.founding import site_of
from bot.runtime.key_folder import KeyFolderError, SiteKeys
from bot.runtime.lookups import Lookups
from bot.runtime.waiting import waiting_notice
from bot.settings import Settings
from bot.site import Desk, Site
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.records import OutboxRecord, TicketRecord
from bot.store.tickets import Insertion, Tickets
from bot.store.watch import Watches

_log = logging.getLogger("oberih.reporting")
_HASHES_AT_ONCE = 2
"""Each derivation takes 64 MiB."""


class Reporting:
    """The desks of a site that can take reports now, and the store they take them from."""

    def __init__(self, site: Site, keys: SiteKeys, database: Database, endings: Endings, *, gated: bool) -> None:
        self._site = site
        self._keys = keys
        self._gated = gated
        self._watches = Watches(database)
        self._tickets = Tickets(database)
        self._desks = Desks(database)
        self._database = database
        self.follow_up = FollowUp(keys, self._tickets, endings)
        self.lookups = Lookups(self.follow_up.find)
        self.threads = ThreadPoolExecutor(_HASHES_AT_ONCE, "reporting")
        """Where reporting waits, apart from the threads that decide on danger and from those that look codes up."""

    @property
    def names(self) -> dict[str, str]:
        """The desks' names as people know them, by id."""
        return {desk.id: desk.name for desk in self._site.desks}

    def desks(self, *, asleep: bool = False) -> tuple[Desk, ...]:
        """Return the desks that are pinned and awake; none where nobody takes a report in.

        Args:
            asleep: also those that are asleep, for a report that may have been passed on already.
        """
        pinned = [desk for desk in self._site.desks if desk.id in self._keys.pins.chains]
        away = frozenset() if asleep else self._asleep()
        there = tuple(desk for desk in pinned if desk.id not in away)
        return there if any(desk.takes_reports for desk in there) else ()

    def _asleep(self) -> frozenset[str]:
        """Return the desks whose intake is closed because nobody was there for too long."""
        if not self._gated:
            return frozenset()
        try:
            watches = self._watches.all()
        except StoreUnavailable:
            # Then sending says so, and what was written is not lost.
            return frozenset()
        now = datetime.now(timezone.utc)
        state = {desk.id: awake(watches.get(desk.id, Watch(desk.id)), self._site.gate, now) for desk in self._intake()}
        return frozenset(desk for desk, found in state.items() if found is Awake.ASLEEP)

    def _intake(self) -> list[Desk]:
        return [desk for desk in self._site.desks if desk.takes_reports]

    def open(self) -> bool:
        """Say whether the store answers, so that nobody writes a report in vain."""
        try:
            self._database.check()
            known = set(self._desks.ids())
        except StoreUnavailable:
            _log.error("the store does not answer: reporting is closed")
            return False
        return any(desk.id in known for desk in self.desks() if desk.takes_reports)

    def send(self, report: ReportDraft, ticket: Ticket) -> str:
        """Seal a ticket to its intake desk and store it; sent again, it takes its own place.

        Returns:
            `sent`, only where the store says that the ticket is in it, else `failed`.
        """
        try:
            record, outbox = self._records(report, ticket)
            urgent = datetime.now(timezone.utc) if ticket.urgent else None
            known = report.version or self._tickets.insert(record, outbox, urgent=urgent) is Insertion.ALREADY_THERE
            # Already there: an answer was lost before, and lines may have been struck since then.
            return "sent" if not known or self._tickets.replace_content(record, urgent=urgent) else "failed"
        except (StoreUnavailable, StoreRefused, PinError, KeyFolderError) as error:
            _log.error("a report could not be stored: %s", type(error).__name__)
            return "failed"

    def _records(self, report: ReportDraft, ticket: Ticket) -> tuple[TicketRecord, tuple[OutboxRecord, ...]]:
        pin = self._keys.pin_now(ticket.recipients[0])
        desk = pin.desk
        keys = receipts.derive(report.code, self._keys.site_salt)
        tag, reporter = receipts.lookup_tag(keys.lookup, self._keys.pepper), receipts.question_recipient(keys.seed)
        vouching = vouching_key(self._keys.pepper)
        spoken = bytes.fromhex(report.spoken) if report.spoken else None
        record = TicketRecord(
            id=report.ticket,
            desk=desk,
            **clear_fields(ticket),
            state="new",
            sealed_body=seal_body(report.ticket, report.version + 1, ticket, (tag, reporter), vouching, pin.recipient),
            receipt_tag=tag,
            question_recipient=reporter,
            # Urgent, as every report about a child is: then nobody can silence it by taking it back at once.
            sealed_terms=receipts.seal_terms(Terms(ticket.urgent, spoken), report.ticket, reporter),
            generation=pin.generation,
        )
        return record, (waiting_notice(report.ticket, pin),)


def reporting_of(settings: Settings) -> Optional[Reporting]:
    """Return the site's reporting, or None: it is closed, because there is no site or it was not founded.

    It is closed also where the keys cannot be trusted or the database's address makes no sense: checks and
    numbers go on without it.

    Raises:
        SiteError: the site file does not fit.
    """
    site = site_of(settings)
    if site is None:
        return None
    try:
        if not key_folder.exists(settings.key_folder):
            return None
        keys, database = key_folder.read(settings.key_folder), Database(settings.database_url)
        return Reporting(site, keys, database, Endings(settings.endings), gated=not settings.demo)
    except (KeyFolderError, PinError, StoreUnavailable) as error:
        _log.error("reporting is closed: %s", error)
        return None
