"""What was said on a ticket, as lines that are safe to print on a terminal."""

from collections.abc import Sequence
from typing import Any

from bot.reports.notes import Note
from bot.reports.show import block
from bot.reports.visible import harmless

_NOBODY_KNOWS_WHO = "from whoever has the receipt, not verified"


def show_thread(said: Sequence[tuple[int, Note]], closed: int, desk: str, width: int = 88) -> str:
    """Return a ticket's letters, oldest first, each with its words behind an indent.

    Args:
        said: number and note of each letter.
        closed: how many letters did not open, or were not signed by a desk.
        desk: whose ticket it is: what another one wrote is marked with its id.
        width: longest line in characters.
    """
    lines = ["What was said"] if said or closed else []
    for number, note in said:
        lines.append(f"{note.at:%Y-%m-%d %H:%M:%S UTC} {harmless(_heading(number, note, desk))}")
        lines += block(note.text, width) if note.text else ()
    if closed:
        lines.append(f"{closed} more did not open or were not signed by a desk: they are not shown.")
    return "\n".join(lines)


def as_objects(said: Sequence[tuple[int, Note]]) -> list[dict[str, Any]]:
    """Return the letters as plain values, words as they came; `desk` is the one that signed."""
    return [{"number": number, **note.dict(exclude_none=True), "at": note.at.isoformat()} for number, note in said]


def _heading(number: int, note: Note, desk: str) -> str:
    if note.kind == "answer":
        return f"answer to {note.answers}, {_NOBODY_KNOWS_WHO}"
    what = {
        "question": f"{number} question",
        "correction": f"{number} correction to {note.level}",
        "decision": f"{number} {note.state}" + (f", {note.outcome}" if note.outcome else ""),
    }[note.kind]
    where = "" if note.desk == desk else f" at desk {note.desk}"
    return f"{what}, by {note.member}{where}"
