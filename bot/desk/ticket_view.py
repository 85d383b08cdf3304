"""What is shown of one ticket, with everybody's words made harmless. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from bot.desk.ilo import Picture, picture
from bot.desk.words import Words
from bot.knowledge.indicators import IndicatorCatalogue
from bot.reports.links import Link
from bot.reports.show import FIELDS
from bot.reports.ticket import Identifier, Ticket, TicketSign
from bot.reports.visible import harmless
from bot.runtime.desk_session import Opened

_APART = frozenset({"urgent_reasons", "level", "concern", "deadline"})
"""Fields that the head of the page or the timeline shows."""
_LINKED = 5
"""Other tickets that are named for each link."""
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Piece:
    """A piece of somebody's words; `marked`: it shows a warning sign."""

    text: str
    marked: bool


Lines = tuple[tuple[Piece, ...], ...]
"""Words line by line, each in pieces."""


@dataclass(frozen=True)
class Said:
    """Words with a heading; `language` of the words, if it is known; `name` is that of the ticket's field."""

    name: str
    title: str
    lines: Lines
    language: Optional[str]


@dataclass(frozen=True)
class Sign:
    """A warning sign and the words that show it."""

    id: str
    title: str
    severity: str
    desk_only: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Contact:
    """An identifier: `shown` does nothing, `value` is what the copy button copies."""

    type: str
    shown: str
    value: str
    facts: str


@dataclass(frozen=True)
class LinkShown:
    """What else names an identifier: counts in words and why, ids of some other tickets, how many `more`."""

    type: str
    shown: str
    counts: str
    why: str
    others: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class TicketView:
    """One ticket; without `said`, `facts` and the rest where it does not open."""

    id: str
    short_id: str
    state: str
    state_words: str
    damaged: bool
    outcome: str = ""
    doubts: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    level: Optional[str] = None
    level_words: str = ""
    concern: str = ""
    completeness: int = 0
    handling: str = ""
    said: tuple[Said, ...] = ()
    signs: tuple[Sign, ...] = ()
    identifiers: tuple[Contact, ...] = ()
    links: tuple[LinkShown, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    ilo: Optional[Picture] = None
    ilo_class: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def decisions(self) -> tuple[str, ...]:
        """What a member may decide now."""
        return {"new": ("accepted", "rejected", "done"), "accepted": ("done",), "rejected": ("done",)}.get(
            self.state, ()
        )


def ticket_view(opened: Opened, links: Sequence[Link], words: Words, catalogue: IndicatorCatalogue) -> TicketView:
    """Return what is shown of a ticket, and of the links it has with others."""
    record, ticket = opened.record, opened.content
    state_words = words(f"state_{record.state}")
    if ticket is None:
        return TicketView(record.id, record.id[:8], record.state, state_words, damaged=True)
    return TicketView(
        id=record.id,
        short_id=record.id[:8],
        state=record.state,
        state_words=state_words,
        damaged=False,
        outcome=words.code(record.outcome) if record.outcome else "",
        doubts=tuple(_doubts(opened, words)),
        urgent=tuple(map(words.code, ticket.urgent_reasons)),
        level=ticket.level,
        level_words=words.code(ticket.level) if ticket.level else "",
        concern=words.code(ticket.concern.value) if ticket.concern else "",
        completeness=ticket.completeness,
        handling=harmless(f"{ticket.handling.tlp} · {ticket.handling.admiralty}"),
        said=tuple(_said(ticket, words)),
        signs=tuple(_sign(sign, words) for sign in ticket.signs),
        identifiers=tuple(_contact(item, words) for item in ticket.identifiers),
        links=tuple(_link(link, record.id, words) for link in links),
        answers=tuple((harmless(answer.text), words.code(answer.answer)) for answer in ticket.answers),
        ilo=picture(ticket, catalogue, words),
        ilo_class=words.code(ticket.ilo_class) if ticket.ilo_class else "",
        facts=tuple(_facts(ticket, words)),
    )


def _doubts(opened: Opened, words: Words) -> Iterator[str]:
    """Say where the database is not what the chat put there."""
    if opened.made_up:
        yield words("made_up")
    if opened.changed:
        yield words("changed_fields", fields=", ".join(opened.changed))


def pieces(text: str, evidence: Sequence[str]) -> Lines:
    """Return words line by line, harmless, with what shows a sign marked; nothing is left out."""
    marked = sorted({harmless(line) for words in evidence for line in _NEWLINE.split(words)} - {""}, key=len)
    pattern = re.compile("|".join(re.escape(words) for words in reversed(marked))) if marked else None
    return tuple(tuple(_pieces(harmless(line), pattern)) for line in _NEWLINE.split(text))


def _pieces(line: str, pattern: "Optional[re.Pattern[str]]") -> Iterator[Piece]:
    at = 0
    for found in pattern.finditer(line) if pattern else ():
        if found.start() > at:
            yield Piece(line[at : found.start()], False)
        yield Piece(found.group(), True)
        at = found.end()
    if at < len(line):
        yield Piece(line[at:], False)


def _said(ticket: Ticket, words: Words) -> Iterator[Said]:
    evidence = [part for sign in ticket.signs for part in sign.evidence]
    for name, text, marked in (
        ("narrative", ticket.narrative, ()),
        ("offer", ticket.offer, evidence),
        ("place_words", ticket.place.words, ()),
        ("when_words", ticket.when.words, ()),
    ):
        if text:
            yield Said(name, words(f"said_{name}"), pieces(text, marked), ticket.language)


def _sign(sign: TicketSign, words: Words) -> Sign:
    evidence = tuple(map(harmless, sign.evidence))
    return Sign(harmless(sign.id), words.sign(sign.id, sign.title), sign.severity.value, sign.desk_only, evidence)


def _contact(item: Identifier, words: Words) -> Contact:
    known = {"platform": item.platform, "platform_id": item.platform_id, "url": item.url, "posted_at": item.posted_at,
             "seen_at": item.seen_at, "obtained": item.obtained}  # fmt: skip
    facts = (f"{words(f'identifier_{name}')}: {words.value(fact)}" for name, fact in known.items() if fact is not None)
    return Contact(words.code(item.type), harmless(item.value), item.value, "; ".join(facts))


def _link(link: Link, id: str, words: Words) -> LinkShown:
    others = tuple(other for other in link.tickets if other != id)
    counts = words("link_counts", tickets=len(link.tickets), texts=link.texts, accepted=link.accepted)
    repeating = len(link.tickets) - link.texts
    why = words("link_repeats", n=repeating) if repeating else words("link_independent")
    shown, more = harmless(link.lead.value), max(0, len(others) - _LINKED)
    return LinkShown(words.code(link.lead.kind), shown, counts, why, others[:_LINKED], more)


def _facts(ticket: Ticket, words: Words) -> Iterator[tuple[str, str]]:
    if ticket.place.country:
        yield words("field_country"), words.country(ticket.place.country)
    for name in FIELDS:
        value = getattr(ticket, name)
        if name not in _APART and value not in (None, ()):
            yield words(f"field_{name}"), words.spoken(value) if name == "language" else words.value(value)
    yield words("field_contact_back"), words.value(ticket.consent.contact_back)
    yield words("field_statistics"), words.value(ticket.consent.statistics)
