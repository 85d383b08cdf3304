"""What is shown of other desks: which may receive a ticket and why not, and which follow its leads. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.desk.words import Words
from bot.reports.ticket import Ticket
from bot.reports.visible import harmless
from bot.runtime.handing_on import Elsewhere, obstacle
from bot.site import Desk
from bot.store.records import TicketRecord


@dataclass(frozen=True)
class DeskShown:
    """Another desk; `why_not`: what stands in the way of handing the ticket on to it, else empty."""

    id: str
    name: str
    why_not: str


@dataclass(frozen=True)
class Hit:
    """A desk that has accepted tickets with one of the leads."""

    desk: str
    type: str
    shown: str
    tickets: str


def other_desks(
    record: TicketRecord, content: Ticket, desks: Sequence[Desk], known: Collection[str], words: Words
) -> tuple[DeskShown, ...]:
    """Return the site's other desks.

    Args:
        record, content: the ticket.
        desks: all desks of the site.
        known: the ids of desks that have keys.
        words: the desk's texts.
    """
    found = []
    for desk in desks:
        if desk.id != record.desk:
            code = obstacle(record, content, desk, record.desk) or (None if desk.id in known else "no_keys")
            title = f"{desk.name} · {words.code(desk.kind.value)}"
            found.append(DeskShown(desk.id, title, words(f"not_handed_{code}") if code else ""))
    return tuple(found)


def plain(found: Iterable[Elsewhere]) -> list[dict[str, Any]]:
    """Return what other desks follow as JSON can write it."""
    return [{"desk": hit.desk, "kind": hit.lead.kind, "value": hit.lead.value, "tickets": hit.tickets} for hit in found]


def hits(found: Iterable[dict[str, Any]], desks: Sequence[Desk], words: Words) -> tuple[Hit, ...]:
    """Return what `plain` returned as it is shown."""
    names = {desk.id: desk.name for desk in desks}
    return tuple(
        Hit(
            desk=names.get(hit["desk"], hit["desk"]),
            type=words.code(hit["kind"]),
            shown=harmless(hit["value"]),
            tickets=words("elsewhere_tickets", n=hit["tickets"]),
        )
        for hit in found
    )
