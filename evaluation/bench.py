"""`oberih bench NAME`: speed and memory, one table each."""

import asyncio
import json
from typing import Any

from bot.runtime.reading import InputError
from evaluation import bench_chat, bench_check
from evaluation.table import table

NAMES = ("chat", "check")


def run(name: str, *, as_json: bool) -> str:
    """Measure and return a table, or one JSON object on one line.

    Raises:
        InputError: there is no such bench.
    """
    if name not in NAMES:
        raise InputError(f"There is no bench {name}. Choose one of: {', '.join(NAMES)}.")
    result: dict[str, Any] = asyncio.run(bench_chat.measure()) if name == "chat" else bench_check.measure()
    return json.dumps(result, ensure_ascii=False) if as_json else table(result)
