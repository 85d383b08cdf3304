"""Cutting a text into parts that a translation server takes, at the ends of sentences. Pure."""

import re

LONGEST = 1000
"""Characters of a part: servers limit what they take at once, and models lose the thread of longer ones."""
_SENTENCE = re.compile(r"\n+|[^\n]+?(?:[.!?…]+[\"'»”)\]]*(?=\s)|(?=\n)|\Z)[^\S\n]*")


def chunks(text: str, longest: int = LONGEST) -> list[str]:
    """Return a text in parts, which joined are the text again; a sentence longer than a part is cut at a blank."""
    parts: list[str] = []
    for sentence in _SENTENCE.findall(text):
        for piece in _cut(sentence, longest):
            if parts and len(parts[-1]) + len(piece) <= longest:
                parts[-1] += piece
            else:
                parts.append(piece)
    return parts


def _cut(sentence: str, longest: int) -> list[str]:
    pieces = []
    while len(sentence) > longest:
        blank = sentence.rfind(" ", 1, longest)
        end = blank + 1 if blank > 0 else longest
        pieces.append(sentence[:end])
        sentence = sentence[end:]
    return [*pieces, sentence]
