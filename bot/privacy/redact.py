"""Redaction: the reporter is removed, the suspect is kept, and the place of the offence is evidence.

Three steps: find what identifies somebody, read whose it is, and put a neutral mark in the place of what is
removed. What a person writes themselves (`own`) loses everything that may be theirs; what they pass on
(`offer`: pasted, forwarded, pictured) keeps everything that is not plainly theirs, and so does what they write
when asked about somebody else (`answer`). In a pasted chat "my" is read by who speaks, whatever the mode.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Optional

from bot.knowledge.languages import Language
from bot.knowledge.redaction import RedactionKnowledge
from bot.language.morphology import Dictionary
from bot.privacy.addresses import AddressFinder
from bot.privacy.chats import Chat, ChatReader, sides_in_chat
from bot.privacy.companies import CompanyFinder
from bot.privacy.documents import DocumentFinder
from bot.privacy.people import PeopleFinder
from bot.privacy.phones import PhoneFinder
from bot.privacy.roles import RoleReader, Side
from bot.privacy.spans import Span, SpanFinder
from bot.privacy.whereabouts import Whereabouts
from bot.privacy.words import ending_in, joined, mark, mentions, prepare

TYPES = (
    "phone", "email", "url", "handle", "iban", "card", "wallet", "id_number", "tax_number", "plate", "address",
    "birth_date", "coordinates", "person", "place", "company",
)  # fmt: skip
_STRENGTH = {
    kind: rank
    for rank, kinds in enumerate(
        [
            ("iban", "card", "wallet", "email", "url", "handle"), ("coordinates", "birth_date"),
            ("id_number",), ("tax_number",), ("address",), ("phone",), ("plate",), ("company",), ("place", "person"),
        ]
    )
    for kind in kinds
}  # fmt: skip
_EVIDENCE = frozenset(["url", "handle", "plate", "place", "company", "coordinates", "address", "wallet"])
"""What stays in a person's own words unless the words make it theirs."""
_ALWAYS_KEPT = frozenset(["place", "company"])
_LEAST_STEM = 3
_FALLBACK = "en"


class Mode(str, Enum):
    """Whose words a text is: the person's own, an offer that they pass on, or their own about somebody else."""

    OWN = "own"
    OFFER = "offer"
    ANSWER = "answer"


@dataclass(frozen=True)
class RedactedSpan:
    """Something that identifies; `start` and `end` are offsets of the input, `kept` means left as evidence."""

    start: int
    end: int
    type: str
    kept: bool


@dataclass(frozen=True)
class Redaction:
    """The text with marks in the place of what was removed, and everything that was found, in order.

    `own`: type and words of what the text says is the reporter's; what was removed only to be on the safe side
    is not among it.
    """

    text: str
    spans: tuple[RedactedSpan, ...]
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Words:
    """The finders that need the words of a language."""

    documents: DocumentFinder
    addresses: AddressFinder
    people: PeopleFinder
    roles: RoleReader
    chats: ChatReader
    phone_before: re.Pattern[str]


class Redactor:
    """Redacts texts; built once from the knowledge, the languages and the codes of the countries."""

    def __init__(
        self, knowledge: RedactionKnowledge, languages: Mapping[str, Language], countries: Iterable[str]
    ) -> None:
        codes = tuple(countries)
        self._knowledge = knowledge
        self._languages = languages
        self._contacts = SpanFinder()
        self._phones = PhoneFinder(codes)
        self._places = Whereabouts(languages, knowledge.cities, knowledge.names.uninflected)
        self._companies = CompanyFinder(knowledge.companies)
        self._words: dict[tuple[str, ...], _Words] = {}

    def redact(self, text: str, language: str, *, mode: Mode) -> Redaction:
        """Remove what identifies the reporter.

        Args:
            text: the text as it was written.
            language: its language; one without words of its own is read with those of English.
            mode: whether these are the person's own words, an offer that they pass on, or an answer about others.
        """
        plain = prepare(text)
        words = self._words_of(plain, language)
        found = self._find(plain, language, words)
        chat = words.chats.read(
            plain, found, lambda name: words.people.is_name(name, language, Dictionary()), mode is not Mode.OWN
        )
        if chat:
            found = sorted([*found, *chat.names(found, plain)], key=lambda span: span.start)
        sides = _sides(plain, found, words.roles, mode, chat)
        kept = [_stays(plain, span, side, words.roles, mode, chat) for span, side in zip(found, sides, strict=True)]
        spans = _with_further_mentions(text, found, kept)
        own = {
            (span.type, text[span.start : span.end])
            for span, side, stays in zip(found, sides, kept, strict=True)
            if not stays and (side is Side.OWN or mode is not Mode.OWN)
        }
        return Redaction(_marked(text, spans), spans, tuple(sorted(own)))

    def _find(self, text: str, language: str, words: _Words) -> list[Span]:
        found = [*self._contacts.find(text), *words.documents.find(text)]
        found += [*self._phones.find(text, language, words.phone_before), *words.addresses.find(text)]
        found = _strongest(found)
        found = _strongest([*found, *self._companies.find(text)])
        dictionary = Dictionary()
        places = [span for span in self._places.find(text, language, dictionary) if _free(span, found)]
        people = words.people.find(text, language, dictionary, found, places)
        return _strongest([*found, *people, *(place for place in places if _free(place, people))])

    def _words_of(self, text: str, language: str) -> _Words:
        """Return the finders for a language; texts mix languages, so those that it `reads` count too."""
        spoken = [language, *(self._languages[language].reads if language in self._languages else ())]
        # English words stand in every chat; a text in Cyrillic letters is read as Ukrainian and Russian.
        spoken += ["uk", "ru"] if any("а" <= c <= "я" for c in text.lower()) else []
        codes = tuple(dict.fromkeys(code for code in [*spoken, _FALLBACK] if code in self._knowledge.languages))
        if codes not in self._words:
            self._words[codes] = _compiled(self._knowledge, codes)
        return self._words[codes]


