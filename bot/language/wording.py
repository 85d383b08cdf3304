"""Fixed wording: compiled patterns over folded text."""

import re
from collections.abc import Iterable
from typing import Optional

from bot.knowledge.files import KnowledgeError

Pattern = re.Pattern[str]
_SIGMA = re.compile("[σς]")
_DOTLESS = "ı"


def compile_all(patterns: Iterable[str]) -> tuple[Pattern, ...]:
    """Compile patterns for folded text; they are in lower case as that is.

    Matching regardless of case would take eight times as long. What it would add is the Greek sigma, which has another
    form at the end of a word: both forms fit either here. And the i without a dot, which Turkish keyboards put into
    words of other languages: `any_in` and `first_in` read it as i.

    Raises:
        KnowledgeError: one of them is no regular expression.
    """
    return tuple(_compiled(pattern) for pattern in patterns)


def _compiled(pattern: str) -> Pattern:
    try:
        return re.compile(_either_sigma(pattern))
    except re.error as error:
        raise KnowledgeError(f"This pattern is no regular expression ({error}): {pattern[:80]}") from error


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
    plain = text.replace(_DOTLESS, "i")
    return any(pattern.search(plain) for pattern in patterns)


def first_in(patterns: Iterable[Pattern], text: str) -> Optional[re.Match[str]]:
    """Return the match of the first pattern that stands in a text, or None."""
    plain = text.replace(_DOTLESS, "i")
    return next(filter(None, (pattern.search(plain) for pattern in patterns)), None)
