"""What is shown of a ticket's worksheet, with everybody's words made harmless. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.desk.words import Words
from bot.reports.visible import harmless
from bot.reports.worksheet import LONGEST_TAG, MOST_CHARACTERS, Worksheet


@dataclass(frozen=True)
class NoteShown:
    """A note; `words` are given only where they may still be edited."""

    id: str
    head: str
    lines: tuple[str, ...]
    editable: bool
    words: str


@dataclass(frozen=True)
class SheetView:
    """A worksheet. `tags`: as kept and as shown; `taken`: who is on the ticket and since when, in words, or nothing."""

    notes: tuple[NoteShown, ...]
    tags: tuple[tuple[str, str], ...]
    known_tags: tuple[str, ...]
    taken: str
    taken_name: str
    mine: bool
    most_characters: int = MOST_CHARACTERS
    longest_tag: int = LONGEST_TAG

    @property
    def theirs(self) -> bool:
        """Whether someone else is on the ticket."""
        return bool(self.taken) and not self.mine


def sheet_view(
    sheet: Worksheet, member: str, own: Collection[str], known_tags: Sequence[str], words: Words
) -> SheetView:
    """Return what a member sees.

    Args:
        sheet: the worksheet.
        member: the member's id.
        own: ids of the notes that they wrote in this session.
        known_tags: the desk's list.
        words: the desk's texts.
    """
    taken = sheet.taken
    mine = taken is not None and taken.member == member
    told = ""
    if taken is not None:
        told = words("taken_by_you" if mine else "taken_by", name=taken.name, time=words.moment(taken.at))
    return SheetView(
        notes=tuple(
            NoteShown(
                id=note.id,
                head=_head(note.name, words.moment(note.at), words.moment(note.edited) if note.edited else "", words),
                lines=tuple(harmless(line) for line in note.text.split("\n")),
                editable=note.id in own and note.member == member,
                words=note.text,
            )
            for note in sheet.notes
        ),
        tags=tuple((tag, harmless(tag)) for tag in sheet.tags),
        known_tags=tuple(tag for tag in known_tags if tag not in sheet.tags),
        taken=told,
        taken_name=taken.name if taken else "",
        mine=mine,
    )


def _head(name: str, at: str, edited: str, words: Words) -> str:
    head = f"{name} · {at}"
    return f"{head} · {words('note_edited', time=edited)}" if edited else head
