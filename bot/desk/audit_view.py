"""What is shown of the audit log: each act as words, filtered, newest first; what is wrong with it on top."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Optional

from bot.desk.words import Words
from bot.privacy.audit_chain import Entry
from bot.privacy.pins import Pins
from bot.reports.visible import harmless
from bot.runtime.desk_session import DeskSession
from bot.runtime.seat import Seat
from bot.store.desks import Desks
from bot.store.records import ACTIONS

MOST = 200
"""Lines on the page; the file has all."""


@dataclass(frozen=True)
class Found:
    """A desk's log as it was read. `reasons` are those given, by entry; None where the reader cannot open them."""

    desk: str
    entries: tuple[Entry, ...]
    wrong: tuple[str, ...]
    names: Mapping[str, str]
    reasons: Optional[Mapping[int, Optional[str]]]


@dataclass(frozen=True)
class AuditChoice:
    """What a member chose to see: a member's id, an action, a day (ISO 8601); empty: all."""

    member: str = ""
    action: str = ""
    day: str = ""

    @classmethod
    def from_form(cls, fields: Mapping[str, str]) -> "AuditChoice":
        """Return what a form chose; values that the form does not offer count as nothing chosen."""
        action, day = fields.get("action", ""), fields.get("day", "")
        return cls(fields.get("member", "")[:64], action if action in ACTIONS else "", day if _is_day(day) else "")

    def plain(self) -> dict[str, Any]:
        """Return the choice as JSON can write it."""
        return asdict(self)


@dataclass(frozen=True)
class Act:
    """One line."""

    number: int
    moment: str
    member: str
    action: str
    subject: str
    reason: str


@dataclass(frozen=True)
class AuditView:
    """The page. `members` and `actions` are values and names that the filters offer; `total` fits them."""

    choice: AuditChoice
    acts: tuple[Act, ...]
    total: int
    written: int
    wrong: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    actions: tuple[tuple[str, str], ...]


def read(seat: Seat, pins: Pins, action: str) -> Found:
    """Note that the log is read, and return it. Examined before: this very entry must not hide that its end was cut.

    Raises:
        StoreUnavailable, KeyFolderError: the site is not in order.
    """
    _, wrong = seat.log.examine(seat.desk, pins)
    seat.note(action)
    entries = seat.log.entries(seat.desk)
    names = {member.id: member.name for member in Desks(seat.database).members(seat.desk)}
    reasons = seat.log.reasons(seat.opened, entries) if isinstance(seat, DeskSession) else None
    return Found(seat.desk, tuple(entries), wrong, names, reasons)


def audit_view(found: Found, choice: AuditChoice, words: Words) -> AuditView:
    """Return the page that was chosen."""
    fitting = [entry for entry in reversed(found.entries) if _fits(entry, choice)]
    seen = sorted({entry.member for entry in found.entries}, key=lambda id: (id not in found.names, _name(found, id)))
    done = sorted({entry.action for entry in found.entries}, key=lambda action: words(f"act_{action}"))
    return AuditView(
        choice=choice,
        acts=tuple(_act(entry, found, words) for entry in fitting[:MOST]),
        total=len(fitting),
        written=len(found.entries),
        wrong=found.wrong,
        members=tuple((id, _name(found, id)) for id in seen),
        actions=tuple((action, words(f"act_{action}")) for action in done),
    )


def exported(found: Found, pins: Pins) -> dict[str, Any]:
    """Return the whole log as JSON can write it: entries as they were signed, and the public keys that verify them."""
    keys = {str(signed.pin.generation): signed.pin.verify_key for signed in pins.chains.get(found.desk, ())}
    return {
        "desk": found.desk,
        "whole": not found.wrong,
        "wrong": list(found.wrong),
        "verify_keys": keys,
        "members": dict(found.names),
        "entries": [_raw(entry) for entry in found.entries],
    }


def _act(entry: Entry, found: Found, words: Words) -> Act:
    return Act(
        number=entry.number,
        moment=entry.moment.strftime("%Y-%m-%d %H:%M:%S UTC"),
        member=_name(found, entry.member),
        action=words(f"act_{entry.action}"),
        subject=_name(found, entry.subject) if entry.subject else "",
        reason=_reason(entry, found, words),
    )


def _reason(entry: Entry, found: Found, words: Words) -> str:
    if entry.reason is None:
        return ""
    if found.reasons is None:
        return words("reason_sealed")
    given = found.reasons.get(entry.number)
    return words("reason_changed") if given is None else harmless(given)


def _name(found: Found, id: str) -> str:
    """Members are named as long as they belong to the desk; later the beginning of their id remains."""
    return found.names.get(id, id[:8])


def _fits(entry: Entry, choice: AuditChoice) -> bool:
    return (
        choice.member in ("", entry.member)
        and choice.action in ("", entry.action)
        and choice.day in ("", entry.moment.date().isoformat())
    )


def _raw(entry: Entry) -> dict[str, Any]:
    return {
        **asdict(entry),
        "moment": entry.moment.isoformat(),
        "reason": entry.reason.hex() if entry.reason else None,
        "before": entry.before.hex(),
        "signature": entry.signature.hex(),
    }


def _is_day(typed: str) -> bool:
    try:
        return date.fromisoformat(typed).isoformat() == typed
    except ValueError:
        return False
