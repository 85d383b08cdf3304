"""Whose something is: the writer's, somebody else's, or unclear, by the words around it.

The nearest words decide, words before it more than words behind it. A possessive with the thing it owns ("my
number", "his telegram") is strong; a person merely named in the sentence ("the recruiter", "she") is weak. Things
that would identify the writer for life, such as a passport, are given to somebody else by strong words only.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Optional

from bot.knowledge.redaction import RedactionLanguage
from bot.privacy.spans import Span
from bot.privacy.words import Sentence, alternatives, any_of, ending_in, sentences

_PUNCTUATION = r"[\s:,.«\"'—–=>-]{0,4}"
_IS = r"(?:це|это|to|das ist|este|is|it's|this is|that's)\s"
_AFTER = rf"\A\s{{0,2}}(?:[(\[]|[—–-]\s|—|=)\s{{0,2}}(?:{_IS})?(?:[^\W\d_]{{1,20}}\s)?"
_REACH_BEHIND = 40
_FEW_WORDS = 4
_SENSITIVE = frozenset(["id_number", "tax_number", "birth_date", "card"])
_ACCOUNTS = frozenset(["iban", "card", "wallet"])


class Side(str, Enum):
    """Who something belongs to."""

    OWN = "own"
    OTHER = "other"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Cue:
    """Words that say whose something is."""

    start: int
    end: int
    side: Side
    strong: bool


class RoleReader:
    """Reads whose the things in a text are, with the words of some languages."""

    def __init__(self, words: RedactionLanguage) -> None:
        mine, yours, theirs, things = (alternatives(w) for w in (words.mine, words.yours, words.theirs, words.things))
        roles, family = alternatives(words.roles), alternatives(words.family)
        few, of = r"(?:\s+[\w-]+){0,2}?\s+", r"\s+(?:[\w-]+\s+){0,2}?"
        self._strong = {
            Side.OWN: [
                rf"{mine}{few}{things}", rf"{mine}\s+{things}", rf"{things}\s+{mine}", alternatives(words.reach_me),
                rf"{alternatives((*words.first_person, *words.i_am))}\s?:",
                rf"{things}{of}{family}", rf"{family}(?:['’]?s)?\s+{things}",
            ],
            Side.OTHER: [
                rf"{theirs}(?:\s+[\w-]+){{0,1}}\s+{things}", rf"{things}\s+{theirs}", rf"{things}{of}{roles}",
                rf"{roles}(?:['’]?s)?(?:\s+[\w-]+)?\s+{things}",
            ],
        }  # fmt: skip
        self._patterns = [
            (side, True, re.compile(pattern, re.IGNORECASE))
            for side, patterns in self._strong.items()
            for pattern in patterns
        ]
        self._patterns += [
            (Side.OTHER, False, any_of((*words.they, *words.roles))),
            (Side.OWN, False, any_of(words.family)),
        ]
        self._reflexive = re.compile(rf"{alternatives(words.reflexive)}(?:{few}{things})?", re.IGNORECASE)
        self._first_person = any_of(words.first_person)
        self._mine = any_of(words.mine)
        self._just_mine = re.compile(rf"{mine}{_PUNCTUATION}\Z", re.IGNORECASE)
        self._just_theirs = re.compile(rf"{theirs}{_PUNCTUATION}\Z", re.IGNORECASE)
        self._just_yours = re.compile(
            rf"{yours}{few}?(?:{things})?(?:\s+[^\W\d_]+)?{_PUNCTUATION}\Z|{yours}\s+(?:{things}){_PUNCTUATION}\Z",
            re.IGNORECASE,
        )
        self._behind = [
            (Side.OWN, re.compile(rf"{_AFTER}(?:{mine}|{alternatives(words.reach_me)}|{family})", re.IGNORECASE)),
            (Side.OTHER, re.compile(rf"{_AFTER}(?:{theirs}|{roles})", re.IGNORECASE)),
        ]
        self._sent_from = ending_in(words.sent_from, r"[\s:]{1,2}(?:[^\W\d_]+[\s:]{1,2}){0,2}")
        self._pay_to = any_of(words.pay_to)
        self._live = any_of(words.live)
        self._intro = ending_in(words.my_name, _PUNCTUATION)
        self._i_am = ending_in(words.i_am, r"[\s,—–-]{1,3}")
        self._family_name = re.compile(rf"{family}[\s,:(«\"—–-]{{1,3}}\Z", re.IGNORECASE)
        self._closing = re.compile(rf"{alternatives(words.closings)}[\s,.!—–-]{{1,4}}\Z", re.IGNORECASE)
        self._greeting = ending_in(words.greetings, rf"[\s,!]{{1,3}}(?:{alternatives(words.titles)}\s)?")
        self._their_name = re.compile(
            rf"{alternatives((*words.their_name, *words.titles, *words.roles))}{_PUNCTUATION}\Z", re.IGNORECASE
        )
        self._named_behind = re.compile(
            rf"\A(?:\s?[,(—–-]+\s?(?:[\w-]+\s)?{roles}|\s{alternatives(words.they)})", re.IGNORECASE
        )
        self._role = any_of(words.roles)
        self._somebody_else = any_of((*words.they, *words.theirs, *words.roles))
        self._recruiter = any_of((*words.roles, *words.recruits))

    def sides(self, text: str, found: Sequence[Span]) -> list[Side]:
        """Return whose each of the found things is; `found` is in order and does not overlap."""
        parts = sentences(text, [(span.start, span.end) for span in found])
        cues = self._cues(text, found)
        return [self._side(text, span, found, parts, cues) for span in found]

    def lives_there(self, text: str, span: Span, found: Sequence[Span]) -> bool:
        """Say whether the words before an address, back to the address before it, make it the writer's home."""
        sentence = _around(sentences(text, [(span.start, span.end)]), span)
        same = [other.end for other in found if other.type == span.type and other.end <= span.start]
        begin = max([sentence.start, *same])
        return bool(self._live.search(text, begin, span.start) or self._mine_before(text, span))

    def own_or_not(self, text: str, span: Span, side: Side, found: Sequence[Span]) -> Side:
        """Return a side that is the writer's only where words say so of this very thing.

        A name is the writer's where it is presented, not because "my" stood earlier in the sentence; an address
        where it is said to be lived at; a contact unless somebody is named between "my" and the contact.
        """
        if span.type in ("address", "coordinates"):
            return Side.OWN if self.lives_there(text, span, found) else Side.UNCLEAR
        if span.type == "person" and side is Side.OWN and not self.presents_the_writer(text, span):
            return Side.UNCLEAR
        if side is Side.OWN and self._named_between(text, span, found):
            return Side.UNCLEAR
        return side

    def _named_between(self, text: str, span: Span, found: Sequence[Span]) -> bool:
        sentence = _around(sentences(text, [(other.start, other.end) for other in found]), span)
        people = [p for p in found if p.type == "person" and sentence.start <= p.start and p.end <= span.start]
        if not people or self.presents_the_writer(text, people[-1]) or self._adjacent(text, span) is Side.OWN:
            return False
        mine = [pattern for side, strong, pattern in self._patterns if side is Side.OWN and strong]
        return not any(pattern.search(text, people[-1].end, sentence.end) for pattern in mine)

    def doubted(self, text: str, span: Span, side: Side) -> Side:
        """Return unclear for a name that "called" alone makes another's: of whom was never said ("called Anna")."""
        if span.type == "person" and side is Side.OTHER and not self._somebody_else.search(text, 0, span.start):
            return Side.UNCLEAR
        return side

    def addressed(self, text: str, span: Span) -> bool:
        """Say whether a name is greeted, or a thing is called "yours": the reader's of an offer."""
        before = text[max(0, span.start - _REACH_BEHIND) : span.start]
        if span.type == "person":
            return bool(self._greeting.search(before))
        return bool(self._just_yours.search(before))

    def presents_the_writer(self, text: str, span: Span) -> bool:
        """Say whether the words before a name present the writer, or one of their family, by it."""
        before = text[max(0, span.start - _REACH_BEHIND) : span.start]
        if self._their_name.search(before) and not self._intro.search(before):
            return False
        return any(pattern.search(before) for pattern in (self._intro, self._i_am, self._family_name, self._closing))

    def introduces_a_recruiter(self, text: str, span: Span) -> bool:
        """Say whether the sentence of a name, or the next one, names a recruiter's role or what one does."""
        parts = sentences(text, [(span.start, span.end)])
        at = next(i for i, part in enumerate(parts) if part.start <= span.start <= part.end)
        end = parts[min(at + 1, len(parts) - 1)].end
        return bool(self._recruiter.search(text, parts[at].start, end))

    def _cues(self, text: str, found: Sequence[Span]) -> list[Cue]:
        cues = []
        for side, strong, pattern in self._patterns:
            for match in pattern.finditer(text):
                inside = any(span.start <= match.start() and match.end() <= span.end for span in found)
                crosses = any(match.start() < span.start < match.end() for span in found if span.type != "person")
                if inside or crosses or (strong and self._contradicts(side, match.group())):
                    continue
                cues.append(Cue(match.start(), match.end(), side, strong))
        return [*cues, *self._reflexive_cues(text, cues)]

    def _reflexive_cues(self, text: str, cues: Sequence[Cue]) -> list[Cue]:
        """ "Gave his own number": whose it is, the nearest person named before says; if none is, the writer's."""
        found = []
        for match in self._reflexive.finditer(text):
            earlier = [(cue.end, cue.side) for cue in cues if cue.end <= match.start()]
            earlier += [(me.end(), Side.OWN) for me in self._first_person.finditer(text, 0, match.start())]
            found.append(Cue(match.start(), match.end(), max(earlier)[1] if earlier else Side.OWN, strong=True))
        return found

    def _contradicts(self, side: Side, words: str) -> bool:
        """ "My boss's number" begins like "my number" and is the boss's; "(gave) the boss my number" is mine."""
        if side is Side.OWN:
            return bool(self._mine.match(words) and self._role.search(words))
        return bool(self._mine.search(words))

    def _side(
        self, text: str, span: Span, found: Sequence[Span], parts: Sequence[Sentence], cues: Sequence[Cue]
    ) -> Side:
        sentence = _around(parts, span)
        if span.type == "person":
            return self._side_of_person(text, span, sentence, cues)
        adjacent = self._adjacent(text, span)
        if adjacent:
            return adjacent
        here = [cue for cue in cues if sentence.start <= cue.start < sentence.end]
        strong_only = span.type in _SENSITIVE
        side = self._before(span, found, here, strong_only) or self._behind_it(sentence, span, found, here, strong_only)
        if side is Side.OWN and any(cue.strong and cue.end <= span.start for cue in here):
            return side
        if span.type in _ACCOUNTS and self._pay_to.search(text, sentence.start, span.start):
            return Side.OTHER
        return side or self._carried(text, span, found, parts, cues, strong_only)

    def _adjacent(self, text: str, span: Span) -> Optional[Side]:
        before, behind = (
            text[max(0, span.start - _REACH_BEHIND) : span.start],
            text[span.end : span.end + _REACH_BEHIND],
        )
        for side, pattern in self._behind:
            if pattern.search(behind):
                return side
        if self._just_mine.search(before):
            return Side.OWN
        return Side.OTHER if self._just_theirs.search(before) else None

    def _mine_before(self, text: str, span: Span) -> bool:
        return bool(self._just_mine.search(text[max(0, span.start - _REACH_BEHIND) : span.start]))

    def _before(self, span: Span, found: Sequence[Span], cues: Sequence[Cue], strong_only: bool) -> Optional[Side]:
        """Read the words before a thing: those since the thing before it first, then all of the sentence."""
        last = max((other.end for other in found if other.end <= span.start and other.type != "person"), default=0)
        for begin in (last, 0):
            earlier = [cue for cue in cues if begin <= cue.start and cue.end <= span.start]
            strong = [cue for cue in earlier if cue.strong]
            weak = [cue for cue in earlier if not cue.strong and (not strong_only or cue.side is Side.OWN)]
            for group in (strong, weak):
                if group:
                    return max(group, key=lambda cue: (cue.end, cue.end - cue.start)).side
        return None

    def _behind_it(
        self, sentence: Sentence, span: Span, found: Sequence[Span], cues: Sequence[Cue], strong_only: bool
    ) -> Optional[Side]:
        if any(span.end <= other.start < sentence.end and other.type != "person" for other in found):
            return None  # what stands behind this thing may speak of the next one
        near = [
            cue for cue in cues if span.end <= cue.start < span.end + _REACH_BEHIND and (cue.strong or not strong_only)
        ]
        return min(near, key=lambda cue: (not cue.strong, cue.start)).side if near else None

    def _carried(
        self,
        text: str,
        span: Span,
        found: Sequence[Span],
        parts: Sequence[Sentence],
        cues: Sequence[Cue],
        strong_only: bool,
    ) -> Side:
        """A sentence that is little more than the contact belongs to whoever the sentence before was about."""
        at = next(i for i, part in enumerate(parts) if part.start <= span.start <= part.end)
        words = _without(text, parts[at], found).split()
        if strong_only or at == 0 or len(words) > _FEW_WORDS:
            return Side.UNCLEAR
        before = [cue for cue in cues if parts[at - 1].start <= cue.start < parts[at - 1].end]
        return max(before, key=lambda cue: (cue.end, cue.strong)).side if before else Side.UNCLEAR

    def _side_of_person(self, text: str, span: Span, sentence: Sentence, cues: Sequence[Cue]) -> Side:
        before = text[max(0, span.start - _REACH_BEHIND) : span.start]
        behind = text[span.end : span.end + _REACH_BEHIND]
        if self._their_name.search(before) and not self._intro.search(before):
            return Side.OTHER
        if self.presents_the_writer(text, span):
            return Side.OWN
        if self._named_behind.search(behind):
            return Side.OTHER
        earlier = [cue for cue in cues if sentence.start <= cue.start and cue.end <= span.start]
        return max(earlier, key=lambda cue: cue.end).side if earlier else Side.UNCLEAR


def _around(parts: Iterable[Sentence], span: Span) -> Sentence:
    return next(part for part in parts if part.start <= span.start <= part.end)


def _without(text: str, sentence: Sentence, found: Sequence[Span]) -> str:
    """Return the words of a sentence outside of what was found in it."""
    pieces, at = [], sentence.start
    for span in found:
        if sentence.start <= span.start < sentence.end:
            pieces.append(text[at : span.start])
            at = span.end
    return " ".join([*pieces, text[at : sentence.end]])
