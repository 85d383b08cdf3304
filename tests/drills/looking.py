"""What people see: each desk's members at work, whoever was invited, and whoever has a receipt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Optional

from bot.cli import _EXPECTED
from bot.desk import second_factor
from bot.privacy import invitations, roster
from bot.privacy.delegates import member_id
from bot.privacy.member_keys import unlock_identity
from bot.privacy.powers import Role
from bot.privacy.roster import Listed, Member
from bot.privacy.seal import SealError, recipient_of
from bot.reports.worksheet import WorkError
from bot.runtime import desk_session, joining, key_folder, people
from bot.runtime.desk_session import DeskError, DeskSession
from bot.runtime.desk_sheets import DeskSheets
from bot.runtime.joining import Asked
from bot.runtime.linking import links_of
from bot.site import Retention
from bot.store.invitations import Invitations
from bot.store.records import InvitationRecord
from bot.store.retention import Retainer
from bot.store.second_factors import SecondFactors
from tests.desks import PASSPHRASE, Site

ENDED = {"unconfirmed", "unknown", "ended", "expired", "revoked", "withdrawing"}
"""What a receipt may say of a ticket that was changed: nothing that would be a desk's decision."""


@dataclass(frozen=True)
class Place:
    """A site whose desks have been at work: desk ngo with members olha, second (intake) and boss (admin)."""

    site: Site
    tickets: tuple[str, ...]
    """Two at desk ngo: one accepted, asked about and answered, one new and asked about."""
    code: str
    """An invitation, made by boss, by which nobody has asked yet."""
    newcomer: Member
    """Who has that code, and does not ask before the drill."""
    asked: Asked
    """Who asks to be admitted by another invitation, made by olha, and has set up one-time codes."""


Line = tuple[str, str, int, str]


@dataclass(frozen=True)
class Seen:
    """What people see: as genuine, and what they are told is wrong."""

    tickets: frozenset[tuple[str, Optional[str]]]
    letters: frozenset[Line]
    """Of a ticket or a desk: what kind, its number, and its words; what desks note for themselves and roles, too."""
    statuses: Mapping[str, str]
    told: frozenset[str]
    refused: str = ""


def look(place: Place) -> Seen:
    """Return what everybody sees: desk ngo at work, its second member, and whoever has a receipt."""
    site = place.site
    told: set[str] = set()
    letters: set[Line] = set()
    statuses = {}
    for ticket in place.tickets:
        receipt = site.reporting.follow_up.find(site.codes[ticket])
        assert receipt is not None
        statuses[ticket] = receipt.status
        if receipt.ticket not in (ticket, None):
            told.add(f"receipt leads to {receipt.ticket}")
        letters |= {(ticket, note.kind, number, note.text or note.state or "") for number, note in receipt.notes}
    try:
        session = site.at_work()
        shown, said, doubts = _at_desk(place, session)
    except _EXPECTED as error:
        return Seen(frozenset(), frozenset(letters), statuses, frozenset(told), str(error))
    return Seen(shown, frozenset(letters | said), statuses, frozenset(told | doubts))


def _at_desk(place: Place, session: DeskSession) -> tuple[frozenset[Any], set[Any], set[str]]:
    told: set[str] = set()
    shown, letters = set(), set()
    for opened in session.tickets():
        id = opened.record.id
        told |= {f"{id} does not open"} if opened.damaged else set()
        told |= {f"{id} is made up"} if opened.made_up else set()
        told |= {f"{id} changed: {name}" for name in opened.changed}
        thread = session.talk.thread(id)
        told |= {f"{id}: {thread.closed} letters are closed"} if thread.closed else set()
        letters |= {(id, note.kind, number, note.text or note.state or "") for number, note in thread.said}
        if opened.content is not None and not opened.made_up:
            shown.add((id, opened.content.narrative))
            links_of(session, opened.record, opened.content)
    for what, attempt in _ATTEMPTS.items():
        try:
            letters |= attempt(place, session) or set()
        except _EXPECTED as error:
            told.add(f"{what}: {error}")
        except WorkError as error:
            told.add(f"{what}: {error.reason}")
    entries, wrong = session.log.examine(session.desk, key_folder.read(session.settings.key_folder).pins)
    told |= set(wrong)
    told |= {f"reason {n} is another" for n, given in session.log.reasons(session.opened, entries).items() if not given}
    for each in people.members_of(session):
        told |= {f"{each.name} is not on the signed list"} if each.role is None else set()
        letters |= _role(each.name, each.role) if each.role else set()
    for opened in desk_session.log_in(place.site.settings, "hotline", "olha", PASSPHRASE).tickets():
        told |= {f"{opened.record.id} does not open at hotline"} if opened.damaged else set()
    return frozenset(shown), letters, told


