"""Plain tables for terminals and notes."""

from collections.abc import Mapping
from typing import Any


def table(result: Mapping[str, Any]) -> str:
    """Return a result as a table: single figures first, then one block for each group of figures."""
    lines = [f"{name:22} {_shown(value)}" for name, value in result.items() if not isinstance(value, Mapping)]
    for group, members in result.items():
        if isinstance(members, Mapping) and members:
            lines += ["", f"{group}:", *_block(members)]
    return "\n".join(lines)


def _block(members: Mapping[str, Any]) -> list[str]:
    if not any(isinstance(value, Mapping) for value in members.values()):
        return [f"  {name:20} {_shown(value)}" for name, value in members.items()]
    columns = list(dict.fromkeys(column for value in members.values() for column in value))
    head = "  " + f"{'':20}" + "".join(f"{column:>18}" for column in columns)
    rows = [
        f"  {name:20}" + "".join(f"{_shown(value.get(column)):>18}" for column in columns)
        for name, value in members.items()
    ]
    return [head, *rows]


def _shown(value: Any) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
