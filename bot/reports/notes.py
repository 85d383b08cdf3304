"""What a letter on a ticket says: a desk's question, correction or decision, or a reporter's answer.

Each note has two forms. The desk's says all. The one for the holder of the receipt leaves out who wrote it,
what was answered, and what other tickets taught the desk: whoever finds a receipt learns nothing of them.
"""

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Literal, Optional

from pydantic import Field, ValidationError, root_validator

from bot.reports.ticket import Sealed

Kind = Literal["question", "correction", "decision", "answer"]
MOST_CHARACTERS = 1000
"""Longest text of a note."""
OUTCOMES = (
    "actionable", "intelligence", "to_labour", "to_fraud", "other_country", "duplicate", "insufficient", "malicious",
)  # fmt: skip
"""What a closed ticket was good for (DESIGN section 6; `intelligence` is "intelligence only")."""
TOLD_OUTCOMES = ("to_labour", "to_fraud", "other_country")
"""What a reporter is told besides "closed": where it went. All else would tell a suspect what the desk knows."""
CORRECTED_LEVELS = ("high", "elevated", "not_enough", "none_found")
DECISIONS = ("accepted", "rejected", "done")


class NoteError(Exception):
    """A sealed content cannot be read as a note."""


class Note(Sealed):
    """One note.

    Attributes:
        kind: `question`, `correction` (of the assistant's level), `decision`, or `answer`.
        at: when it was written, in UTC.
        text: the words; empty in a decision, and in the reporter's own copy of an answer.
        level: the level that a correction puts in the place of the assistant's.
        state, outcome: what was decided; `outcome` only with `done`.
        answers: the number of the letter that an answer answers.
        member: who wrote it; only in the desk's copy.
        desk: the id of the desk that signed it, as that turned out on reading; never sealed; None of an answer.
    """

    kind: Kind
    at: datetime
    text: str = Field(default="", max_length=MOST_CHARACTERS)
    level: Optional[str] = Field(default=None, regex=f"^({'|'.join(CORRECTED_LEVELS)})$")
    state: Optional[str] = Field(default=None, regex=f"^({'|'.join(DECISIONS)})$")
    outcome: Optional[str] = Field(default=None, regex=f"^({'|'.join(OUTCOMES)})$")
    answers: Optional[int] = None
    member: Optional[str] = None
    desk: Optional[str] = None

    @root_validator(skip_on_failure=True)
    def _whole(cls, values: dict[str, object]) -> dict[str, object]:
        if (values["kind"] == "correction") != (values["level"] is not None):
            raise ValueError("a correction, and nothing else, has a level")
        if (values["kind"] == "decision") != (values["state"] is not None):
            raise ValueError("a decision, and nothing else, has a state")
        if values["outcome"] is not None and values["state"] != "done":
            raise ValueError("only a closed ticket has an outcome")
        return values


Numbered = tuple[int, Note]
"""A note with its number in its direction."""


def in_order(said: Iterable[Numbered]) -> tuple[Numbered, ...]:
    """Return notes as they were written, the oldest first."""
    return tuple(sorted(said, key=lambda each: (each[1].at, each[0])))


def for_reporter(note: Note) -> Note:
    """Return what the holder of the receipt may read of a note."""
    outcome = note.outcome if note.outcome in TOLD_OUTCOMES else None
    text = "" if note.kind == "answer" else note.text
    return note.copy(update={"member": None, "outcome": outcome, "text": text})


def to_bytes(note: Note) -> bytes:
    """Return a note as it is sealed."""
    return note.json(exclude_none=True, exclude={"desk"}, ensure_ascii=False).encode()


def from_bytes(content: bytes, desk: Optional[str] = None) -> Note:
    """Return the note of a sealed content.

    Args:
        content: as `to_bytes` made it.
        desk: the desk that signed it, whatever the content says; None of a reporter's, which nobody signs.

    Raises:
        NoteError: it is none, or it is an answer that a desk signed, or anything else that none did.
    """
    try:
        note = Note.parse_raw(content)
    except (ValidationError, ValueError) as error:
        # Not chained: the message would quote the words.
        raise NoteError(f"This is no note ({type(error).__name__}): it was written by another version.") from None
    if (note.kind == "answer") != (desk is None):
        raise NoteError("Answers come from reporters, and all else from a desk that signed it: do not trust this note.")
    return note.copy(update={"desk": desk})


def now() -> datetime:
    """Return the moment a note is written, exactly: it puts both sides' notes in order."""
    return datetime.now(timezone.utc)
