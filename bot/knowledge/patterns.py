"""Fixed wording as knowledge files hold it: regular expressions over folded text, which has small letters only."""

import re
from collections.abc import Callable, Iterator
from typing import Any

_ESCAPE_OR_GROUP = re.compile(r"\\.|\(\?P<\w+>")


class FoldedPattern(str):
    """A pattern in small letters, not counting its escapes: a capital would never match."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], str]]:
        """Yield the checks (see pydantic 1, custom types)."""
        yield cls._checked

    @classmethod
    def _checked(cls, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("a pattern is a string")
        plain = _ESCAPE_OR_GROUP.sub("", value)
        if plain != plain.lower():
            raise ValueError("a pattern has small letters only, because texts are folded to them")
        return value
