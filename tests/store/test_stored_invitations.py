"""An invitation serves one person, once, in time; who is admitted becomes a member in one step, with their codes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused
from bot.store.invitations import Invitations
from bot.store.records import InvitationRecord, MemberRecord
from bot.store.second_factors import SecondFactors
from tests.stored import DESK, NOW, a_member, an_applicant, an_invitation, sealed


@pytest.fixture
def invitations(database: Database) -> Invitations:
    return Invitations(database)


def of(applicant: InvitationRecord) -> MemberRecord:
    assert applicant.name and applicant.recipient and applicant.locked_identity
    return a_member(applicant.name, recipient=applicant.recipient, locked_identity=applicant.locked_identity)


@pytest.mark.parametrize("hours", [0, 2, -5])
def test_an_invitation_comes_back_as_it_was(invitations: Invitations, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    invitation = an_invitation(expires=(NOW + timedelta(minutes=1)).astimezone(zone))
    invitations.add(invitation)
    assert invitations.get(invitation.id, NOW) == invitation and invitations.of_desk(DESK.id, NOW) == [invitation]
    assert invitations.get("another", NOW) is None and invitations.of_desk("another", NOW) == []


def test_an_expired_invitation_is_refused_and_removed(invitations: Invitations) -> None:
    invitation = an_invitation(expires=NOW)
    invitations.add(invitation)
    assert invitations.of_desk(DESK.id, NOW) == []
    assert invitations.get(invitation.id, NOW) is None
    assert invitations.get(invitation.id, NOW - timedelta(hours=1)) is None


def test_of_twenty_who_ask_by_one_invitation_at_once_one_does(invitations: Invitations) -> None:
    invitation = an_invitation()
    invitations.add(invitation)
    applicants = [an_applicant(invitation, f"name{number}") for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        asked = [who for who, done in zip(applicants, pool.map(invitations.ask, applicants), strict=True) if done]
    assert asked == [invitations.get(invitation.id, NOW)]


def test_who_is_admitted_is_a_member_with_their_codes_and_the_invitation_is_gone(
    invitations: Invitations, database: Database
) -> None:
    invitation, after, factor = an_invitation(), sealed(), sealed()
    applicant = an_applicant(invitation)
    invitations.add(invitation)
    assert not invitations.admit(applicant, of(applicant), DESK, after)
    assert invitations.ask(applicant)
    assert invitations.add_factor(invitation.id, applicant.recipient or "", factor)
    assert not invitations.add_factor(invitation.id, applicant.recipient or "", sealed())
    assert not invitations.admit(applicant, of(applicant), replace(DESK, sealed_secret=sealed()), after)
    member = of(applicant)
    assert invitations.admit(applicant, member, DESK, after)
    desks = Desks(database)
    assert desks.members(DESK.id) == [member] and desks.get(DESK.id, 1) == replace(DESK, sealed_secret=after)
    factors = SecondFactors(database)
    assert factors.get(member.id) == factor and factors.set_up([member.id, "another"]) == {member.id}
    assert factors.remove(member.id) and not factors.remove(member.id)
    assert not invitations.admit(applicant, member, replace(DESK, sealed_secret=after), sealed())


def test_a_withdrawn_invitation_admits_nobody(invitations: Invitations) -> None:
    invitation = an_invitation()
    invitations.add(invitation)
    assert not invitations.withdraw("another", invitation.id)
    assert invitations.withdraw(DESK.id, invitation.id) and not invitations.withdraw(DESK.id, invitation.id)
    assert not invitations.ask(an_applicant(invitation))


@pytest.mark.parametrize(
    "wrong",
    [{"sealed_code": b"C" * 16}, {"role": "owner"}, {"signature": b"s" * 63}, {"sealed_factor": sealed()},
     {"name": "olena"}, {"proof": b"p" * 32}],
)  # fmt: skip
def test_half_an_applicant_and_what_is_not_sealed_are_refused(
    invitations: Invitations, wrong: dict[str, object]
) -> None:
    with pytest.raises(StoreRefused):
        invitations.add(an_invitation(**wrong))


def test_a_moment_without_its_zone_is_refused(invitations: Invitations) -> None:
    with pytest.raises(ValueError, match="time zone"):
        invitations.add(an_invitation(expires=NOW.replace(tzinfo=None)))
