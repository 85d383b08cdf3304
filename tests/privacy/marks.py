"""Texts with marks: `{type-value}` is to be removed, `{type+value}` to be kept."""

import re

_MARK = re.compile(r"\{([a-z_]+)([-+])([^}]*)\}")


def read_marks(marked: str) -> tuple[str, list[tuple[str, str, bool]]]:
    """Return the plain text, and for each mark its words, type and whether it is kept."""
    marks = [(match[3], match[1], match[2] == "+") for match in _MARK.finditer(marked)]
    return _MARK.sub(lambda match: match[3], marked), marks
