"""What is shown of the queue: the chosen state and filters, one page of lines. Pure, but for the words searched."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Optional

from bot.desk.clocks import Clock, clock
from bot.desk.inbox import Inbox, Lines, Mask
from bot.desk.rows import Row
from bot.desk.sheet_index import SheetIndex
from bot.desk.words import Words
from bot.knowledge.signs import Concern
from bot.reports.visible import harmless
from bot.site import Retention

PAGE = 25
STATES = ("new", "accepted", "rejected", "done")
"""States that the queue shows: withdrawn tickets hold nothing to read."""
_ID = re.compile("[0-9a-f]{32}")
CONCERNS = tuple(concern.value for concern in Concern)


@dataclass(frozen=True)
class Choice:
    """What a member chose to see; kept sealed in the session, never in an address.

    `lane`: the id of a ticket whose near copies are shown one by one, itself included.
    """

    state: str = "new"
    query: str = ""
    concern: str = ""
    country: str = ""
    urgent: bool = False
    child: bool = False
    tag: str = ""
    mine: bool = False
    lane: str = ""
    page: int = 0

    @classmethod
    def from_form(cls, fields: Mapping[str, str]) -> "Choice":
        """Return what a form chose; values that the form does not offer count as nothing chosen."""
        state, concern, page = fields.get("state", ""), fields.get("concern", ""), fields.get("page", "0")
        lane = "" if fields.get("whole") == "1" else fields.get("lane", "")
        return cls(
            state=state if state in STATES else "new",
            query=" ".join(fields.get("query", "").split()),
            concern=concern if concern in CONCERNS else "",
            country=fields.get("country", ""),
            urgent=fields.get("urgent") == "1",
            child=fields.get("child") == "1",
            tag=fields.get("tag", ""),
            mine=fields.get("mine") == "1",
            lane=lane if _ID.fullmatch(lane) else "",
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
    """One line as it is shown.

    `copies`: how many tickets stand in it, near copies of one another; `taken`: the name of who is on it, and `theirs`:
    it is somebody else; `withdrawn`: it was taken back, and when it is erased.
    """

    id: str
    short_id: str
    state: str
    age: str
    clock: Optional[Clock]
    headline: str
    place: str
    level: Optional[str]
    level_words: str
    urgent: tuple[str, ...]
    completeness: int
    copies: int
    mass: bool
    repeats: int
    tags: tuple[str, ...]
    taken: str
    theirs: bool
    withdrawn: str
    accept: bool
    reject: bool
    close: bool


@dataclass(frozen=True)
class QueueView:
    """One page of the queue.

    `total` counts lines, and `tickets` what stands in them; `countries` are codes and names, `tags` tags in use, that
    the filter offers.
    """

    choice: Choice
    counts: Mapping[str, int]
    lines: tuple[Line, ...]
    total: int
    tickets: int
    first: int
    more: bool
    countries: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """What the queue shows that stands in no report.

    Attributes:
        sheets: what the desk keeps on its tickets.
        withdrawn: the tickets that were taken back and are not erased yet, and when they will be.
        now, terms: the clock, and how long tickets are kept.
    """

    sheets: SheetIndex
    withdrawn: Mapping[str, datetime]
    now: datetime
    terms: Retention


def queue_view(inbox: Inbox, beside: Beside, choice: Choice, words: Words) -> QueueView:
    """Return the page of the queue that was chosen; the last one where there are fewer."""
    found = inbox.lines(chosen(inbox, beside.sheets, choice), folded=not choice.lane)
    total = len(found.slots)
    page = min(choice.page, max(0, total - 1) // PAGE)
    part = slice(page * PAGE, (page + 1) * PAGE)
    return QueueView(
        choice=replace(choice, page=page),
        counts={state: count for state, count in inbox.counts().items() if state in STATES},
        lines=tuple(_line(row, beside, words) for row in inbox.rows(Lines(found.slots[part], found.copies[part]))),
        total=total,
        tickets=int(found.copies.sum()),
        first=page * PAGE,
        more=total > (page + 1) * PAGE,
        countries=tuple(sorted(((code, words.country(code)) for code in inbox.countries()), key=lambda pair: pair[1])),
        tags=beside.sheets.tags(),
    )


def _line(row: Row, beside: Beside, words: Words) -> Line:
    kept, until = beside.sheets.of(row.id), beside.withdrawn.get(row.id)
    return Line(
        id=row.id,
        short_id=row.id[:8],
        state=row.state,
        age=words.length(beside.now - row.created),
        clock=clock(row, words, beside.now, beside.terms),
        headline=_headline(row, words),
        place=_place(row, words),
        level=row.level,
        level_words=words.code(row.level) if row.level else "",
        urgent=tuple(_reason(reason, row, words) for reason in row.urgent),
        completeness=row.completeness,
        copies=row.copies,
        mass=row.mass and row.copies > 1,
        repeats=row.repeats,
        tags=tuple(map(harmless, kept.tags)),
        taken=kept.name,
        theirs=kept.member not in ("", beside.sheets.member),
        withdrawn=words("withdrawn_line", time=words.length(until - beside.now)) if until else "",
        accept=row.state == "new",
        reject=row.state == "new",
        close=row.state in ("new", "accepted", "rejected"),
    )


def chosen(inbox: Inbox, sheets: SheetIndex, choice: Choice) -> Mask:
    """Return which tickets a choice shows, on all its pages."""
    shown = inbox.having("state", choice.state)
    for column in ("concern", "country"):
        if value := getattr(choice, column):
            shown &= inbox.having(column, value)
    if choice.urgent:
        shown &= inbox.urgent()
    if choice.child:
        shown &= inbox.having("child", True)
    if choice.query:
        shown &= inbox.found(choice.query, sheets.having)
    if choice.tag:
        shown &= inbox.among(sheets.tagged(choice.tag))
    if choice.mine:
        shown &= inbox.among(sheets.mine())
    if choice.lane:
        shown &= inbox.lane(choice.lane)
    return shown


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
