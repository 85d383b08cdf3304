"""A member's second factor: one each, changed only from what it was, gone with its member."""

import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.errors import StoreRefused
from bot.store.records import MemberRecord
from bot.store.second_factors import SecondFactors
from tests.stored import DESK, a_member, sealed


def joined(database: Database) -> MemberRecord:
    member = a_member("dmytro")
    assert Desks(database).join(member, DESK, DESK.sealed_secret)
    return member


def test_a_factor_is_set_up_once_and_replaced_from_what_it_was(database: Database) -> None:
    member, factors = joined(database), SecondFactors(database)
    first, second, third = sealed(), sealed(), sealed()
    assert factors.get(member.id) is None
    assert factors.add(member.id, first) and not factors.add(member.id, second)
    assert factors.replace(member.id, first, second) and not factors.replace(member.id, first, third)
    assert factors.get(member.id) == second


def test_it_goes_with_its_member(database: Database) -> None:
    member, factors = joined(database), SecondFactors(database)
    factors.add(member.id, sealed())
    with database.write() as connection:
        connection.execute(text("DELETE FROM member WHERE id = :id"), {"id": member.id})
    assert factors.get(member.id) is None


@pytest.mark.parametrize("content", [b"a secret", b""])
def test_nothing_unsealed_is_stored(database: Database, content: bytes) -> None:
    member, factors = joined(database), SecondFactors(database)
    with pytest.raises(StoreRefused):
        factors.add(member.id, content)
