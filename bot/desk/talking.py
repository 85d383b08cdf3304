"""Letters to whoever reported: first shown exactly as they will be read, then sent."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import at_ticket, guard
from bot.desk.guard import AtWork, Console, Refused, console
from bot.privacy.powers import Act, Role, may
from bot.reports.notes import CORRECTED_LEVELS, MOST_CHARACTERS
from bot.reports.ticket import Ticket
from bot.reports.visible import unmasked
from bot.runtime.desk_talk import TalkError
from bot.store.records import TicketRecord

router = APIRouter()
_LONGEST_FORM = 50_000
"""Characters that are read, so that a text that is too long can be given back and made shorter."""
_ACTIONS = {"question": "ask", "correction": "correct"}
_LEAST_NAMED = 5
"""Shorter identifiers are found in ordinary words by chance."""


@dataclass(frozen=True)
class _Letter:
    """A letter as typed; `id` is the same when it is sent again."""

    kind: str
    words: str
    level: str
    id: str

    @property
    def problem(self) -> Optional[str]:
        if not self.words:
            return "letter_empty"
        if len(self.words) > MOST_CHARACTERS:
            return "letter_long"
        return "letter_no_level" if self.kind == "correction" and not self.level else None


@router.post("/tickets/{identifier}/letter")
async def letter(request: Request, identifier: str) -> Response:
    """Show a letter as it will be read; with `send`, send it."""
    work = await guard.at_work(request)
    fields = await guard.sent(request, work.session, _LONGEST_FORM)
    written = _letter(fields, work.role)
    record, content = await asyncio.to_thread(at_ticket.readable, console(request), work, identifier)
    if record.held_until is not None:
        return at_ticket.back(request, work, identifier, "letter_unread")
    if written.problem or "send" not in fields:
        return _preview(request, work, record, content, written)
    sent = await asyncio.to_thread(_send, work, record, written)
    return at_ticket.back(request, work, identifier, f"{written.kind}_sent" if sent else "letter_gone")


def _letter(fields: Mapping[str, str], role: Role) -> _Letter:
    """Return what was typed.

    Raises:
        Refused: it is none of the forms that the desk offers this role.
    """
    kind, level, id = fields.get("kind", ""), fields.get("level", ""), fields.get("letter") or secrets.token_hex(16)
    if kind == "correction" and not may(role, Act.CORRECT):
        raise Refused(403, "not_your_part")
    if kind not in _ACTIONS or level not in ("", *CORRECTED_LEVELS) or not at_ticket.is_id(id):
        raise Refused(400, "malformed")
    return _Letter(kind, fields.get("text", "").strip(), level, id)


def _preview(request: Request, work: AtWork, record: TicketRecord, content: Ticket, written: _Letter) -> Response:
    parts = console(request)
    values = {
        **work.values(),
        "id": record.id,
        "short_id": record.id[:8],
        "letter": written,
        "problem": written.problem,
        "levels": CORRECTED_LEVELS,
        "most": MOST_CHARACTERS,
        "language": content.language or "",
        "cautions": _cautions(written.words, content),
        "reading": None if written.problem else _reading(parts, work, content, written),
    }
    return parts.pages.answer(request, "letter.html", values, 400 if written.problem else 200)


def _reading(parts: Console, work: AtWork, content: Ticket, written: _Letter) -> object:
    return parts.told.letter(written.kind, work.desk_name, written.words, written.level, content.language or "")


def _cautions(words: str, content: Ticket) -> list[str]:
    """Return what the writer should look at again: ids of texts."""
    plain = _compact(words)
    named = (_compact(item.value) for item in content.identifiers)
    found = ["letter_names"] if any(len(value) >= _LEAST_NAMED and value in plain for value in named) else []
    hidden = any(unmasked(line) != line.replace("\u00a0", " ") for line in words.replace("\t", " ").split("\n"))
    return [*found, "letter_hidden"] if hidden else found


def _compact(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _send(work: AtWork, record: TicketRecord, written: _Letter) -> bool:
    """Send a letter; False where nothing of the ticket is left."""
    work.desk.note(_ACTIONS[written.kind], record.id)
    try:
        if written.kind == "question":
            work.desk.talk.ask(record, written.words, written.id)
        else:
            work.desk.talk.correct(record, written.level, written.words, written.id)
    except TalkError:
        return False
    return True
