"""What the store's tests share: records with believable content, and a program that inserts until it is killed."""

import os
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from multiprocessing.synchronize import Event
from typing import Any

from bot.store.database import Database
from bot.store.records import DeskRecord, InvitationRecord, MemberRecord, MessageRecord, OutboxRecord, TicketRecord
from bot.store.tickets import Tickets
from bot.store.types import AGE_HEADER

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
RECIPIENT = "age1" + "q" * 58
DESK = DeskRecord("hotline-ua", 1, b"an age file, and the members' public keys")


def sealed(size: int = 800) -> bytes:
    return AGE_HEADER + os.urandom(size)


def a_ticket(**changes: Any) -> TicketRecord:
    ticket = TicketRecord(
        id=uuid.uuid4().hex,
        desk=DESK.id,
        kind="job",
        concern="trafficking",
        level="high",
        platform_kind="channel",
        state="new",
        day=DAY,
        sealed_body=sealed(),
        receipt_tag=os.urandom(32),
        question_recipient=RECIPIENT,
        generation=1,
    )
    return replace(ticket, **changes)


def an_outbox_row(ticket: TicketRecord) -> OutboxRecord:
    return OutboxRecord(uuid.uuid4().hex, ticket.id, "police-berlin", uuid.uuid4().hex, sealed(300))


def a_question(ticket: TicketRecord, **changes: Any) -> MessageRecord:
    question = MessageRecord(uuid.uuid4().hex, ticket.id, "to_reporter", sealed(), sealed(), b"s" * 64, DAY)
    return replace(question, **changes)


def a_member(name: str = "olena", **changes: Any) -> MemberRecord:
    return replace(
        MemberRecord(uuid.uuid4().hex, DESK.id, name, RECIPIENT, os.urandom(90), DAY),
        **changes,
    )


def an_invitation(**changes: Any) -> InvitationRecord:
    expires = NOW + timedelta(hours=24)
    return replace(
        InvitationRecord(uuid.uuid4().hex, DESK.id, "intake", uuid.uuid4().hex, sealed(), b"s" * 64, expires),
        **changes,
    )


def insert_until_killed(url: str, started: Event) -> None:
    """Insert whole tickets, one after the other, for ever; for a process of its own."""
    tickets = Tickets(Database(url))
    while True:
        ticket = a_ticket()
        tickets.insert(ticket, [an_outbox_row(ticket), an_outbox_row(ticket)])
        started.set()


def an_applicant(invitation: InvitationRecord, name: str = "olena", **changes: Any) -> InvitationRecord:
    asking = {"name": name, "recipient": RECIPIENT, "verify_key": "0" * 64}
    return replace(invitation, **{**asking, "locked_identity": os.urandom(90), "proof": os.urandom(32), **changes})
