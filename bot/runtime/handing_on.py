"""What a desk does beyond its own tickets: handing one on, and asking who else follows the same lead."""

import contextlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import Optional

from bot.privacy import letters
from bot.privacy.index_tags import TagOpener
from bot.privacy.pins import Pin
from bot.privacy.seal import SealError, reseal
from bot.reports.identifiers import Lead
from bot.reports.routing import INTAKE_KINDS, may_receive
from bot.reports.ticket import Ticket
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.founding import site_of
from bot.runtime.linking import tagged
from bot.runtime.waiting import waiting_notice
from bot.site import Desk
from bot.store.index import Index
from bot.store.letters import letter_of, message_of
from bot.store.records import MessageRecord, TicketRecord
from bot.store.tickets import Tickets
from bot.store.transfers import transfer

QUESTIONS_A_DAY = 20
"""How often a member may ask other desks on one day: enough for cases, too few to try out numbers."""


class Refusal(DeskError):
    """Something is not done across desks; `code` says why in one word, the message in a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Elsewhere:
    """Another desk has accepted tickets that name the same identifier."""

    lead: Lead
    desk: str
    tickets: int


def hand_on(session: DeskSession, start: str, to: str, reason: str = "") -> TicketRecord:
    """Give one of the session's tickets to another desk, and return it as it is there.

    The clear fields and the reporter's receipt stay as they are. An intake desk takes it new; a desk that takes
    no reports itself gets qualified ones only, so it must have been accepted.

    Args:
        session: a member at work.
        start: the start of the ticket's id.
        to: the other desk's id.
        reason: why, in the member's words; kept sealed in the audit log behind where it went.

    Raises:
        Refusal: the ticket may not go there, or changed meanwhile.
        DeskError: there is no such ticket.
        PinError: that desk is not pinned.
        SiteError, KeyFolderError, StoreUnavailable: the site is not in order.
    """
    record, content = session.ticket(start)
    desk = _desk(session, to)
    code = obstacle(record, content, desk, session.desk)
    if code is not None:
        raise _refusal(code, record, desk.id)
    pin = key_folder.read(session.settings.key_folder).pins.current(desk.id)
    assert record.sealed_body is not None
    body = reseal(record.sealed_body, session.opened.keys.identity, [pin.recipient])
    said = [_handed_on(session, each, pin) for each in Tickets(session.database).messages(record.id)]
    session.note("transfer", record.id, f"to {desk.id}: {reason}" if reason else f"to {desk.id}")
    there = replace(record, desk=desk.id, state="new", generation=pin.generation, sealed_body=body, indexed="no")
    if not transfer(session.database, record, there, said, waiting_notice(record.id, pin)):
        raise Refusal("changed", f"Ticket {record.id} has changed meanwhile: look at it and repeat the command.")
    return there


def _handed_on(session: DeskSession, message: MessageRecord, pin: Pin) -> MessageRecord:
    """One that does not open goes along as it is: it is shown to nobody, and keeps no ticket back."""
    try:
        letter = letters.handed_on(letter_of(message), session.opened.keys, pin.recipient)
    except SealError:
        return message
    return message_of(message.id, letter, message.day)


def _desk(session: DeskSession, to: str) -> Desk:
    site = site_of(session.settings)
    if site is None:
        raise DeskError(f"There is no {session.settings.site}, so it is not known which desks there are.")
    return site.desk(to)


def obstacle(record: TicketRecord, content: Ticket, desk: Desk, own: str) -> Optional[str]:
    """Return why a ticket of the desk `own` may not go to another desk, as a code, or None: it may.

    `here` already, `left_out` by the reporter, `not_agreed` to, `ended`, or `not_accepted` yet.
    """
    if desk.id == own:
        return "here"
    if not may_receive(content, desk):
        return "left_out" if desk.id in content.not_to or desk.kind in content.not_to_kinds else "not_agreed"
    if record.state not in ("new", "accepted"):
        return "ended"
    return "not_accepted" if desk.kind not in INTAKE_KINDS and record.state != "accepted" else None


def _refusal(code: str, record: TicketRecord, desk: str) -> Refusal:
    sentence = {
        "here": f"Ticket {record.id} is at desk {desk} already.",
        "left_out": f"Ticket {record.id} may not go to desk {desk}: the reporter left it out.",
        "not_agreed": f"Ticket {record.id} may not go to desk {desk}: the reporter has not agreed to it.",
        "ended": f"Ticket {record.id} is {record.state}: only a new or accepted one is handed on.",
        "not_accepted": f"Desk {desk} receives qualified tickets only: accept {record.id} first.",
    }[code]
    return Refusal(code, sentence)


def questions_left(session: DeskSession) -> int:
    """Return how often the member may still ask other desks today (UTC)."""
    return max(0, QUESTIONS_A_DAY - session.log.today(session.desk, session.member.id, "others"))


def elsewhere(session: DeskSession, start: str, reason: str) -> tuple[Elsewhere, ...]:
    """Return which other desks follow the leads of one of the session's accepted tickets.

    The question is written into the audit log with its reason, whatever comes of it. Desks that share silently,
    and tickets that some desk must not have, are never found.

    Raises:
        Refusal: the ticket is not accepted, no reason is given, or the member has asked too often today.
        DeskError: there is no such ticket.
        StoreUnavailable, KeyFolderError: the site is not in order.
    """
    record, content = session.ticket(start)
    if record.state != "accepted":
        told = f"Ticket {record.id} is {record.state}: ask other desks about an accepted one only."
        raise Refusal("not_accepted", told)
    if not reason.strip():
        raise Refusal("no_reason", "Give a reason with --reason: it is kept in the audit log.")
    key = session.shared_key
    if key is None:
        raise Refusal("no_key", "This site has no deconfliction key: it was founded before there was one.")
    if questions_left(session) == 0:
        raise Refusal("quota", f"{QUESTIONS_A_DAY} such questions a day and member: ask again tomorrow (UTC).")
    session.note("others", record.id, reason.strip())
    tags = tagged(key, session.leads.of(content))
    hits: Counter[tuple[str, bytes]] = Counter()
    opener = TagOpener(key)
    for desk, id, sealed in Index(session.database).elsewhere(session.desk) if tags else ():
        with contextlib.suppress(SealError):
            hits.update((desk, found) for found in opener.open(id, sealed) & frozenset(tags))
    return tuple(Elsewhere(tags[found], desk, count) for (desk, found), count in sorted(hits.items()))
