"""Own words or material: whether a text is someone's own message or something they pass on."""

import re
from collections.abc import Iterable, Mapping

from bot.knowledge.danger import DangerLanguage

_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]m)?"
_DATE = r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?"
_MARKS = (
    # "[21:04] Anna:", "12.05.2026, 21:04 - Anna:", "Anna, [12 May 2026 at 21:04:11]:", "Anna 21:04"
    re.compile(rf"^\s*[\[(]?\s*(?:{_DATE}[,\s]+)?{_TIME}\s*[\])]?\s*[-–—:]?\s*\S"),
    re.compile(rf"^\s*\S.{{0,40}}[,\s][\[(]?(?:{_DATE}[,\s]+(?:\w+\s)?)?{_TIME}\s*[\])]?\s*:?\s*$"),
    # "Anna: …", "- Anna Work: …", "> …"
    re.compile(r"^\s*[-–—]?\s*[^\W\d_][\w .'-]{0,30}:\s+\S"),
    re.compile(r"^\s*>\s*\S"),
)
_LEAST_MARKED_LINES = 2


class MaterialReader:
    """Recognises pasted chats by speaker or time marks on two or more lines."""

    def __init__(self, languages: Mapping[str, DangerLanguage]) -> None:
        self._marks: tuple[re.Pattern[str], ...] = _MARKS + tuple(
            re.compile(pattern, re.IGNORECASE) for language in languages.values() for pattern in language.material
        )

    def is_pasted_chat(self, text: str) -> bool:
        """Say whether two or more lines carry a speaker or a time."""
        return sum(map(self._is_marked, _lines(text))) >= _LEAST_MARKED_LINES

    def _is_marked(self, line: str) -> bool:
        return any(mark.search(line) for mark in self._marks)


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if line.strip())
