"""`oberih evaluate TASK`: quality on labelled data, one table each."""

import asyncio
import json
from collections import defaultdict
from typing import Any, Optional

from bot.runtime.reading import InputError
from bot.runtime.services import Services, current
from bot.runtime.turns import language_of
from bot.runtime.understanding import Parser
from bot.settings import load
from evaluation import languages, offers, pii
from evaluation.accuracy import accuracy
from evaluation.records import read, share
from evaluation.table import table

TASKS = ("offers", "danger", "language", "intents", "pii")


def run(task: str, file: Optional[str], *, as_json: bool, baselines: bool = False) -> str:
    """Measure one task and return a table, or one JSON object on one line.

    Args:
        task: one of `TASKS`.
        file: JSON Lines, or None for the project's own data.
        as_json: whether to return JSON.
        baselines: whether to measure what the field does today on the same rows, too.

    Raises:
        InputError: there is no such task, or its data cannot be read.
    """
    if task not in TASKS:
        raise InputError(f"There is no task {task}. Choose one of: {', '.join(TASKS)}.")
    if baselines and task != "offers":
        raise InputError("Only offers have baselines: leave --baselines out.")
    rows = read(task, file)
    result = offers.measure(current(), rows, baselines=True) if baselines else _MEASURES[task](rows)
    return json.dumps(result, ensure_ascii=False) if as_json else table(result)


def _offers(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return offers.measure(current(), rows)


def _danger(rows: list[dict[str, Any]]) -> dict[str, Any]:
    services = current()
    read_as = [(row, services.danger.read(row["text"]) is not None) for row in rows]

    def figures(part: list[tuple[dict[str, Any], bool]]) -> dict[str, Any]:
        real = [found for row, found in part if row["danger"]]
        harmless = [found for row, found in part if not row["danger"]]
        return {
            "recall": share(sum(real), len(real)),
            "false_alarms": share(sum(harmless), len(harmless)),
            "rows": len(part),
        }

    languages: dict[str, list[tuple[dict[str, Any], bool]]] = defaultdict(list)
    for row, found in read_as:
        languages[row["lang"]].append((row, found))
    return {**figures(read_as), "languages": {name: figures(part) for name, part in sorted(languages.items())}}


def _language(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return languages.measure(current().identifier, rows)


def _intents(rows: list[dict[str, Any]]) -> dict[str, Any]:
    parser = Parser(load())
    services: Services = current()
    understood = []
    for row in rows:
        parsed = asyncio.run(parser.parse(row["text"]))
        # A fallback is the assistant's word for "other"; danger gets the card, which is help.
        intent = "help" if parsed["danger"] else parsed["intent"]
        understood.append("other" if intent in _NO_LABEL else intent)
        services.vectors.forget(services.danger.texts_to_embed(row["text"]))
    return accuracy(rows, "label", understood)


def _pii(rows: list[dict[str, Any]]) -> dict[str, Any]:
    services = current()
    return pii.measure(services.redactor, rows, lambda text: language_of(services, text))


_NO_LABEL = frozenset(
    [
        "nlu_fallback",
        "check",
        "leaving",
        "report",
        "numbers",
        "signs",
        "human",
        "language",
        "receipt",
        "delete",
        "exit",
        "skip",
        "dont_know",
    ]
)
"""Intents for which public data has no label: they count as `other`."""


_MEASURES = {"offers": _offers, "danger": _danger, "language": _language, "intents": _intents, "pii": _pii}