def _compiled(knowledge: RedactionKnowledge, codes: Sequence[str]) -> _Words:
    words = joined([knowledge.languages[code] for code in codes])
    return _Words(
        documents=DocumentFinder(knowledge.numbers, words),
        addresses=AddressFinder(knowledge.numbers, words),
        people=PeopleFinder(knowledge.names, words),
        roles=RoleReader(words),
        chats=ChatReader(words),
        phone_before=ending_in(words.phones, r"[^\d\n]{0,20}[:\n ]{0,3}"),
    )


def _sides(text: str, found: Sequence[Span], roles: RoleReader, mode: Mode, chat: Optional[Chat]) -> list[Side]:
    if chat:
        return _agreeing(found, sides_in_chat(text, chat, found, roles))
    sides = roles.sides(text, found)
    if mode is Mode.ANSWER:
        sides = [roles.own_or_not(text, span, side, found) for span, side in zip(found, sides, strict=True)]
    agreed = _agreeing(found, sides)
    if mode is Mode.OWN:
        at = [span.type in ("address", "coordinates") for span in found]
        return [
            roles.own_or_not(text, span, side, found) if somewhere else side
            for span, side, somewhere in zip(found, agreed, at, strict=True)
        ]
    return agreed


def _stays(text: str, span: Span, side: Side, roles: RoleReader, mode: Mode, chat: Optional[Chat]) -> bool:
    if span.type in _ALWAYS_KEPT:
        return True
    if mode is Mode.OFFER and not chat:
        return _kept_in_offer(text, span, side, roles)
    if side is Side.UNCLEAR and (mode is Mode.OWN or (chat and chat.says_reporter(span))):
        return span.type in _EVIDENCE
    return side is not Side.OWN


def _kept_in_offer(text: str, span: Span, side: Side, roles: RoleReader) -> bool:
    if roles.addressed(text, span):
        return False
    if span.type == "person" and side is Side.OWN:
        return roles.introduces_a_recruiter(text, span)
    return True


def _agreeing(found: Sequence[Span], sides: Sequence[Side]) -> list[Side]:
    """Give mentions of the same name or number the same side: the writer's wins, unclear takes what is known."""
    known: dict[tuple[str, str], Side] = {}
    for span, side in zip(found, sides, strict=True):
        for key in _keys(span):
            if side is Side.OWN or (side is Side.OTHER and known.get(key) is not Side.OWN):
                known[key] = side
    agreed = []
    for span, side in zip(found, sides, strict=True):
        said = [known[key] for key in _keys(span) if key in known]
        agreed.append(Side.OWN if Side.OWN in said else said[0] if said else side)
    return agreed


def _keys(span: Span) -> list[tuple[str, str]]:
    """What another mention of the same thing shares with this one: for names, the beginning of each part."""
    if span.type == "person":
        stems = [part.casefold()[: max(_LEAST_STEM, len(part) - 2)] for part in re.findall(r"[^\W\d_]{3,}", span.value)]
        return [(span.type, stem) for stem in stems]
    if span.type == "phone":
        return [(span.type, re.sub(r"\D", "", span.value)[-9:])]
    return [(span.type, re.sub(r"[\s-]", "", span.value).casefold())]


def _strongest(found: Iterable[Span]) -> list[Span]:
    """Where findings overlap, keep the one whose kind is believed most, then the longest; in order."""
    chosen: list[Span] = []
    for span in sorted(found, key=lambda s: (_STRENGTH[s.type], s.start - s.end, s.start)):
        if span.start < span.end and _free(span, chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def _free(span: Span, others: Iterable[Span]) -> bool:
    return all(span.end <= other.start or span.start >= other.end for other in others)


def _with_further_mentions(text: str, found: Sequence[Span], kept: Sequence[bool]) -> tuple[RedactedSpan, ...]:
    """Remove what was removed once wherever else it stands, also inside something that would be kept."""
    kind_of = {text[s.start : s.end]: s.type for s, stays in zip(found, kept, strict=True) if not stays}
    values = sorted((value for value in kind_of if len(value) >= _LEAST_STEM), key=len, reverse=True)
    again = [(start, end, kind_of[value]) for value in values for start, end in mentions(text, value)]
    spans = [
        RedactedSpan(
            span.start,
            span.end,
            span.type,
            stays and not any(span.start <= start and end <= span.end for start, end, _ in again),
        )
        for span, stays in zip(found, kept, strict=True)
    ]
    for start, end, kind in again:
        if all(end <= span.start or start >= span.end for span in spans):
            spans.append(RedactedSpan(start, end, kind, kept=False))
    return tuple(sorted(spans, key=lambda span: span.start))


def _marked(text: str, spans: Sequence[RedactedSpan]) -> str:
    pieces, at = [], 0
    for span in spans:
        if not span.kept:
            pieces += [text[at : span.start], mark(span.type)]
            at = span.end
    return "".join([*pieces, text[at:]])
