"""Own words or material: whether a text is someone's own message or something they pass on."""

import re
from collections.abc import Iterable, Mapping

from bot.knowledge.danger import DangerLanguage
from bot.language.speakers import MARKS

_LEAST_MARKED_LINES = 2


class MaterialReader:
    """Recognises pasted chats by speaker or time marks on two or more lines."""

    def __init__(self, languages: Mapping[str, DangerLanguage]) -> None:
        self._marks: tuple[re.Pattern[str], ...] = MARKS + tuple(
            re.compile(pattern, re.IGNORECASE) for language in languages.values() for pattern in language.material
        )

    def is_pasted_chat(self, text: str) -> bool:
        """Say whether two or more lines carry a speaker or a time."""
        return sum(map(self._is_marked, _lines(text))) >= _LEAST_MARKED_LINES

    def _is_marked(self, line: str) -> bool:
        return any(mark.search(line) for mark in self._marks)


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip())
