"""What goes into the store and comes out of it: plain and frozen, sealed bytes never printed.

Ids are random, never a time, a counter or part of a chat's id: an id must tell nothing about the moment
or the person. Sealed bytes are age files unless said otherwise. Days are UTC.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Optional

from bot.knowledge.signs import Concern, Kind
from bot.offers.level import Level
from bot.privacy.powers import Role
from bot.reports.notes import OUTCOMES as OUTCOMES

ERASED = "erased"
"""What the clear fields of a tombstone hold: only that there was a ticket, what became of it, and the day."""
PERSON = "person"
"""The kind of a ticket about a person and not an offer."""
NO_CONCERN = "none"
"""No sign pointed at a harm."""
NOT_CHECKED = "not_checked"
"""No level was worked out, as on every path about a child."""

KINDS = (*(kind.value for kind in Kind), PERSON, ERASED)
CONCERNS = (*(concern.value for concern in Concern), NO_CONCERN, ERASED)
LEVELS = (*(level.value for level in Level), NOT_CHECKED, ERASED)
PLATFORM_KINDS = ("website", "channel", "group", "account", "phone", "in_person", "other", "unknown", ERASED)
STATES = ("new", "accepted", "rejected", "done", "revoked")
ROLES = tuple(role.value for role in Role)
DIRECTIONS = ("to_reporter", "to_desk")
INDEXED = ("no", "desk", "shared")
"""How far a ticket's identifiers were indexed: not yet, under the desk's key X, or also under K.

