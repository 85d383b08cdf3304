"""What is shown of the queue: the chosen state and filters, one page of lines. Pure, but for the words searched."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Optional

from bot.desk.inbox import Entry, Inbox
from bot.desk.rows import Row, due
from bot.desk.words import Words
from bot.knowledge.signs import Concern
from bot.reports.visible import harmless

PAGE = 25
STATES = ("new", "accepted", "rejected", "done")
"""States that the queue shows: withdrawn tickets hold nothing to read."""
CONCERNS = tuple(concern.value for concern in Concern)


@dataclass(frozen=True)
class Choice:
    """What a member chose to see; kept sealed in the session, never in an address."""

    state: str = "new"
    query: str = ""
    concern: str = ""
    country: str = ""
    urgent: bool = False
    child: bool = False
    page: int = 0

    @classmethod
    def from_form(cls, fields: Mapping[str, str]) -> "Choice":
        """Return what a form chose; values that the form does not offer count as nothing chosen."""
        state, concern, page = fields.get("state", ""), fields.get("concern", ""), fields.get("page", "0")
        return cls(
            state=state if state in STATES else "new",
            query=" ".join(fields.get("query", "").split()),
            concern=concern if concern in CONCERNS else "",
            country=fields.get("country", ""),
            urgent=fields.get("urgent") == "1",
            child=fields.get("child") == "1",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 0,
        )

    def plain(self) -> dict[str, Any]:
        """Return the choice as JSON can write it."""
        return asdict(self)

    @property
    def filtered(self) -> bool:
        """Whether anything but the state narrows what is shown."""
        return replace(self, state="new", page=0) != Choice()


@dataclass(frozen=True)
class Line:
    """One line as it is shown."""

    id: str
    short_id: str
    state: str
    age: str
    clock: str
    late: bool
    headline: str
    place: str
    level: Optional[str]
    level_words: str
    urgent: tuple[str, ...]
    completeness: int
    accept: bool
    reject: bool


@dataclass(frozen=True)
class QueueView:
    """One page of the queue. `countries` are codes and names that the filter offers."""

    choice: Choice
    counts: Mapping[str, int]
    lines: tuple[Line, ...]
    total: int
    first: int
    more: bool
    countries: tuple[tuple[str, str], ...]


def queue_view(inbox: Inbox, choice: Choice, words: Words, now: datetime, unread_days: int) -> QueueView:
    """Return the page of the queue that was chosen; the last one where there are fewer."""
    counts = Counter(entry.state for entry in inbox.entries)
    found = [entry for entry in inbox.found(choice.query) if _fits(entry, choice)]
    page = min(choice.page, max(0, len(found) - 1) // PAGE)
    shown = found[page * PAGE : (page + 1) * PAGE]
    countries = {entry.known["country"] for entry in inbox.entries if entry.known.get("country")}
    return QueueView(
        choice=replace(choice, page=page),
        counts={state: counts[state] for state in STATES},
        lines=tuple(line(entry.row(), words, now, unread_days) for entry in shown),
        total=len(found),
        first=page * PAGE,
        more=len(found) > (page + 1) * PAGE,
        countries=tuple(sorted(((code, words.country(code)) for code in countries), key=lambda pair: pair[1])),
    )


def line(row: Row, words: Words, now: datetime, unread_days: int) -> Line:
    """Return a row as it is shown."""
    left = due(row, unread_days) - now
    late = left.total_seconds() < 0
    clock = words("clock_late" if late else "clock_left", time=words.length(left))
    return Line(
        id=row.id,
        short_id=row.id[:8],
        state=row.state,
        age=words.length(now - row.created),
        clock="" if row.state != "new" else clock,
        late=late and row.state == "new",
        headline=_headline(row, words),
        place=_place(row, words),
        level=row.level,
        level_words=words.code(row.level) if row.level else "",
        urgent=tuple(_reason(reason, row, words) for reason in row.urgent),
        completeness=row.completeness,
        accept=row.state == "new",
        reject=row.state == "new",
    )


def _fits(entry: Entry, choice: Choice) -> bool:
    known = entry.known
    return (
        entry.state == choice.state
        and (not choice.concern or known.get("concern") == choice.concern)
        and (not choice.country or known.get("country") == choice.country)
        and (not choice.urgent or bool(known.get("urgent")))
        and (not choice.child or known.get("child") is True)
    )


def _headline(row: Row, words: Words) -> str:
    if row.damaged:
        return words("damaged")
    parts = (row.concern, row.kind, row.stage)
    return _joined(words.code(part) for part in parts if part) or words("no_concern")


def _place(row: Row, words: Words) -> str:
    country = words.country(row.country) if row.country else ""
    return _joined((country, harmless(row.place or ""))) or words("no_place")


def _reason(reason: str, row: Row, words: Words) -> str:
    said = words.code(reason)
    return f"{said} {row.deadline.isoformat()}" if row.deadline and reason.startswith("leaving") else said


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)
