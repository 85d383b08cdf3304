"""Labelled data: JSON Lines files of `evaluation/data`, or of one's own."""

import json
from pathlib import Path
from typing import Any, Optional

from bot import PROJECT_ROOT
from bot.runtime.reading import InputError


def read(task: str, file: Optional[str]) -> list[dict[str, Any]]:
    """Return the labelled rows of a file, or of the project's own data for the task.

    Raises:
        InputError: there is no such file, or a line of it is not a JSON object.
    """
    path = Path(file) if file else PROJECT_ROOT / "evaluation" / "data" / f"{task}.jsonl"
    if not path.is_file():
        raise InputError(f"{path} does not exist. Give a JSON Lines file with labelled rows.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise InputError(f"{path}, line {number} is not JSON: {error.msg}.") from error
    return rows


def share(part: float, whole: float) -> Optional[float]:
    """Return a rounded share, or None of nothing."""
    return round(part / whole, 3) if whole else None
