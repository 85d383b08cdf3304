"""The sealed body of a ticket: what a desk learns, and with it what the clear fields of the ticket must be.

Whoever writes to the database can change a clear field, put another key in the place of the one that questions are
sealed to, or seal a body of their own. So the body holds the receipt's key and tag too, and the site vouches for all.
"""

from dataclasses import dataclass
from typing import Any, Optional

from bot.privacy.seal import Label, SealError, open_sealed, read_field, seal_field
from bot.privacy.vouching import CODE_BYTES, NotVouched, read_vouched, vouched
from bot.reports.glance import Glance, glance
from bot.reports.ticket import Ticket, from_bytes, to_bytes
from bot.store.records import NO_CONCERN, NOT_CHECKED, PERSON, TicketRecord

BODY = "body"
_VERSIONS = (1, 2)
"""A report, or with its addition."""
_PLATFORMS = {"handle": "account", "url": "website", "phone": "phone"}
_TAG_BYTES = 32
_RECIPIENT_BYTES = 62
_RECEIPT_BYTES = _TAG_BYTES + _RECIPIENT_BYTES


@dataclass(frozen=True)
class Body:
    """A ticket as it opens.

    Attributes:
        content: what its desk reads.
        reporter: the key that the desk's letters are sealed to, as it was sent; None where nobody vouches for the body.
        changed: the clear fields that are not as they were sent.
    """

    content: Ticket
    reporter: Optional[str]
    changed: tuple[str, ...]

    @property
    def vouched(self) -> bool:
        """Whether it came in through the chat of this site."""
        return self.reporter is not None


def clear_fields(ticket: Ticket) -> dict[str, Any]:
    """Return what of a ticket stands in the clear beside its body."""
    types = [_PLATFORMS[found.type] for found in ticket.identifiers if found.type in _PLATFORMS]
    return {
        "kind": ticket.kind.value if ticket.kind else PERSON,
        "concern": ticket.concern.value if ticket.concern else NO_CONCERN,
        "level": ticket.level or NOT_CHECKED,
        "platform_kind": types[0] if types else "unknown",
        "day": ticket.created.date(),
    }


def seal_body(id: str, version: int, ticket: Ticket, receipt: tuple[bytes, str], key: bytes, recipient: str) -> bytes:
    """Return the body of a ticket, sealed.

    Args:
        id: the ticket's.
        version: 1, or 2 with its addition.
        ticket: what its desk reads.
        receipt: the tag by which the receipt finds it, 32 bytes, and the public half of Q.
        key: under which the site vouches.
        recipient: the public half of D.
    """
    label, (tag, reporter) = Label(id, BODY, version), receipt
    content = tag + reporter.encode("ascii") + to_bytes(ticket)
    return seal_field(label, vouched(key, label, content), [recipient])


def open_body(record: TicketRecord, identity: str, key: bytes) -> Body:
    """Return the body of a ticket that has one.

    Raises:
        SealError: it does not open with this identity, or is another ticket's.
        TicketError: what opens is no ticket.
    """
    return body_in(record, open_sealed(record.sealed_body or b"", identity), key)


def body_in(record: TicketRecord, opened: bytes, key: bytes) -> Body:
    """Return the body of a ticket from what `open_sealed` returned.

    Raises:
        SealError: it is another ticket's.
        TicketError: it is no ticket.
    """
    label, content = _field(record.id, opened)
    if len(content) < CODE_BYTES + _RECEIPT_BYTES:
        raise SealError("This opens, but holds no ticket.")
    receipt, ticket = content[CODE_BYTES:][:_RECEIPT_BYTES], from_bytes(content[CODE_BYTES + _RECEIPT_BYTES :])
    try:
        read_vouched(key, label, content)
    except NotVouched:
        return Body(ticket, None, ())
    tag, reporter = receipt[:_TAG_BYTES], receipt[_TAG_BYTES:].decode("ascii")
    sent = {**clear_fields(ticket), "receipt_tag": tag, "question_recipient": reporter}
    return Body(ticket, reporter, tuple(name for name, value in sent.items() if getattr(record, name) != value))


def glance_in(id: str, opened: bytes, key: bytes) -> Glance:
    """Return what a list needs of a ticket from what `open_sealed` returned.

    Raises:
        NotVouched: it did not come in through the chat, or was changed since.
        SealError: it is another ticket's.
        TicketError: it is no ticket.
    """
    label, content = _field(id, opened)
    return glance(read_vouched(key, label, content)[_RECEIPT_BYTES:])


def _field(id: str, opened: bytes) -> tuple[Label, bytes]:
    for version in _VERSIONS:
        label = Label(id, BODY, version)
        try:
            return label, read_field(label, opened)
        except SealError as error:
            last = error
    raise last
