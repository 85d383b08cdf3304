"""How often a guess is right: in all, and by set and language."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from evaluation.records import share


def accuracy(rows: Sequence[dict[str, Any]], label: str, guesses: Sequence[str]) -> dict[str, Any]:
    """Return the shares of right guesses; `label` is the key of what is right."""
    groups: dict[str, dict[str, list[bool]]] = {"sets": defaultdict(list), "languages": defaultdict(list)}
    for row, guess in zip(rows, guesses, strict=True):
        right = guess == row[label]
        groups["sets"][str(row.get("set") or row[label])].append(right)
        groups["languages"][row["lang"]].append(right)
    return {
        "rows": len(rows),
        "accuracy": share(sum(guess == row[label] for row, guess in zip(rows, guesses, strict=True)), len(rows)),
        **{
            name: {key: share(sum(hits), len(hits)) for key, hits in sorted(members.items())}
            for name, members in groups.items()
        },
    }
