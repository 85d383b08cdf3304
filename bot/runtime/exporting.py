"""A ticket as plain JSON, made in a member's session. Nothing of it is written anywhere here."""

import json

from bot import PROJECT_ROOT
from bot.knowledge.htcds import load_htcds
from bot.reports.export import export
from bot.reports.show_thread import as_objects
from bot.reports.ticket import Ticket, to_bytes
from bot.reports.visible import json_line
from bot.runtime.desk_session import DeskSession, Opened
from bot.runtime.linking import links_of
from bot.store.records import TicketRecord


def htcds(record: TicketRecord, content: Ticket) -> str:
    """Return a ticket under the field names of HTCDS 2.0, as one JSON object on one line."""
    return json_line(export(content, load_htcds(PROJECT_ROOT / "data"), record.id))


def whole(session: DeskSession, found: Opened) -> str:
    """Return all that the desk knows of a ticket that opens, its links and letters too, as one JSON line."""
    record, content = found.record, found.content
    assert content is not None
    held = {"held_until": record.held_until.isoformat()} if record.held_until else {}
    doubts = {"made_up": found.made_up, "changed": list(found.changed)}
    known = {"id": record.id, "state": record.state, "outcome": record.outcome, **held, **doubts}
    links = [link.plain() for link in links_of(session, record, content)]
    thread = as_objects(session.talk.thread(record.id).said)
    return json_line({**known, **json.loads(to_bytes(content)), "links": links, "thread": thread})
