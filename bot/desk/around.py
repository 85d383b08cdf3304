"""What a ticket's page shows beside what was reported: its letters, its term, other desks, all events."""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Optional

from bot.desk import handing_view, keeping_view, thread_view, timeline
from bot.desk.guard import AtWork, Console
from bot.desk.timeline import Act
from bot.desk.words import Words
from bot.reports.notes import CORRECTED_LEVELS, MOST_CHARACTERS
from bot.reports.ticket import Ticket
from bot.runtime import key_folder
from bot.runtime.desk_session import Opened
from bot.runtime.desk_talk import Thread
from bot.runtime.handing_on import questions_left
from bot.store.desks import Desks
from bot.store.records import HoldRecord

ELSEWHERE = "elsewhere"
"""The drawer with what other desks were last found to follow, and of which ticket."""


@dataclass(frozen=True)
class _Read:
    thread: Thread
    acts: tuple[Act, ...]
    hold: Optional[HoldRecord]


def values(parts: Console, work: AtWork, opened: Opened, words: Words) -> dict[str, Any]:
    """Return what the template is given beside the ticket itself; nothing where it does not open. Blocks."""
    if opened.content is None:
        return {"thread": None}
    record, content, now = opened.record, opened.content, datetime.now(timezone.utc)
    read, terms = _read(parts, work, record.id), parts.site.retention
    last = keeping_view.last_day(record, read.hold, terms)
    return {
        "thread": thread_view.thread_view(read.thread, words),
        "keeping": keeping_view.keeping_view(record, read.hold, terms, words, now),
        "timeline": timeline.timeline(record, content, read.thread, read.acts, last, words, now),
        "levels": CORRECTED_LEVELS,
        "most": MOST_CHARACTERS,
        **_others(parts, work, opened, content, words),
    }


def _read(parts: Console, work: AtWork, id: str) -> _Read:
    names = {member.id: member.name for member in Desks(work.desk.database).members(work.desk.desk)}
    log = work.desk.log.about(work.desk.desk, id)
    acts = (Act(entry.moment, entry.action, names.get(entry.member, entry.member[:8])) for entry in log)
    return _Read(work.desk.talk.thread(id), tuple(acts), parts.doors.tickets.hold_on(id))


def _others(parts: Console, work: AtWork, opened: Opened, content: Ticket, words: Words) -> dict[str, Any]:
    """Return the other desks, and what this session last found there of this ticket."""
    known = key_folder.read(work.desk.settings.key_folder).pins.chains
    found = work.session.get(ELSEWHERE) if work.session.holds(ELSEWHERE) else {}
    asked = found if found.get("ticket") == opened.record.id else None
    return {
        "desks": handing_view.other_desks(opened.record, content, parts.site.desks, known, words),
        "asks_left": questions_left(work.desk) if opened.record.state == "accepted" else 0,
        "asked": asked and asked["when"],
        "elsewhere": handing_view.hits(asked["hits"], parts.site.desks, words) if asked else (),
    }
