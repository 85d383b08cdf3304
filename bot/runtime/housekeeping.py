"""What the running server does by itself: every minute it looks who is awake, once a day it erases what is due.

It runs in the chat process, because that process always runs: where it does not, nothing comes in either. Everything
here is harmless to repeat, so several processes may do it at once.
"""

import asyncio
import logging
from datetime import date, datetime, timedelta, timezone
from typing import Optional

from bot.delivery import email
from bot.delivery.email import MailFailed
from bot.reports.gate import Awake, Watch, awake, overdue_at
from bot.runtime import key_folder
from bot.runtime.endings import Endings, EndingsError, withdraw
from bot.runtime.founding import site_of
from bot.settings import Settings
from bot.site import Site
from bot.store.database import Database
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.retention import Done, Retainer
from bot.store.tickets import Tickets
from bot.store.watch import Watches

_log = logging.getLogger("oberih.housekeeping")
_PAUSE_SECONDS = 60.0
_SUBJECT = "Tickets are waiting"


class Housekeeping:
    """The chores of one site. They wait for database and mail server: call them beside the event loop."""

    def __init__(self, site: Site, database: Database, endings: Endings, *, gated: bool) -> None:
        self._site = site
        self._watches = Watches(database)
        self._tickets = Tickets(database)
        self._retainer = Retainer(database, site.retention)
        self._endings = endings
        self._gated = gated
        self._last_day: Optional[date] = None

    async def run(self) -> None:
        """Do what is due, every minute, until cancelled."""
        while True:
            await asyncio.to_thread(self.tick, datetime.now(timezone.utc))
            await asyncio.sleep(_PAUSE_SECONDS)

    def tick(self, now: datetime) -> None:
        """Do what is due at a moment; what cannot be done now is logged, and stops nothing else."""
        for chore in (self._look_who_is_awake, self._withdraw_what_was_held, self._erase_once_a_day):
            try:
                chore(now)
            except (StoreUnavailable, StoreRefused, EndingsError, MailFailed, OSError) as error:
                _log.error("%s", error)

    def look(self, now: datetime) -> Done:
        """Return what retention would do now, and change nothing.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        return self._retainer.look(now)

    def retain(self, now: datetime) -> Done:
        """Erase what is due, and bring the list of endings up to date.

        Raises:
            StoreUnavailable: nothing was erased.
            OSError: the list of endings cannot be written.
        """
        done = self._retainer.carry_out(now)
        self._endings.add_missing(self._tickets.endings())
        return done

    def _erase_once_a_day(self, now: datetime) -> None:
        if self._last_day == now.date():
            return
        done = self.retain(now)
        # From here on it is done for today, whether or not anybody can be warned.
        self._last_day = now.date()
        self._warn(done)

    def _withdraw_what_was_held(self, now: datetime) -> None:
        for ticket in self._tickets.due_withdrawals(now):
            withdraw(self._tickets, self._endings, ticket, now.date())

    def _look_who_is_awake(self, now: datetime) -> None:
        if not self._gated:
            return
        for desk in self._site.desks:
            watch = self._watches.of(desk.id)
            if desk.takes_reports and awake(watch, self._site.gate, now) is not Awake.AWAKE:
                self._call(watch, now)

    def _call(self, watch: Watch, now: datetime) -> None:
        """Tell the on-duty contact, once between two logins; where that fails, again a minute later."""
        deadline = overdue_at(watch, self._site.gate)
        if self._site.gate.on_duty is None or deadline is None or not self._watches.note_page(watch.desk, now):
            return
        closes = deadline + timedelta(minutes=self._site.gate.grace_minutes)
        try:
            self._mail(f"Please log in. If nobody does before {closes:%H:%M} UTC, intake closes until somebody does.")
        except MailFailed:
            self._watches.unpage(watch.desk)
            raise

    def _warn(self, done: Done) -> None:
        if done.plan.alerts:
            days = self._site.retention.unread_days
            self._mail(f"Some have waited long: {days} days after they came, they are erased unread. Please log in.")

    def _mail(self, text: str) -> None:
        """Tell the contact, where there is one; never which desk, what or how much waits."""
        mail, to = self._site.mail, self._site.gate.on_duty
        if mail is not None and to is not None:
            email.send(mail, to, _SUBJECT, f"{_SUBJECT}.\n\n{text}\n")


def housekeeping_of(settings: Settings) -> Optional[Housekeeping]:
    """Return the chores of this site, or None where it has none: it was not founded.

    Raises:
        SiteError: the site file does not fit.
        StoreUnavailable: the database's address makes no sense.
    """
    site = site_of(settings)
    if site is None or not key_folder.exists(settings.key_folder):
        return None
    # In a demo nobody is on duty.
    return Housekeeping(site, Database(settings.database_url), Endings(settings.endings), gated=not settings.demo)
