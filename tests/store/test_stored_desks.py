"""Desks change hands without locking anyone out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused
from bot.store.invitations import Invitations
from bot.store.records import MemberRecord
from bot.store.tickets import Tickets
from bot.store.types import AGE_HEADER
from tests.stored import DAY, DESK, NOW, a_member, a_ticket, an_invitation, sealed


def test_a_stored_desk_comes_back_as_it_was(desks: Desks) -> None:
    other = replace(DESK, id="police-berlin", sealed_secret=sealed())
    assert desks.add(other)
    assert not desks.add(replace(other, sealed_secret=sealed()))
    assert desks.get(DESK.id, 1) == DESK and desks.get(other.id, 1) == other and desks.get("another", 1) is None
    assert desks.ids() == [DESK.id, other.id]


def test_a_desk_is_stored_with_its_first_members_or_not_at_all(desks: Desks) -> None:
    desk = replace(DESK, id="shelter")
    with pytest.raises(StoreRefused):
        desks.add(desk, [a_member(desk=desk.id), a_member(desk=desk.id)])
    assert desks.get(desk.id, 1) is None
    first = a_member(desk=desk.id)
    assert desks.add(desk, [first]) and desks.members(desk.id) == [first]


def test_joining_adds_the_member_and_the_secret_together(desks: Desks) -> None:
    member, after = a_member("Олена Коваль"), sealed()
    assert desks.join(member, DESK, after)
    assert desks.members(DESK.id) == [member] and desks.member(DESK.id, "Олена Коваль") == member
    assert desks.member(DESK.id, "another") is None and desks.members("another") == []
    assert desks.get(DESK.id, 1) == replace(DESK, sealed_secret=after)


def test_a_taken_name_changes_nothing(desks: Desks) -> None:
    after = sealed()
    desks.join(a_member(), DESK, after)
    with pytest.raises(StoreRefused):
        desks.join(a_member(), replace(DESK, sealed_secret=after), sealed())
    assert desks.get(DESK.id, 1) == replace(DESK, sealed_secret=after) and len(desks.members(DESK.id)) == 1


def test_of_two_who_join_at_once_neither_locks_the_other_out(desks: Desks) -> None:
    def join(member: MemberRecord) -> bool:
        return desks.join(member, DESK, 2 * AGE_HEADER + member.name.encode())

    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(join, [a_member(f"member{number}") for number in range(8)]))
    assert joined.count(True) == 1
    (member,) = desks.members(DESK.id)
    desk = desks.get(DESK.id, 1)
    assert desk and desk.sealed_secret == 2 * AGE_HEADER + member.name.encode()


def test_a_member_takes_the_place_of_another_in_one_step(desks: Desks) -> None:
    lost, after = a_member(), sealed()
    desks.join(lost, DESK, after)
    again = replace(lost, locked_identity=b"another key under another passphrase")
    assert not desks.join(again, DESK, sealed(), instead_of=lost.id) and desks.members(DESK.id) == [lost]
    assert desks.join(again, replace(DESK, sealed_secret=after), sealed(), instead_of=lost.id)
    assert desks.members(DESK.id) == [again]


NEXT = replace(DESK, generation=2, sealed_secret=sealed(), sealed_earlier=sealed(), sealed_shared_key=sealed())


def test_the_next_secret_lies_beside_the_present_one(desks: Desks) -> None:
    desks.begin_rotation(replace(NEXT, sealed_secret=sealed()))
    desks.begin_rotation(NEXT)
    assert desks.get(DESK.id, 1) == DESK and desks.get(DESK.id, 2) == NEXT and desks.ids() == [DESK.id]


def test_a_secret_stays_until_no_ticket_is_sealed_to_it(desks: Desks, tickets: Tickets, database: Database) -> None:
    desks.begin_rotation(NEXT)
    ticket = a_ticket()
    tickets.insert(ticket, [])
    invitation, invitations = an_invitation(), Invitations(database)
    invitations.add(invitation)
    assert not desks.finish_rotation(DESK.id, 2) and desks.get(DESK.id, 1) == DESK
    assert tickets.replace_content(replace(ticket, generation=2))
    assert desks.finish_rotation(DESK.id, 2)
    assert desks.get(DESK.id, 1) is None and desks.get(DESK.id, 2) == replace(NEXT, sealed_earlier=None)
    assert invitations.get(invitation.id, NOW) is None


def test_nothing_is_sealed_to_a_secret_that_is_gone(desks: Desks, tickets: Tickets) -> None:
    """A report that read the pins before they changed is refused, and sent again."""
    waiting = a_ticket(generation=2)
    desks.begin_rotation(NEXT)
    tickets.insert(waiting, [])
    assert desks.finish_rotation(DESK.id, 2)
    with pytest.raises(StoreRefused):
        tickets.insert(a_ticket(generation=1), [])
    with pytest.raises(StoreRefused):
        tickets.replace_content(replace(waiting, generation=1))


def test_members_who_are_not_on_the_signed_list_go(desks: Desks) -> None:
    stays, goes = a_member("stays"), a_member("goes", recipient="age1" + "p" * 58)
    desks.join(stays, DESK, DESK.sealed_secret)
    desks.join(goes, DESK, DESK.sealed_secret)
    assert desks.keep_members(replace(DESK, sealed_secret=sealed()), [stays.recipient]) == 0
    assert desks.keep_members(DESK, [stays.recipient]) == 1 and desks.members(DESK.id) == [stays]


def test_sharing_anew_lets_every_ticket_be_indexed_anew(desks: Desks, tickets: Tickets) -> None:
    ticket = a_ticket(indexed="shared")
    tickets.insert(ticket, [])
    desks.share(DESK.id, "silently")
    assert desks.get(DESK.id, 1) == replace(DESK, sharing="silently")
    assert tickets.get(ticket.id) == replace(ticket, indexed="no")


def test_a_secret_is_never_stored_unsealed(desks: Desks) -> None:
    with pytest.raises(StoreRefused, match="ck_desk_secret_sealed_secret"):
        desks.begin_rotation(replace(NEXT, sealed_secret=b"S" * 32))
    with pytest.raises(StoreRefused, match="not sealed"):
        desks.begin_rotation(replace(NEXT, sealed_earlier=b"S" * 32))


def test_the_day_of_the_last_login_and_a_key_locked_anew_are_kept(desks: Desks) -> None:
    member = a_member()
    desks.join(member, DESK, DESK.sealed_secret)
    desks.note_login(member.id, DAY)
    assert desks.members(DESK.id) == [replace(member, last_login=DAY)]
    assert desks.relock(member.id, member.locked_identity, b"anew")
    assert not desks.relock(member.id, member.locked_identity, b"once more")
    assert desks.members(DESK.id) == [replace(member, last_login=DAY, locked_identity=b"anew")]
