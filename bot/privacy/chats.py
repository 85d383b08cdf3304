"""Pasted chats: "my number" is the number of whoever speaks, so whose something is depends on the line.

The person who reports is one of the speakers: the one called I or you, or the one who does not recruit. What the
recruiting speaker calls their own is the suspect's; what the others call their own, and their names, is the
reporter's. Where nobody can be told to recruit, whatever a speaker calls their own may be the reporter's.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.knowledge.redaction import RedactionLanguage
from bot.language.speakers import SpeakerMark, speaker_marks
from bot.privacy.roles import RoleReader, Side
from bot.privacy.spans import Span
from bot.privacy.words import any_of

_LEAST_WORDS = 4
"""A list of contacts by name has fewer words beside each of them."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_STATEMENT = re.compile(r"[^.!?\n]+(?:[.!](?!\w)|\n|\Z)")
_PAY = re.compile(
    r"\d\s?(?:[€$£₴]|(?:грн|євро|евро|euro?|eur|usd|uah|zł|zl|pln|lei|ron|руб|долар\w*|доллар\w*)(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Turn:
    """What is said under one mark, up to the next."""

    mark: SpeakerMark
    end: int


@dataclass(frozen=True)
class Chat:
    """The turns of a chat, which speakers are the suspect's side, and which are called by a word, not by a name."""

    turns: tuple[Turn, ...]
    recruiting: frozenset[str]
    unnamed: frozenset[str]

    def says_reporter(self, span: Span) -> bool:
        """Say whether something stands in the words of the one who reports, as far as that is known."""
        return bool(self.recruiting) and any(
            turn.mark.words <= span.start < turn.end and turn.mark.speaker not in self.recruiting for turn in self.turns
        )

    def names(self, found: Sequence[Span], text: str) -> list[Span]:
        """Return the speakers' names that were not found as such, and the nicknames of those who do not recruit."""
        marks = [turn.mark for turn in self.turns if turn.mark.speaker not in self.unnamed]
        return [
            Span("person", text[mark.start : mark.end], mark.start, mark.end)
            for mark in marks
            if all(span.end <= mark.start or span.start >= mark.end for span in found)
        ]


class ChatReader:
    """Reads who speaks in a pasted chat, with the words of some languages."""

    def __init__(self, words: RedactionLanguage) -> None:
        self._me = any_of((*words.first_person, *words.i_am, *words.you))
        self._they = any_of(words.they)
        self._role = any_of(words.roles)
        self._family = any_of(words.family)
        self._recruits = any_of(words.recruits)
        self._label = any_of((*words.things, *words.phones, *words.addressed))

    def read(self, text: str, found: Sequence[Span], is_name: Callable[[str], bool], passed_on: bool) -> "Chat | None":
        """Return the chat that a text is, or None where fewer than two speak or nobody says anything.

        Args:
            text: the text.
            found: what was found in it.
            is_name: says whether words look like a name by themselves.
            passed_on: whether somebody else's words are likely; then whoever is not "I" beside an "I" speaks too.
        """
        marks = speaker_marks(text)
        named = [mark.speaker for mark in marks]
        beside_me = passed_on and any(map(self._me.fullmatch, named))
        marks = tuple(
            mark
            for mark in marks
            if self._speaks(mark, found)
            or is_name(text[mark.start : mark.end])
            or ((beside_me or named.count(mark.speaker) > 1) and not self._label.search(mark.speaker))
        )
        speakers = {mark.speaker for mark in marks}
        ends = [*(mark.line for mark in marks[1:]), len(text)][: len(marks)]
        turns = tuple(Turn(mark, max(mark.words, end)) for mark, end in zip(marks, ends, strict=True))
        if len(speakers) < 2 or not any(_says(text, turn, found) >= _LEAST_WORDS for turn in turns):
            return None
        me = {speaker for speaker in speakers if self._me.fullmatch(speaker) or self._family.fullmatch(speaker)}
        called = {speaker for speaker in speakers - me if self._they.fullmatch(speaker) or self._role.search(speaker)}
        recruiting = self._recruiting(text, turns, speakers, me, called)
        names = {mark.speaker for mark in marks if is_name(text[mark.start : mark.end])}
        # A nickname is removed where it is the reporter's; as a lead to the recruiter it is too little.
        nicknames = speakers - recruiting if recruiting else set()
        return Chat(turns, frozenset(recruiting), frozenset(speakers - (names | nicknames) | me | called - names))

    def _speaks(self, mark: SpeakerMark, found: Sequence[Span]) -> bool:
        """Say whether a mark is a speaker's, not the label of a line such as "Pay:"."""
        called = (self._me.fullmatch, self._they.fullmatch, self._family.fullmatch, self._role.match)
        if mark.timed or any(matches(mark.speaker) for matches in called):
            return True
        return any(span.type == "person" and mark.start <= span.start < mark.end for span in found)

    def _recruiting(
        self, text: str, turns: Sequence[Turn], speakers: set[str], me: set[str], called: set[str]
    ) -> set[str]:
        if called:
            return called
        if me:
            return speakers - me
        points = {
            speaker: sum(self._offers(text, turn) for turn in turns if turn.mark.speaker == speaker)
            for speaker in speakers
        }
        most = max(points.values())
        best = {speaker for speaker, got in points.items() if got == most}
        return best if len(best) == 1 else set()

    def _offers(self, text: str, turn: Turn) -> int:
        """Count what recruiters say; a question about pay or work is the other one's."""
        statements = [match.group() for match in _STATEMENT.finditer(text, turn.mark.words, turn.end)]
        return sum(len(pattern.findall(said)) for said in statements for pattern in (self._recruits, self._role, _PAY))


def sides_in_chat(text: str, chat: Chat, found: Sequence[Span], roles: RoleReader) -> list[Side]:
    """Return whose each of the found things is, seen by the one who reports; `found` is in order."""
    begin = chat.turns[0].mark.line
    # What stands before the first turn is the words of whoever passes the chat on.
    sides = _own_words(text, 0, begin, found, roles)
    for turn in chat.turns:
        sides |= _in_name(chat, turn, found) | _in_turn(text, chat, turn, found, roles)
    return [sides.get(span, Side.UNCLEAR) for span in found]


def _in_name(chat: Chat, turn: Turn, found: Sequence[Span]) -> dict[Span, Side]:
    if not chat.recruiting:
        return {}
    side = Side.OTHER if turn.mark.speaker in chat.recruiting else Side.OWN
    return {span: side for span in found if turn.mark.start <= span.start < turn.mark.end}


def _in_turn(text: str, chat: Chat, turn: Turn, found: Sequence[Span], roles: RoleReader) -> dict[Span, Side]:
    begin, end = turn.mark.words, turn.end
    spans = [span for span in found if begin <= span.start < end]
    said = text[begin:end]
    addressed = {span: roles.addressed(said, _moved(span, -begin)) for span in spans}
    if turn.mark.speaker in chat.recruiting:
        return {span: Side.OWN if addressed[span] else Side.OTHER for span in spans}
    sides = _own_words(text, begin, end, found, roles)
    # "Your number" is the recruiter's; where it is not known who recruits, it may be the reporter's.
    yours = Side.OTHER if chat.recruiting else Side.OWN
    return {span: yours if addressed[span] else sides[span] for span in spans}


def _own_words(text: str, begin: int, end: int, found: Sequence[Span], roles: RoleReader) -> dict[Span, Side]:
    """Read a part of the text by itself: the line above was said by somebody else."""
    said = text[begin:end]
    spans = [span for span in found if begin <= span.start < end]
    moved = [_moved(span, -begin) for span in spans]
    sides = roles.sides(said, moved)
    return {
        span: roles.own_or_not(said, inside, roles.doubted(said, inside, side), moved)
        for span, inside, side in zip(spans, moved, sides, strict=True)
    }


def _moved(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)


def _says(text: str, turn: Turn, found: Sequence[Span]) -> int:
    """Count the words of a turn outside of what was found in it."""
    words = _WORD.finditer(text, turn.mark.words, turn.end)
    return sum(all(word.end() <= span.start or word.start() >= span.end for span in found) for word in words)
