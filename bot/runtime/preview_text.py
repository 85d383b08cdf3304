"""The preview of a report in the person's language, one numbered line for each of the ticket's."""

from datetime import datetime
from typing import Any

from bot.conversation.reporting.preview import put_in, strike
from bot.conversation.state import State
from bot.language.texts import country_name, moment_text
from bot.reports.preview import PreviewLine
from bot.runtime.services import Services

_NAMED = ("recipients.", "not_to.")


def preview_rows(services: Services, state: State, lines: tuple[PreviewLine, ...]) -> list[dict[str, Any]]:
    """Return the lines as objects `{number, label, value, remove?, add?}`.

    `remove` is the payload that takes a line out, `add` the one that puts in a line which would not be sent. Codes are
    worded, desks and countries have their names.
    """
    return [
        {
            "number": number,
            "label": _label(services, state, line),
            "value": _value(services, state, line),
            **({"remove": strike(line)} if line.removable else {}),
            **({"add": put_in(line)} if line.left_out else {}),
        }
        for number, line in enumerate(lines, 1)
    ]


def preview_text(rows: list[dict[str, Any]]) -> str:
    """Return the same lines as text."""
    return "\n".join(f"{row['number']}. {row['label']}: {row['value']}" for row in rows)


def _label(services: Services, state: State, line: PreviewLine) -> str:
    return line.label or services.texts.get("chat", line.label_id, state.language)


def _value(services: Services, state: State, line: PreviewLine) -> str:
    if line.id == "place.country" and line.value in services.knowledge.countries:
        return country_name(line.value, state.language)
    if line.id == "language" and line.value in services.knowledge.languages:
        return services.knowledge.languages[line.value].name
    if line.id == "created":
        return moment_text(datetime.fromisoformat(line.value), state.language)
    if line.id.startswith(_NAMED) and services.reporting is not None:
        return services.reporting.names.get(line.value, line.value)
    if line.value_ids:
        known = services.texts.all_of("chat", "en")
        words = [services.texts.get("chat", i, state.language) for i in line.value_ids if i in known]
        if len(words) == len(line.value_ids):
            return ", ".join(words)
    return line.value
