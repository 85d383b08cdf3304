"""Links between the tickets of a desk at work: tags for the index, and what they lead to."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Optional

from bot.privacy.index_tags import TagOpener, seal_tags, tag
from bot.privacy.seal import SealError
from bot.reports.identifiers import Lead, Leads
from bot.reports.links import Link, Linked, linked, links
from bot.reports.ticket import Ticket, TicketError
from bot.runtime.bodies import open_body
from bot.runtime.desk_session import DeskSession, Opened
from bot.store.index import Index, IndexEntry
from bot.store.records import TicketRecord
from bot.store.tickets import Tickets


class Indexer:
    """Turns a ticket's leads into tags: under X for the desk itself, under K for what the desks find together."""

    def __init__(self, leads: Leads, index_key: bytes, shared_key: Optional[bytes]) -> None:
        self._leads = leads
        self._index_key = index_key
        self._shared_key = shared_key

    @classmethod
    def of(cls, session: DeskSession) -> "Indexer":
        """Return the indexer of a session; a desk that shares silently makes no tags that others could find."""
        openly = session.row().sharing == "openly"
        return cls(session.leads, session.opened.keys.index_key, session.shared_key if openly else None)

    def entry(self, id: str, ticket: Ticket, *, shared: bool) -> IndexEntry:
        """Return a ticket's index entry, under X alone or also under K."""
        own = seal_tags(self._index_key, id, self.own(ticket))
        others = self.shared(ticket) if shared else {}
        if self._shared_key is None or not others:
            return IndexEntry(own)
        return IndexEntry(own, seal_tags(self._shared_key, id, others))

    def own(self, ticket: Ticket) -> dict[bytes, Lead]:
        """Return what stands for each lead within the desk."""
        return tagged(self._index_key, self._leads.of(ticket))

    def shared(self, ticket: Ticket) -> dict[bytes, Lead]:
        """Return what stands for each lead among all desks.

        Nothing for a ticket that must not go to some desk: a desk that was left out sees no hit either.
        """
        if self._shared_key is None or ticket.not_to or ticket.not_to_kinds:
            return {}
        return tagged(self._shared_key, self._leads.of(ticket))


def tagged(key: bytes, leads: Iterable[Lead]) -> dict[bytes, Lead]:
    """Return the tag of each lead under a key."""
    return {tag(key, lead.kind, lead.value): lead for lead in leads}


def links_of(session: DeskSession, record: TicketRecord, ticket: Ticket) -> tuple[Link, ...]:
    """Return the links of one ticket, found through the index; only the tickets that it leads to are opened."""
    tags = Indexer.of(session).own(ticket)
    naming: dict[Lead, list[Linked]] = {lead: [linked(record.id, ticket, record.state)] for lead in tags.values()}
    for id, shared in _sharing(session, tags) if tags else ():
        if id != record.id and (other := _open(session, id)) is not None:
            for found in shared:
                naming[tags[found]].append(other)
    return links(naming)


def _sharing(session: DeskSession, tags: Collection[bytes]) -> Iterator[tuple[str, frozenset[bytes]]]:
    """Yield the desk's tickets that have some of these tags, and which; an entry that does not open hides no other."""
    opener, wanted = TagOpener(session.opened.keys.index_key), frozenset(tags)
    for id, sealed in Index(session.database).of_desk(session.desk):
        with contextlib.suppress(SealError):
            if shared := wanted & opener.open(id, sealed):
                yield id, shared


def links_among(session: DeskSession, tickets: Sequence[Opened]) -> dict[str, Link]:
    """Return the strongest link of each of a desk's tickets that has one, by its id; `tickets` are all of them."""
    naming: dict[Lead, list[_Read]] = {}
    for each in tickets:
        if each.content is not None and not each.made_up:
            read = _Read(each.record, each.content)
            for lead in session.leads.of(each.content):
                naming.setdefault(lead, []).append(read)
    # Shingles cost more than anything else here, and most tickets share nothing.
    several = {lead: shared for lead, shared in naming.items() if len(shared) > 1}
    sharing = {each.record.id: each for shared in several.values() for each in shared}
    texts = {id: linked(id, each.content, each.record.state) for id, each in sharing.items()}
    strongest: dict[str, Link] = {}
    for link in links({lead: [texts[each.record.id] for each in shared] for lead, shared in several.items()}):
        for id in link.tickets:
            strongest.setdefault(id, link)
    return strongest


class _Read(NamedTuple):
    record: TicketRecord
    content: Ticket


def _open(session: DeskSession, id: str) -> Optional[Linked]:
    record = Tickets(session.database).get(id)
    if record is None or record.sealed_body is None:
        return None
    try:
        body = open_body(record, session.opened.keys.identity, session.vouching_key)
    except (SealError, TicketError):
        return None
    return linked(record.id, body.content, record.state) if body.vouched else None
