"""A ticket as plain text for an investigator at a terminal."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, Optional

from bot.reports.ticket import Identifier, ScreeningRow, Ticket
from bot.reports.visible import harmless

BANNER = "UNVERIFIED ALLEGATION: a lead, not evidence. Addresses are defanged, hidden characters are spelt out."
SUMMARY_COLUMNS = ("ticket", "received", "urgent", "concern", "level", "country", "stage", "complete")
_INDENT = "  | "
"""Before every line of somebody's words, so that they cannot pass for a line of ours."""
DIMENSIONS = {
    1: "deceptive recruitment", 2: "coercive recruitment", 3: "recruitment by abuse of vulnerability",
    4: "exploitation", 5: "coercion at destination", 6: "abuse of vulnerability at destination",
}  # fmt: skip
FIELDS = (
    "form", "urgent_reasons", "concern", "level", "kind", "about_whom", "age", "gender", "people_now",
    "deadline", "stage", "basis_of_knowledge", "with_whom", "suspect_aware", "already_told", "evidence_held_by",
    "recruitment_channels", "recruitment_methods", "recruiter_relation", "methods_of_control",
    "exploitation_types", "sexual_exploitation_types", "industry", "language", "recipients", "not_to",
    "not_to_kinds", "rules_version",
)  # fmt: skip
"""What a reader is shown of a ticket beside its free texts and findings, in order."""


def show(ticket: Ticket, ticket_id: str = "", width: int = 88) -> str:
    """Return a ticket as lines of at most `width` characters (at least 60), safe to print on a terminal."""
    width = max(width, 60)
    lines = [
        *textwrap.wrap(BANNER, width),
        *_pair("ticket", ticket_id or None, width),
        *_pair("received", ticket.created, width),
        *_pair("handling", f"{ticket.handling.tlp} {ticket.handling.admiralty}", width),
        *_pair("complete", f"{ticket.completeness} of 5", width),
    ]
    for name in FIELDS:
        lines += _pair(name.replace("_", " "), getattr(ticket, name), width)
    lines += _pair("country", ticket.place.country, width)
    lines += _pair("when", ticket.when.moment, width)
    lines += _pair("may be contacted", ticket.consent.contact_back, width)
    lines += _pair("statistics", ticket.consent.statistics, width)
    for title, text in (
        ("Place", ticket.place.words), ("When", ticket.when.words),
        ("What the person wrote", ticket.narrative), ("The offer", ticket.offer),
    ):  # fmt: skip
        lines += _words(title, text, width)
    return "\n".join((*lines, *_findings(ticket, width)))


def summary_row(ticket: Ticket, ticket_id: str = "") -> tuple[str, ...]:
    """Return one cell for each of `SUMMARY_COLUMNS`, without anybody's words."""
    cells = (
        ticket_id, ticket.created, "!" if ticket.urgent else "", ticket.concern, ticket.level,
        ticket.place.country, ticket.stage, f"{ticket.completeness}/5",
    )  # fmt: skip
    return tuple(_value(cell) for cell in cells)


def _findings(ticket: Ticket, width: int) -> Iterator[str]:
    """Return what was found or asked: identifiers, signs, answers, the ILO table."""
    if ticket.identifiers:
        yield "Identifiers"
    for item in ticket.identifiers:
        yield from block(_identifier(item), width)
    if ticket.signs:
        yield "Warning signs"
    for sign in ticket.signs:
        yield from block(f"{sign.severity.value} {sign.id} {sign.title}", width)
        for words in sign.evidence:
            yield from block(f"“{words}”", width, _INDENT + _INDENT)
    if ticket.answers:
        yield "Questions"
    for answer in ticket.answers:
        yield from block(f"{answer.text} → {answer.answer}", width)
    if ticket.screening:
        yield "ILO operational indicators (weights unverified)"
        for row in ticket.screening:
            yield from block(_row(row), width)
        yield from _pair("ILO class (provisional)", ticket.ilo_class, width)


def _identifier(item: Identifier) -> str:
    facts = {
        "platform": item.platform, "id": item.platform_id, "at": item.url, "posted": item.posted_at,
        "seen": item.seen_at, "obtained": item.obtained, "sha256": item.sha256,
    }  # fmt: skip
    known = (f"{name} {_plain(fact)}" for name, fact in facts.items() if fact is not None)
    return "; ".join((f"{item.type} {item.value}", *known))


def _row(row: ScreeningRow) -> str:
    name = f"D{row.dimension} {DIMENSIONS[row.dimension]}"
    rule = f"rule {row.rule}" if row.rule else "no rule met"
    parts = (f"{name:<41}", rule, row.ilo_class or "", " ".join(row.indicators))
    return "  ".join(part for part in parts if part)


def _pair(name: str, value: Any, width: int) -> Iterable[str]:
    if value is None or value == ():
        return []
    return textwrap.wrap(f"{name}: {_value(value)}", width, subsequent_indent=_INDENT)


def _words(title: str, text: Optional[str], width: int) -> Iterable[str]:
    return [title, *block(text, width)] if text else []


def block(text: str, width: int, indent: str = _INDENT) -> Iterable[str]:
    """Return words of any kind, line by line, each behind the indent."""
    for line in re.split(r"\r\n|\n", text):
        wrapped = textwrap.wrap(harmless(line), width, initial_indent=indent, subsequent_indent=indent)
        yield from wrapped or [indent.rstrip()]


def _value(value: Any) -> str:
    return harmless(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S UTC")
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
