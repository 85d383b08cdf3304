"""Marks by which a pasted chat shows who speaks, and what is said under each."""

import re
from dataclasses import dataclass
from typing import Optional

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]m)?"
_DATE = r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?"
MARKS = (
    # "[21:04] Anna:", "12.05.2026, 21:04 - Anna:", "Anna, [12 May 2026 at 21:04:11]:", "Anna 21:04"
    re.compile(rf"^\s*[\[(]?\s*(?:{_DATE}[,\s]+)?{_TIME}\s*[\])]?\s*[-–—:]?\s*\S"),
    re.compile(rf"^\s*\S.{{0,40}}[,\s][\[(]?(?:{_DATE}[,\s]+(?:\w+\s)?)?{_TIME}\s*[\])]?\s*:?\s*$"),
    # "Anna: …", "- Anna Work: …", "> …"
    re.compile(r"^\s*[-–—]?\s*[^\W\d_][\w .'-]{0,30}:\s+\S"),
    re.compile(r"^\s*>\s*\S"),
)
_STAMP = rf"(?P<date>{_DATE}[,\s]{{1,3}})?{_TIME}(?:[,\s]{{1,3}}{_DATE})?"
_SHAPES = (
    re.compile(
        rf"\s{{0,9}}(?P<bracket>[\[(])?\s?{_STAMP}\s?[\])]?\s{{0,3}}[-–—:]?\s{{0,3}}(?P<name>[^:\n]{{1,40}}?)\s?:(?=\s|$)"
    ),
    re.compile(
        rf"\s{{0,9}}(?P<name>[^\W\d_][^\[\]():,\d\n]{{0,39}}?)(?:,\s?|\s)(?P<bracket>[\[(])?"
        rf"(?P<date>\d[^:\n]{{3,25}}\s)?{_TIME}\s?[\])]?\s?:?\s{{0,9}}$"
    ),
    re.compile(r"\s{0,9}[-–—]?\s?(?P<name>[^\W\d_][\w .'’-]{0,30}?)\s?:(?=\s|$)"),
)
_LINE = re.compile(r"[^\n\r]+")


@dataclass(frozen=True)
class SpeakerMark:
    """The beginning of a turn: the name from `start` to `end`, the words from `words` on.

    `timed`: the mark holds a bracket or a date, as only chats have; a bare "Name:" may label a list as well.
    """

    speaker: str
    start: int
    end: int
    line: int
    words: int
    timed: bool


def speaker_marks(text: str) -> tuple[SpeakerMark, ...]:
    """Return the marks of speakers that lines begin with, in order."""
    return tuple(mark for line in _LINE.finditer(text) if (mark := _mark(line.group(), line.start())))


def _mark(line: str, at: int) -> Optional[SpeakerMark]:
    for shape in _SHAPES:
        match = shape.match(line)
        if match:
            parts = match.groupdict()
            name, start = match["name"].strip(" ~\u202a\u202c"), at + match.start("name")
            start += match["name"].find(name)
            timed = bool(parts.get("bracket") or parts.get("date"))
            return SpeakerMark(name.casefold(), start, start + len(name), at, at + match.end(), timed)
    return None
