"""Fixed wording: compiled patterns over folded text."""

import re
from collections.abc import Iterable
from typing import Optional

Pattern = re.Pattern[str]
_SIGMA = re.compile("[σς]")


def compile_all(patterns: Iterable[str]) -> tuple[Pattern, ...]:
    """Compile patterns for folded text; they are in lower case as that is.

    Matching regardless of case would take eight times as long. All it would add here is the Greek sigma, which has
    another form at the end of a word: both forms fit either.
    """
    return tuple(re.compile(_either_sigma(pattern)) for pattern in patterns)


def _either_sigma(pattern: str) -> str:
    if not _SIGMA.search(pattern):
        return pattern
    parts, inside, escaped = [], False, False
    for character in pattern:
        if character in "σς":
            parts.append("σς" if inside else "[σς]")
        else:
            parts.append(character)
            if not escaped and character in "[]":
                inside = character == "["
        escaped = character == "\\" and not escaped
    return "".join(parts)


def any_in(patterns: Iterable[Pattern], text: str) -> bool:
    """Say whether any of the patterns stands in a text."""
    return any(pattern.search(text) for pattern in patterns)


def first_in(patterns: Iterable[Pattern], text: str) -> Optional[re.Match[str]]:
    """Return the match of the first pattern that stands in a text, or None."""
    return next(filter(None, (pattern.search(text) for pattern in patterns)), None)