Where the term of its entry is over, or it does not open, it counts as indexed, and there is no entry.
"""
SHARING = ("openly", "silently")
"""Whether other desks learn that this one follows the same lead."""
ACTIONS = (
    "found", "log_in", "invite", "join", "leave", "rotate", "recover", "sealed_anew", "list", "show", "export",
    "accept", "reject", "close", "ask", "correct", "exported", "hold", "release", "transfer", "others", "sharing",
    "audit", "recovery_key", "admit", "withdraw", "reset_factor", "passphrase", "new_codes", "audit_export", "note",
    "edit_note", "tag", "untag", "take", "let_go", "views", "translate",
)  # fmt: skip
"""What the audit log says was done."""
HOLD_REASONS = ("investigation", "court_order", "legal_claim", "asked_by_person")
"""Why a desk keeps a ticket beyond its term; the last: the person concerned needs it kept."""


@dataclass(frozen=True)
class DeskRecord:
    """A desk with its secret of one generation.

    Attributes:
        generation: 1 for its first secret, one more after each rotation.
        sealed_secret: S, sealed to its members and R (holds an age file).
        sealed_earlier: the secret before, sealed to D, until every ticket is sealed anew.
        sealed_shared_key: K, sealed to D.
        sharing: a word of the list above.
    """

    id: str
    generation: int
    sealed_secret: bytes = field(repr=False)
    sealed_earlier: Optional[bytes] = field(default=None, repr=False)
    sealed_shared_key: Optional[bytes] = field(default=None, repr=False)
    sharing: str = SHARING[0]


@dataclass(frozen=True)
class MemberRecord:
    """A member of a desk; their role stands in the desk's signed list, never here.

    Attributes:
        name: for logging in.
        recipient: the public half of U.
        locked_identity: U under the passphrase (no age file).
        last_login: the day on which they last opened the desk's console or a command; None: never.
    """

    id: str
    desk: str
    name: str
    recipient: str
    locked_identity: bytes = field(repr=False)
    joined: date
    last_login: Optional[date] = None


@dataclass(frozen=True)
class InvitationRecord:
    """A place at a desk for one person, and, once they asked to be admitted, who they are; `expires` has a zone.

    Attributes:
        role: a word of the list above.
        inviter: a member's id.
        sealed_code: the invitation's code, sealed to D.
        signature: of whoever invited, 64 or 160 bytes.
        name, recipient, verify_key, locked_identity: of the applicant, as in a member.
        proof: 32 bytes by which the code vouches for the applicant.
        sealed_factor: the applicant's second factor, sealed to U.
    """

    id: str
    desk: str
    role: str
    inviter: str
    sealed_code: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    expires: datetime
    name: Optional[str] = None
    recipient: Optional[str] = None
    verify_key: Optional[str] = None
    locked_identity: Optional[bytes] = field(default=None, repr=False)
    proof: Optional[bytes] = field(default=None, repr=False)
    sealed_factor: Optional[bytes] = field(default=None, repr=False)


@dataclass(frozen=True)
class TicketRecord:
    """A ticket, or its tombstone: then `sealed_body` is None and `question_recipient` is empty.

    A tombstone's state is the one it ended in: `new` means that nobody took it up in time.

    Attributes:
        kind, concern, level, platform_kind, state: words of the lists above.
        day: of the report; of a tombstone, of its end.
        sealed_body: everything a desk learns, sealed to D.
        receipt_tag: 32 bytes by which the receipt finds the ticket (HMAC under the pepper).
        question_recipient: the public half of Q, `age1…`, to which a desk seals its questions.
        generation: of the desk's keys to which it and the messages on it are sealed.
        indexed: a word of the list above.
        sealed_terms: what holds for the receipt, sealed to Q; None in a tombstone.
        outcome: what a closed ticket was good for; it stays in the tombstone.
        held_until: a withdrawal was asked for, and is carried out at this full hour; in UTC, with a zone.
        closed: from which day on its desk needs it here no longer: rejected, done, or its export confirmed.
    """

    id: str
    desk: str
    kind: str
    concern: str
    level: str
    platform_kind: str
    state: str
    day: date
    sealed_body: Optional[bytes] = field(repr=False)
    receipt_tag: bytes = field(repr=False)
    question_recipient: str
    generation: int
    indexed: str = INDEXED[0]
    sealed_terms: Optional[bytes] = field(default=None, repr=False)
    outcome: Optional[str] = None
    held_until: Optional[datetime] = None
    closed: Optional[date] = None


@dataclass(frozen=True)
class Ending:
    """How and on which day a ticket ended: what its tombstone tells."""

    ticket: str
    state: str
    day: date


@dataclass(frozen=True)
class HoldRecord:
    """A ticket that is kept beyond its term, through the day `until`. `reason`: a word of the list above."""

    ticket: str
    until: date
    reason: str


@dataclass(frozen=True)
class RetentionRecord:
    """What retention did on a day: how many tickets it erased and why, kept, warned of, and invitations it removed."""

    day: date
    unread: int
    closed: int
    tombstones: int
    held: int
    alerts: int
    invitations: int


@dataclass(frozen=True)
class Standing:
    """What can be told of a ticket without its content.

    `sealing` is another one whenever it was sealed anew; `theirs`: it is another desk's.
    """

    id: str
    state: str
    day: date
    sealing: Optional[bytes] = field(repr=False)
    theirs: bool = False


@dataclass(frozen=True)
class OutboxRecord:
    """Something to deliver. `target`: its name in the site's settings; `key`: once under this key, or to it."""

    id: str
    ticket: str
    target: str
    key: str
    ciphertext: bytes = field(repr=False)


@dataclass(frozen=True)
class MessageRecord:
    """A question or correction (`to_reporter`, signed by V, 64 bytes) or an answer (`to_desk`) on a ticket."""

    id: str
    ticket: str
    direction: str
    sealed_to_desk: bytes = field(repr=False)
    sealed_to_receipt: bytes = field(repr=False)
    signature: Optional[bytes] = field(repr=False)
    day: date


@dataclass(frozen=True)
class SheetRecord:
    """A desk's own sheet, or that on one of its tickets, sealed to D. `of`: the id of the desk or the ticket."""

    of: str
    desk: str
    generation: int
    sealed: bytes = field(repr=False)
