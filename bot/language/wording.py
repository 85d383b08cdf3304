"""Fixed wording: compiled patterns over folded text."""

import re
from collections.abc import Iterable
from typing import Optional

Pattern = re.Pattern[str]


def compile_all(patterns: Iterable[str]) -> tuple[Pattern, ...]:
    """Compile patterns for folded (lower-case) text."""
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def any_in(patterns: Iterable[Pattern], text: str) -> bool:
    """Say whether any of the patterns stands in a text."""
    return any(pattern.search(text) for pattern in patterns)


def first_in(patterns: Iterable[Pattern], text: str) -> Optional[re.Match[str]]:
    """Return the match of the first pattern that stands in a text, or None."""
    return next(filter(None, (pattern.search(text) for pattern in patterns)), None)
