"""What is shown of the letters on a ticket. Pure."""

from dataclasses import dataclass
from typing import Optional

from bot.desk.ticket_view import Lines, pieces
from bot.desk.words import Words
from bot.reports.notes import Note
from bot.reports.visible import harmless
from bot.runtime.desk_talk import Thread


@dataclass(frozen=True)
class LetterShown:
    """One letter by its number; `open`: a question that nobody has answered."""

    number: int
    kind: str
    when: str
    heading: str
    lines: Lines
    open: bool


@dataclass(frozen=True)
class ThreadView:
    """The letters, oldest first, and how many are not shown; `corrected`: the level that the desk put in place."""

    letters: tuple[LetterShown, ...]
    closed: int
    corrected: Optional[str]


def thread_view(thread: Thread, words: Words) -> ThreadView:
    """Return what is shown of a ticket's letters."""
    answered = frozenset(note.answers for _, note in thread.said if note.kind == "answer")
    levels = [note.level for _, note in thread.said if note.level]
    letters = (_letter(number, note, answered, words) for number, note in thread.said)
    return ThreadView(tuple(letters), thread.closed, levels[-1] if levels else None)


def heading(number: int, note: Note, words: Words) -> str:
    """Return in one line what a letter is and who wrote it."""
    if note.kind == "answer":
        return words("letter_answer", number=note.answers)
    member = harmless(note.member or "")
    if note.kind == "question":
        return words("letter_question", number=number, member=member)
    if note.kind == "correction":
        return words("letter_correction", level=words.code(note.level or ""), member=member)
    decided = words(f"state_{note.state}")
    outcome = f": {words.code(note.outcome)}" if note.outcome else ""
    return words("letter_decision", decided=f"{decided}{outcome}", member=member)


def _letter(number: int, note: Note, answered: frozenset[Optional[int]], words: Words) -> LetterShown:
    return LetterShown(
        number=number,
        kind=note.kind,
        when=words.moment(note.at),
        heading=heading(number, note, words),
        lines=pieces(note.text, ()) if note.text else (),
        open=note.kind == "question" and number not in answered,
    )
