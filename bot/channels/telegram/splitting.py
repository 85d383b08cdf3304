"""Cutting a text into messages that Telegram takes."""

import re

LONGEST = 4096
"""Longest message in UTF-16 code units (sendMessage of the Bot API, which counts them after entities are read)."""
_BOUNDARIES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])[\"»”)]*\s+"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, best first: paragraphs, lines, sentences, words."""


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Return a text in parts of at most `longest` UTF-16 units, each cut at the best place near its end.

    Nothing is lost but white space at the cuts; a text of white space alone has no parts.
    """
    parts = []
    rest = text.strip()
    while units(rest) > longest:
        cut = _cut(rest, _fitting(rest, longest))
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def _fitting(text: str, longest: int) -> int:
    """Return how many characters from the start fit."""
    used = 0
    for position, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > longest:
            return max(position, 1)
    return len(text)


def _cut(text: str, most: int) -> int:
    """Return where to cut within the first `most` characters; a cut in the first half would waste a message."""
    for boundary in _BOUNDARIES:
        ends = [match.end() for match in boundary.finditer(text, 0, most) if match.end() > most // 2]
        if ends:
            return ends[-1]
    return most
