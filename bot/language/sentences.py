"""Cutting a folded text into the units that are judged: sentences, and the clauses of long ones."""

import re
from dataclasses import dataclass

MAX_UNIT = 400
"""Longest unit in characters; the embedding reads about this much before its meaning blurs."""
_CLAUSE_FROM_WORDS = 9
_SENTENCE_END = re.compile(
    r"(?<=[!?…])[\s\"»”)]+|(?<=[^\W\d_]{2}[.])\s+|(?<=[)\d%€$][.])\s+(?=[^\W\d])|\s*[\n\r]+\s*|\s*[;•·▪●►▶✔✅✓☑❗➡→|*]+\s*"
    r"|\s*[\U0001F300-\U0001FAFF\u2600-\u27BF]+\s*"
)
_CLAUSE_END = re.compile(r"[,:(]\s+|\)\s*|\s+[—–-]\s+|(?<=\w)[—–]\s")
_EDGE = " \t\n\r,;:-—–•·*\"'«»()[]"


@dataclass(frozen=True)
class Unit:
    """A piece of the folded text; a clause lies inside the sentence that came just before it."""

    start: int
    end: int
    text: str
    clause: bool


def units(text: str) -> list[Unit]:
    """Return the sentences of a folded text in order, each followed by its clauses where it is long."""
    found: list[Unit] = []
    for start, end in _pieces(text, 0, len(text), _SENTENCE_END):
        for piece_start, piece_end in _shorten(text, start, end):
            found.append(Unit(piece_start, piece_end, text[piece_start:piece_end], clause=False))
            found.extend(_clauses(text, piece_start, piece_end))
    return found


def _clauses(text: str, start: int, end: int) -> list[Unit]:
    if len(text[start:end].split()) < _CLAUSE_FROM_WORDS:
        return []
    parts = _pieces(text, start, end, _CLAUSE_END)
    if len(parts) < 2:
        return []
    return [
        Unit(part_start, part_end, text[part_start:part_end], clause=True)
        for part_start, part_end in parts
        if len(text[part_start:part_end].split()) >= 2
    ]


def _pieces(text: str, start: int, end: int, boundary: re.Pattern[str]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begin = start
    for match in boundary.finditer(text, start, end):
        spans.append((begin, match.start()))
        begin = match.end()
    spans.append((begin, end))
    trimmed = (_trim(text, *span) for span in spans)
    return [(first, last) for first, last in trimmed if any(c.isalnum() for c in text[first:last])]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return start, end


def _shorten(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is longer than `MAX_UNIT` at spaces."""
    spans = []
    while end - start > MAX_UNIT:
        cut = text.rfind(" ", start + 1, start + MAX_UNIT)
        cut = cut if cut > start else start + MAX_UNIT
        spans.append((start, cut))
        start = cut
    spans.append(_trim(text, start, end))
    return [span for span in spans if span[0] < span[1]]
