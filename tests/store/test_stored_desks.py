"""Desks change hands without locking anyone out; an invitation serves one person, once, in time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused
from bot.store.records import MemberRecord
from bot.store.types import AGE_HEADER
from tests.stored import DESK, NOW, a_member, an_invitation, sealed


def test_a_stored_desk_comes_back_as_it_was(desks: Desks) -> None:
    other = replace(DESK, id="police-berlin", sealed_secret=sealed())
    assert desks.add(other)
    assert not desks.add(replace(other, sealed_secret=sealed()))
    assert desks.get(DESK.id) == DESK and desks.get(other.id) == other and desks.get("another") is None
    assert desks.all() == [DESK, other]


def test_a_desk_is_stored_with_its_first_members_or_not_at_all(desks: Desks) -> None:
    desk = replace(DESK, id="shelter")
    with pytest.raises(StoreRefused):
        desks.add(desk, [a_member(desk=desk.id), a_member(desk=desk.id)])
    assert desks.get(desk.id) is None
    first = a_member(desk=desk.id)
    assert desks.add(desk, [first]) and desks.members(desk.id) == [first]


def test_joining_adds_the_member_and_the_secret_together(desks: Desks) -> None:
    member, after = a_member("Олена Коваль"), sealed()
    assert desks.join(member, DESK.sealed_secret, after)
    assert desks.members(DESK.id) == [member] and desks.member(DESK.id, "Олена Коваль") == member
    assert desks.member(DESK.id, "another") is None and desks.members("another") == []
    assert desks.get(DESK.id) == replace(DESK, sealed_secret=after)


def test_a_taken_name_changes_nothing(desks: Desks) -> None:
    after = sealed()
    desks.join(a_member(), DESK.sealed_secret, after)
    with pytest.raises(StoreRefused):
        desks.join(a_member(), after, sealed())
    assert desks.get(DESK.id) == replace(DESK, sealed_secret=after) and len(desks.members(DESK.id)) == 1


def test_of_two_who_join_at_once_neither_locks_the_other_out(desks: Desks) -> None:
    def join(member: MemberRecord) -> bool:
        return desks.join(member, DESK.sealed_secret, 2 * AGE_HEADER + member.name.encode())

    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(join, [a_member(f"member{number}") for number in range(8)]))
    assert joined.count(True) == 1
    (member,) = desks.members(DESK.id)
    desk = desks.get(DESK.id)
    assert desk and desk.sealed_secret == 2 * AGE_HEADER + member.name.encode()


def test_a_secret_is_replaced_only_from_what_it_was(desks: Desks) -> None:
    after = sealed()
    assert desks.replace_sealed_secret(DESK.id, DESK.sealed_secret, after)
    assert not desks.replace_sealed_secret(DESK.id, DESK.sealed_secret, sealed())
    assert desks.get(DESK.id) == replace(DESK, sealed_secret=after)


def test_a_secret_is_never_stored_unsealed(desks: Desks) -> None:
    with pytest.raises(StoreRefused, match="not sealed"):
        desks.invite(an_invitation(sealed_secret=b"S" * 32))
    with pytest.raises(StoreRefused, match="ck_desk_sealed_secret"):
        desks.replace_sealed_secret(DESK.id, DESK.sealed_secret, b"S" * 32)
    with pytest.raises(StoreRefused):
        desks.add(replace(DESK, id="other", verify_key=b"short"))
    with pytest.raises(StoreRefused):
        desks.join(a_member(role="owner"), DESK.sealed_secret, sealed())


@pytest.mark.parametrize("hours", [0, 2, -5])
def test_an_invitation_is_taken_once(desks: Desks, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    invitation = an_invitation(expires=(NOW + timedelta(minutes=1)).astimezone(zone))
    desks.invite(invitation)
    assert desks.take_invitation(invitation.id, NOW) == invitation
    assert desks.take_invitation(invitation.id, NOW) is None
    assert desks.take_invitation("another", NOW) is None


def test_an_expired_invitation_is_refused_and_removed(desks: Desks) -> None:
    invitation = an_invitation(expires=NOW)
    desks.invite(invitation)
    assert desks.take_invitation(invitation.id, NOW) is None
    assert desks.take_invitation(invitation.id, NOW - timedelta(hours=1)) is None


def test_of_twenty_who_take_an_invitation_at_once_one_gets_it(desks: Desks, database: Database) -> None:
    invitation = an_invitation()
    desks.invite(invitation)
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda _: desks.take_invitation(invitation.id, NOW), range(20)))
    assert [got for got in taken if got] == [invitation]


def test_a_moment_without_its_zone_is_refused(desks: Desks) -> None:
    with pytest.raises(ValueError, match="time zone"):
        desks.invite(an_invitation(expires=NOW.replace(tzinfo=None)))
