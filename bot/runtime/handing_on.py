"""What a desk does beyond its own tickets: handing one on, and asking who else follows the same lead."""

import contextlib
from collections import Counter
from dataclasses import dataclass, replace

from bot.privacy.index_tags import TagOpener
from bot.privacy.seal import SealError, reseal
from bot.reports.identifiers import Lead
from bot.reports.routing import INTAKE_KINDS, may_receive
from bot.reports.ticket import Ticket
from bot.runtime import key_folder
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.founding import site_of
from bot.runtime.linking import tagged
from bot.runtime.reporting import waiting_notice
from bot.site import Desk
from bot.store.index import Index
from bot.store.records import TicketRecord
from bot.store.tickets import Tickets
from bot.store.transfers import transfer

QUESTIONS_A_DAY = 20
"""How often a member may ask other desks on one day: enough for cases, too few to try out numbers."""


@dataclass(frozen=True)
class Elsewhere:
    """Another desk has accepted tickets that name the same identifier."""

    lead: Lead
    desk: str
    tickets: int


def hand_on(session: DeskSession, start: str, to: str) -> TicketRecord:
    """Give one of the session's tickets to another desk, and return it as it is there.

    The clear fields and the reporter's receipt stay as they are. An intake desk takes it new; a desk that takes
    no reports itself gets qualified ones only, so it must have been accepted.

    Raises:
        DeskError: the ticket may not go there, or changed meanwhile.
        PinError: that desk is not pinned.
        SiteError, KeyFolderError, StoreUnavailable: the site is not in order.
    """
    record, content = session.ticket(start)
    desk = _desk(session, to)
    _refuse(record, content, desk, session.desk)
    pin = key_folder.read(session.settings.key_folder).pins.current(desk.id)
    identity, recipients = session.opened.keys.identity, [pin.recipient]
    assert record.sealed_body is not None
    body = reseal(record.sealed_body, identity, recipients)
    said = Tickets(session.database).messages(record.id)
    messages = [replace(each, sealed_to_desk=reseal(each.sealed_to_desk, identity, recipients)) for each in said]
    session.note("transfer", record.id, f"to {desk.id}")
    there = replace(record, desk=desk.id, state="new", generation=pin.generation, sealed_body=body, indexed="no")
    if not transfer(session.database, record, there, messages, waiting_notice(record.id, pin)):
        raise DeskError(f"Ticket {record.id} has changed meanwhile: look at it and repeat the command.")
    return there


def _desk(session: DeskSession, to: str) -> Desk:
    site = site_of(session.settings)
    if site is None:
        raise DeskError(f"There is no {session.settings.site}, so it is not known which desks there are.")
    return site.desk(to)


def _refuse(record: TicketRecord, content: Ticket, desk: Desk, own: str) -> None:
    if desk.id == own:
        raise DeskError(f"Ticket {record.id} is at desk {own} already.")
    if not may_receive(content, desk):
        reason = "the reporter has not agreed to it" if desk.id not in content.not_to else "the reporter left it out"
        raise DeskError(f"Ticket {record.id} may not go to desk {desk.id}: {reason}.")
    if record.state not in ("new", "accepted"):
        raise DeskError(f"Ticket {record.id} is {record.state}: only a new or accepted one is handed on.")
    if desk.kind not in INTAKE_KINDS and record.state != "accepted":
        raise DeskError(f"Desk {desk.id} receives qualified tickets only: accept {record.id} first.")


def elsewhere(session: DeskSession, start: str, reason: str) -> tuple[Elsewhere, ...]:
    """Return which other desks follow the leads of one of the session's accepted tickets.

    The question is written into the audit log with its reason, whatever comes of it. Desks that share silently,
    and tickets that some desk must not have, are never found.

    Raises:
        DeskError: the ticket is not accepted, no reason is given, or the member has asked too often today.
        StoreUnavailable, KeyFolderError: the site is not in order.
    """
    record, content = session.ticket(start)
    if record.state != "accepted":
        raise DeskError(f"Ticket {record.id} is {record.state}: ask other desks about an accepted one only.")
    if not reason.strip():
        raise DeskError("Give a reason with --reason: it is kept in the audit log.")
    key = session.shared_key
    if key is None:
        raise DeskError("This site has no deconfliction key: it was founded before there was one.")
    if session.log.today(session.desk, session.member.id, "others") >= QUESTIONS_A_DAY:
        raise DeskError(f"{QUESTIONS_A_DAY} such questions a day and member: ask again tomorrow (UTC).")
    session.note("others", record.id, reason.strip())
    tags = tagged(key, session.leads.of(content))
    hits: Counter[tuple[str, bytes]] = Counter()
    opener = TagOpener(key)
    for desk, id, sealed in Index(session.database).elsewhere(session.desk) if tags else ():
        with contextlib.suppress(SealError):
            hits.update((desk, found) for found in opener.open(id, sealed) & frozenset(tags))
    return tuple(Elsewhere(tags[found], desk, count) for (desk, found), count in sorted(hits.items()))
