"""`oberih bench NAME`: speed and memory, one table each."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from bot.runtime.reading import InputError
from evaluation import bench_chat, bench_check, bench_desk, bench_keys, bench_telegram
from evaluation.table import table

_BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "chat": lambda: asyncio.run(bench_chat.measure()),
    "check": bench_check.measure,
    "desk": bench_desk.measure,
    "keys": bench_keys.measure,
    "telegram": lambda: asyncio.run(bench_telegram.measure()),
}
NAMES = tuple(_BENCHES)


def run(name: str, *, as_json: bool) -> str:
    """Measure and return a table, or one JSON object on one line.

    Raises:
        InputError: there is no such bench.
    """
    if name not in NAMES:
        raise InputError(f"There is no bench {name}. Choose one of: {', '.join(NAMES)}.")
    result = _BENCHES[name]()
    return json.dumps(result, ensure_ascii=False) if as_json else table(result)