def _second_logs_in(place: Place, _: DeskSession) -> None:
    desk_session.log_in(place.site.settings, "ngo", "second", PASSPHRASE)


def _shared_key(_: Place, session: DeskSession) -> None:
    if session.shared_key is None:
        raise SealError("no shared key")


def _factor_opens(place: Place, session: DeskSession) -> None:
    sealed = SecondFactors(session.database).get(session.member.id)
    if sealed is None:
        raise SealError("no second factor is set up: the console asks to set it up")
    second_factor.opened(sealed, session.member.id, unlock_identity(session.member.locked_identity, PASSPHRASE))


def _members(_: Place, session: DeskSession) -> None:
    session.refuse_other_members(session.row())


def _delegate(place: Place, _: DeskSession) -> None:
    place.site.sits("boss").note("list")


def _admitted(place: Place, session: DeskSession) -> set[Line]:
    record = _waits(session, place.asked.invitation)
    listed = _fits(session, record)
    identity = unlock_identity(record.locked_identity or b"", PASSPHRASE)
    if (recipient_of(identity), record.recipient) != (place.asked.recipient,) * 2:
        raise SealError("another key")
    if record.sealed_factor is None:
        raise SealError("no second factor is set up: the console asks to set it up")
    second_factor.opened(record.sealed_factor, member_id(recipient_of(identity)), identity)
    return _role(listed.name, listed.role)


def _invited(place: Place, session: DeskSession) -> set[Line]:
    desk = joining.invited_to(place.site.settings, place.code)
    record = _waits(session, invitations.invitation_id(place.code))
    if desk != session.desk or record.sealed_factor is not None:
        raise DeskError("an invitation to another desk, or the newcomer's one-time codes were set up by somebody else")
    made = invitations.apply(place.code, people.invitation_of(record), "fourth", place.newcomer)
    member = made.member
    theirs = {"recipient": member.recipient, "verify_key": member.verify_key, "locked_identity": member.locked}
    listed = _fits(session, replace(record, name=made.name, proof=made.proof, **theirs))
    return _role(listed.name, listed.role)


def _waits(session: DeskSession, id: str) -> InvitationRecord:
    record = Invitations(session.database).get(id, datetime.now(timezone.utc))
    if record is None or id not in {waiting.id for waiting in people.waiting_at(session)}:
        raise DeskError("this invitation is not there")
    return record


def _role(name: str, role: Role) -> set[Line]:
    return {("ngo", "role", 0, f"{name} is {role.value}")}


def _fits(session: DeskSession, record: InvitationRecord) -> Listed:
    """Look whether whoever asks would be admitted, and as what."""
    applicant = people.applicant_of(record)
    if applicant is None:
        raise DeskError("nobody asks")
    invitations.check_number(applicant.member.recipient)
    members = roster.members_of(session.row().sealed_secret, session.pin)
    return invitations.check(session.opened, members, people.invitation_of(record), applicant)


def _sheets(place: Place, session: DeskSession) -> set[Line]:
    sheets = DeskSheets(session)
    return {(ticket, "tag", 0, tag) for ticket in place.tickets for tag in sheets.on_ticket(ticket).tags}


def _desk_sheets(place: Place, session: DeskSession) -> set[Line]:
    sheets = (DeskSheets(session), DeskSheets(place.site.at_work("hotline")))
    return {("a desk", "listed tag", 0, tag) for sheet in sheets for tag in sheet.of_desk().tags}


def _retained(place: Place, _: DeskSession) -> None:
    Retainer(place.site.database, Retention.parse_obj({})).last()


_ATTEMPTS: Mapping[str, Callable[[Place, DeskSession], Optional[set[Line]]]] = {
    "second member": _second_logs_in,
    "shared key": _shared_key,
    "second factor": _factor_opens,
    "members": _members,
    "who holds no keys": _delegate,
    "invitation": _invited,
    "admission": _admitted,
    "sheets": _sheets,
    "sheets of desks": _desk_sheets,
    "what retention did": _retained,
}


def no_lie(before: Seen, after: Seen) -> None:
    """Nothing is shown as genuine that was not there."""
    assert after.tickets <= before.tickets and after.letters <= before.letters
    for ticket, status in after.statuses.items():
        assert status in {before.statuses[ticket], *ENDED}


def hides_no_other(place: Place, before: Seen, after: Seen) -> None:
    """What else is there is seen as before, where anything is."""
    others = {shown for shown in before.tickets if shown[0] != place.tickets[0]}
    assert after.refused or others <= after.tickets
