"""A founded site with three desks on either database, with members and tickets, for tests of desks at work."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.conversation.reporting.draft import ReportDraft
from bot.privacy import letters
from bot.privacy.powers import Role
from bot.privacy.receipts import new_code
from bot.privacy.recovery import Recovery
from bot.reports.ticket import Identifier, Ticket
from bot.runtime import desk_session, founding, joining, key_folder, people
from bot.runtime.desk_session import DeskSession
from bot.runtime.founding import FirstMember
from bot.runtime.reporting import Reporting, reporting_of
from bot.runtime.seat import Seat
from bot.runtime.upkeep import bring_up
from bot.settings import Settings, load
from bot.site import load_site
from bot.store.database import Database
from bot.store.letters import letter_of, message_of
from bot.store.records import MemberRecord, MessageRecord
from bot.store.tickets import Tickets

TODAY = date(2026, 11, 24)
START = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
PASSPHRASE = "seven quiet herons at dawn"
PHONE = "+380501234567"
SITE = """
operator: {name: Aid, contact: office}
responsible: {name: Olha, role: head, contact: office}
desks:
  - {id: ngo, name: Aid Berlin, kind: ngo, countries: [DE]}
  - {id: hotline, name: Helpline, kind: hotline, default: true}
  - {id: police, name: Police, kind: police, countries: [DE]}
"""


@dataclass(frozen=True)
class Site:
    settings: Settings
    recovery: Recovery
    codes: dict[str, str] = field(default_factory=dict)

    @cached_property
    def database(self) -> Database:
        # One for all of a test: each has connections of its own, and a server has only so many.
        return Database(self.settings.database_url)

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.database)

    @property
    def reporting(self) -> Reporting:
        reporting = reporting_of(self.settings)
        assert reporting is not None
        return reporting

    def at_work(self, desk: str = "ngo", name: str = "olha", passphrase: str = PASSPHRASE) -> DeskSession:
        """Log in, and do what is done after every login."""
        session = desk_session.log_in(self.settings, desk, name, passphrase)
        bring_up(session)
        return session

    def joins(self, name: str, desk: str = "ngo", role: Role = Role.INTAKE) -> MemberRecord:
        """Invite somebody as the desk's first member, ask in their name, and admit them."""
        session = self.at_work(desk)
        asked = joining.ask(self.settings, people.invite(session, role), name, PASSPHRASE)
        return people.admit(session, asked.invitation)

    def sits(self, name: str, desk: str = "ngo", passphrase: str = PASSPHRASE) -> Seat:
        """Come to a desk as a member of any role."""
        return desk_session.sit_down(self.settings, desk, name, passphrase)

    def report(self, desk: str = "ngo", reporting: Any = None, **content: Any) -> str:
        """Send a report as the chat does; return the ticket's id, and keep its receipt code in `codes`."""
        identifier = secrets.token_hex(16)
        content = {"recipients": (desk,), **content}
        ticket = Ticket(created=START + timedelta(minutes=len(self.codes)), **content)
        self.codes[identifier] = new_code()
        draft = ReportDraft(self.codes[identifier], identifier, ticket.created.isoformat())
        assert (reporting or self.reporting).send(draft, ticket) == "sent"
        return identifier

    def question_recipient(self, ticket: str) -> str:
        """Return the public half of Q, as it is stored with a ticket."""
        record = self.tickets.get(ticket)
        assert record is not None
        return record.question_recipient

    def answers(self, ticket: str, words: bytes = b"words") -> str:
        """Put the reporter's answer on a ticket, sealed to the desk as it is pinned now."""
        reporter, record = self.question_recipient(ticket), self.tickets.get(ticket)
        assert record is not None
        pin = key_folder.read(self.settings.key_folder).pins.current(record.desk)
        identifier = secrets.token_hex(16)
        letter = letters.from_reporter(pin.recipient, reporter, ticket, 1, words, b"")
        assert self.tickets.add_message(message_of(identifier, letter, TODAY))
        return identifier


def found(folder: Path, url: str) -> Site:
    (folder / "site.yml").write_text(SITE)
    settings = replace(load(), var=folder / "var", site=folder / "site.yml", database_url=url, demo=True)
    known = load_site(settings.site)
    assert known is not None
    member = FirstMember("olha", PASSPHRASE)
    return Site(settings, founding.found(settings, known, {desk.id: member for desk in known.desks}))


def phone(value: str = PHONE) -> Identifier:
    return Identifier(value=value, type="phone")


def opened_answer(session: DeskSession, message: MessageRecord) -> bytes:
    """Return what the reporter answered."""
    return letters.read_at_desk(letter_of(message), session.opened.keys.identity, {}).content
