"""Names of companies: beside a legal form, or quoted behind a word for a firm."""

import re
from collections.abc import Iterable

from bot.knowledge.redaction import CompanyFile
from bot.privacy.spans import Span
from bot.privacy.words import alternatives

_QUOTED = r"[«\"„“‹][^«»\"„“”‹›\n]{2,60}[»\"”“›]"
_CAPITAL = r"(?:[^\W\d_a-zа-яіїєґёßà-ÿ][\w&'’.-]{0,40}|\d{1,4})"
_NAME = rf"{_CAPITAL}(?:[ ]{_CAPITAL}){{0,3}}"


_LEAST_LETTERS = 4


def _as_written(form: str) -> tuple[str, ...]:
    """Short forms count in capitals only; "as" and "se" are words of many languages."""
    if len(form) < _LEAST_LETTERS:
        return form.upper(), form.title()
    return form, form.upper(), form.title(), "GmbH" if form == "gmbh" else form


class CompanyFinder:
    """Finds companies by legal forms and words for a firm."""

    def __init__(self, forms: CompanyFile) -> None:
        # Legal forms count in capitals only: most of them are common words or syllables otherwise.
        capitals, kinds = alternatives(form.upper() for form in forms.before), alternatives(forms.kinds)
        written = {shown for form in forms.after for shown in _as_written(form)}
        after = "|".join(re.escape(form) for form in sorted(written, key=len, reverse=True))
        self._patterns = [
            re.compile(rf"(?:{capitals})\s?(?:{_QUOTED}|{_NAME})"),
            re.compile(rf"(?<!\w)(?:{_QUOTED}|{_NAME}(?: (?:&|and|und|i|та|и|and) {_CAPITAL})?),? (?:{after})(?!\w)"),
            re.compile(rf"(?i:{kinds})\s(?P<name>{_QUOTED}|{_NAME})"),
        ]

    def find(self, text: str) -> Iterable[Span]:
        """Return companies, overlapping findings included."""
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                group = "name" if "name" in pattern.groupindex else 0
                yield Span("company", match.group(group), match.start(group), match.end(group))
