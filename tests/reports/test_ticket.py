"""A ticket is written and read back exactly, and holds nothing of the person who reports."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from pydantic import ValidationError

from bot.reports.ticket import Identifier, Ticket, TicketError, from_bytes, to_bytes
from tests.reports.tickets import NOW, ticket, tickets


@given(tickets())
def test_what_is_sealed_is_read_back_exactly(sealed: Ticket) -> None:
    content = to_bytes(sealed)
    assert from_bytes(content) == sealed
    assert to_bytes(from_bytes(content)) == content


def test_the_same_ticket_is_always_the_same_bytes() -> None:
    first = ticket(narrative="вивезли вночі", language="uk")
    second = Ticket.parse_obj(dict(reversed(list(first.dict().items()))))
    assert to_bytes(first) == to_bytes(second)
    assert "вивезли вночі".encode() in to_bytes(first)


@pytest.mark.parametrize("version", [0, 2, "1", None, []])
def test_another_version_is_refused_in_one_plain_sentence(version: object) -> None:
    content = {**json.loads(to_bytes(ticket())), "version": version}
    with pytest.raises(TicketError, match="version 1"):
        from_bytes(json.dumps(content).encode())


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"{", b"[" * 100_000, b'{"version":1}', b'{"version":1,"x":"secret"}']
)
def test_what_is_no_ticket_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(TicketError) as refused:
        from_bytes(content)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_no_field_is_about_the_person_who_reports() -> None:
    with pytest.raises(ValidationError):
        ticket(reporter_role="aid_worker")
    assert not [name for name in Ticket.__fields__ if "reporter" in name or "contact" in name or "sender" in name]


def test_a_ticket_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ticket().narrative = "other"  # type: ignore[misc]


def test_times_need_a_zone_and_are_kept_in_utc() -> None:
    with pytest.raises(ValidationError):
        Ticket(created=datetime(2026, 11, 24, 14, 0))
    sealed = ticket(created="2026-11-24T16:01:19+02:00")
    assert sealed.created == NOW and sealed.created.isoformat().endswith("+00:00")
    with pytest.raises(ValidationError):
        Identifier(value="x", type="url", seen_at="0001-01-01T00:00:00+10:00")


def test_half_characters_are_replaced_when_a_ticket_is_made() -> None:
    assert ticket(narrative="a\ud800b 🙂").narrative == "a\ufffdb 🙂"
