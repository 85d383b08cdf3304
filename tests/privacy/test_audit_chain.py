"""An audit log that was cut off, rebuilt, edited or put in another order is found out."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from bot.privacy import audit_chain, roster
from bot.privacy.audit_chain import START, Entry, Head, head_of
from bot.privacy.roster import OpenDesk

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
DESK, LATER = roster.found_desk("ngo"), roster.found_desk("ngo")
LATER = replace(LATER, pin=replace(LATER.pin, generation=2))
KEYS = {1: DESK.pin.verify_key, 2: LATER.pin.verify_key}


def log(count: int, desk: OpenDesk = DESK, member: str = "olha") -> list[Entry]:
    entries: list[Entry] = []
    for number in range(count):
        head = head_of(entries[-1]) if entries else START
        moment = NOON + timedelta(minutes=number)
        entries.append(audit_chain.next_entry(head, desk, moment, member, "show", f"ticket{number}"))
    return entries


def wrong(entries: list[Entry], outside: "Head | None") -> str:
    return " ".join(audit_chain.examine(entries, KEYS, outside))


def test_a_log_that_is_as_it_was_written_holds() -> None:
    entries = log(4)
    assert audit_chain.examine(entries, KEYS, head_of(entries[-1])) == ()
    # The record outside may be one entry behind: it is written last.
    assert audit_chain.examine(entries, KEYS, head_of(entries[-2])) == ()
    assert audit_chain.examine([], KEYS, START) == ()


def test_a_log_goes_on_under_new_keys_but_not_under_old_ones_again() -> None:
    entries = log(2)
    entries.append(audit_chain.next_entry(head_of(entries[-1]), LATER, NOON, "olha", "list"))
    assert audit_chain.examine(entries, KEYS, head_of(entries[-1])) == ()
    entries.append(audit_chain.next_entry(head_of(entries[-1]), DESK, NOON, "leaver", "list"))
    assert "Entry 4 is signed with keys that the desk had given up." in wrong(entries, None)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_an_end_that_was_cut_off_is_found(kept: int) -> None:
    entries = log(4)
    assert f"ends at entry {kept}, but entry 4 was written" in wrong(entries[:kept], head_of(entries[-1]))


def test_a_log_that_a_member_rebuilt_is_found() -> None:
    entries, rebuilt = log(4), log(4, member="someone-else")
    assert "Entry 4 is another one than was written" in wrong(rebuilt, head_of(entries[-1]))
    assert "Entry 4 is another one" in wrong(log(6, member="someone-else"), head_of(entries[-1]))


@pytest.mark.parametrize(
    "change",
    [
        {"member": "someone-else"}, {"action": "list"}, {"subject": "another"}, {"moment": NOON}, {"reason": b"r" * 32},
        {"desk": "hotline"}, {"generation": 2}, {"signature": b"s" * 64}, {"before": b"b" * 32},
    ],
)  # fmt: skip
def test_an_edit_of_any_field_is_found(change: dict[str, object]) -> None:
    entries = log(4)
    entries[1] = replace(entries[1], **change)  # type: ignore[arg-type]
    assert "Entry 2 " in wrong(entries, head_of(entries[-1])) or "Entry 3 does not follow entry 2" in wrong(
        entries, None
    )


def test_missing_swapped_and_inserted_entries_are_found() -> None:
    entries = log(5)
    head = head_of(entries[-1])
    assert "Entries 2 to 3 are missing." in wrong([entries[0], *entries[3:]], head)
    swapped = [entries[0], replace(entries[2], number=2), replace(entries[1], number=3), *entries[3:]]
    assert "Entry 2 " in wrong(swapped, head)
    forged = audit_chain.next_entry(head_of(entries[1]), LATER, NOON, "olha", "list")
    assert wrong([*entries[:2], forged, *entries[3:]], head)


def test_a_log_may_begin_where_the_record_outside_says() -> None:
    entries = log(5)
    head, start = head_of(entries[-1]), head_of(entries[1])
    assert audit_chain.examine(entries[2:], KEYS, head, start) == ()
    # Removed later than it was noted down: what is before the start is passed over.
    assert audit_chain.examine(entries[1:], KEYS, head, start) == ()
    assert audit_chain.examine(entries[2:], KEYS, head) and audit_chain.examine(entries[3:], KEYS, head, start)


def test_without_a_record_outside_it_says_what_it_cannot_tell() -> None:
    assert "cannot be told" in wrong(log(2), None)


def test_a_reason_is_bound_but_not_given_away() -> None:
    salted = audit_chain.salted("case 12/26")
    entry = audit_chain.next_entry(START, DESK, NOON, "olha", "others", "t", salted)
    assert entry.reason == audit_chain.reason_hash(salted) != audit_chain.reason_hash(audit_chain.salted("case 12/26"))
    assert audit_chain.unsalted(salted) == "case 12/26" and "case" not in repr(entry)
