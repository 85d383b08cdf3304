"""The audit log of a desk: who did what to which ticket and when, without content, each entry bound to the last.

Every entry holds the hash of the one before and is signed by V, or by the key of a member who does not hold the
desk's secret, with the certificate that V gave it (`delegates`). The signature is on each entry rather than on
a daily head, because a session may end at any moment: whatever was written is then already signed, and the
last entry's signature covers all before it (a hash chain as in Schneier and Kelsey, "Secure Audit Logs to
Support Computer Forensics", ACM TISSEC 2 (2), 1999). A chain alone does not show that its end was cut off or
that a member rebuilt it: for that, the last number and hash are also kept outside the database.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Optional

from bot.privacy import delegates
from bot.privacy.delegates import Writer
from bot.privacy.pins import Pin
from bot.privacy.signing import SignatureError

_PURPOSE = "audit"
_NOTHING = bytes(32)
_SALT_BYTES = 16


@dataclass(frozen=True)
class Head:
    """How far a log goes: the number of its last entry (0: none) and that entry's hash."""

    number: int
    hash: bytes


START = Head(0, _NOTHING)


@dataclass(frozen=True)
class Entry:
    """One act.

    Attributes:
        number: 1 for a desk's first entry, then one more each.
        moment: when, in UTC, to the second.
        member: the id of who acted.
        action: a word of the list in the store.
        subject: the id of a ticket, member or desk that it was done to, or empty.
        reason: the hash of a salted reason that is kept sealed beside the entry, or None.
        generation: of the desk's keys that signed it.
        before: the hash of the entry before; zeros before the first.
        signature: V's, 64 bytes, or a delegate's with its certificate, 160 bytes.
    """

    desk: str
    number: int
    moment: datetime
    member: str
    action: str
    subject: str
    reason: Optional[bytes]
    generation: int
    before: bytes
    signature: bytes = field(repr=False)


def next_entry(
    head: Head, desk: Writer, moment: datetime, member: str, action: str, subject: str = "", reason: bytes = b""
) -> Entry:
    """Return the signed entry that follows a head; `reason` as from `salted`."""
    unsigned = Entry(
        desk=desk.pin.desk,
        number=head.number + 1,
        moment=moment.replace(microsecond=0),
        member=member,
        action=action,
        subject=subject,
        reason=reason_hash(reason) if reason else None,
        generation=desk.pin.generation,
        before=head.hash,
        signature=b"",
    )
    return replace(unsigned, signature=desk.sign(_PURPOSE, _message(unsigned)))


def head_of(entry: Optional[Entry]) -> Head:
    """Return the head that an entry makes when it is the last one."""
    if entry is None:
        return START
    return Head(entry.number, hashlib.sha256(_message(entry) + entry.signature).digest())


def salted(reason: str) -> bytes:
    """Return a reason as it is sealed: random bytes before it, so that its hash in the clear gives nothing away."""
    return secrets.token_bytes(_SALT_BYTES) + reason.encode("utf-8")


def unsalted(content: bytes) -> str:
    """Return the reason that `salted` made ready."""
    return content[_SALT_BYTES:].decode("utf-8")


def reason_hash(content: bytes) -> bytes:
    """Return the hash by which an entry is bound to its reason."""
    return hashlib.sha256(content).digest()


def examine(
    entries: Sequence[Entry], verify_keys: Mapping[int, str], outside: Optional[Head], start: Head = START
) -> tuple[str, ...]:
    """Return what is wrong with a desk's log, one sentence each; nothing for one that holds.

    Args:
        entries: all entries in the order of their numbers.
        verify_keys: the public half of V by the generation of the desk's keys.
        outside: the head that is kept outside the database, or None where none was kept.
        start: the head, kept outside too, after which the log begins, because what was older has expired.
    """
    found: list[str] = []
    last, generation = start, 1
    for entry in (entry for entry in entries if entry.number > start.number):
        found += _out_of_line(entry, last, generation, verify_keys)
        last, generation = head_of(entry), entry.generation
    return (*found, *_against(entries, outside))


def continues(entry: Optional[Entry], outside: Optional[Head]) -> bool:
    """Say whether a log goes on from the outside head; `entry` is the log's entry of that head's number."""
    return outside is None or head_of(entry) == outside


def _out_of_line(entry: Entry, last: Head, generation: int, verify_keys: Mapping[int, str]) -> list[str]:
    found = []
    if entry.number != last.number + 1:
        found.append(f"Entries {last.number + 1} to {entry.number - 1} are missing.")
    elif entry.before != last.hash:
        found.append(f"Entry {entry.number} does not follow entry {last.number}: one of the two was changed or moved.")
    if entry.generation < generation:
        found.append(f"Entry {entry.number} is signed with keys that the desk had given up.")
    pin = Pin(entry.desk, entry.generation, "", verify_keys.get(entry.generation, ""))
    try:
        delegates.verify(pin, entry.member, _PURPOSE, _message(entry), entry.signature)
    except SignatureError:
        found.append(f"Entry {entry.number} is not signed by the desk as it stands: it was changed or put in.")
    return found


def _against(entries: Sequence[Entry], outside: Optional[Head]) -> list[str]:
    if outside is None:
        return ["No record of this log is kept outside the database: whether its end was cut off cannot be told."]
    last = entries[-1].number if entries else 0
    if last < outside.number:
        return [f"The log ends at entry {last}, but entry {outside.number} was written: its end was cut off."]
    same = next((entry for entry in entries if entry.number == outside.number), None)
    if not continues(same, outside):
        return [f"Entry {outside.number} is another one than was written: the log was rebuilt."]
    return []


def _message(entry: Entry) -> bytes:
    fields = [
        entry.desk,
        entry.number,
        entry.moment.isoformat(),
        entry.member,
        entry.action,
        entry.subject,
        entry.reason.hex() if entry.reason else "",
        entry.generation,
        entry.before.hex(),
    ]
    return json.dumps(fields).encode("ascii")
