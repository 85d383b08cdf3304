"""The sealed content of a ticket: what a desk learns of a report, and nothing of the person who reports.

The fields follow the referral schema of `facts/standards.md` C.5, which maps to the Human Trafficking
Case Data Standard 2.0 (IOM, CC BY 4.0). Texts arrive here already redacted. Whatever a person may skip
is optional. The ticket's id, state and safe contact are not part of it: the store keeps them.
"""

import json
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any, Optional

from pydantic import BaseModel, Field, ValidationError, root_validator, validator

from bot.knowledge.signs import Concern, Kind, Severity
from bot.reports.vocabulary import AboutWhom, Age, Basis, Count, Form, HeldBy, Known, Moment, Obtained, Stage, Told

__all__ = [
    "VERSION",
    "AboutWhom",
    "Age",
    "Answer",
    "Basis",
    "Consent",
    "Count",
    "Form",
    "Handling",
    "HeldBy",
    "Identifier",
    "Known",
    "Moment",
    "Obtained",
    "Place",
    "ScreeningRow",
    "Sealed",
    "Stage",
    "Ticket",
    "TicketError",
    "TicketSign",
    "Told",
    "When",
    "from_bytes",
    "parsed",
    "to_bytes",
]

VERSION = 1
"""Version of the schema below; `from_bytes` refuses any other."""


class TicketError(Exception):
    """A sealed content cannot be read as a ticket."""


class Sealed(BaseModel):
    """Base of everything in a ticket: unknown keys are errors, values cannot be changed, times are in UTC."""

    class Config:
        """Pydantic's settings."""

        extra = "forbid"
        frozen = True

    @root_validator(pre=True)
    def _only_real_characters(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Half characters (lone surrogates) cannot be written as UTF-8; a visible mark takes their place."""
        return {name: _real(value) for name, value in values.items()}

    @validator("*")
    def _in_utc(cls, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        if value.tzinfo is None:
            raise ValueError("a time needs its time zone")
        try:
            return value.astimezone(timezone.utc)
        except OverflowError:
            raise ValueError("a time is out of range") from None


def _real(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, (tuple, list)):
        return tuple(_real(item) for item in value)
    return value


class Identifier(Sealed):
    """What leads to a suspect or an offer: never the reporter's.

    `type` is as in `oberih redact`, or `chat`: the title of a group or channel that has no public name.
    `sha256` is that of the message or picture it was read from, in hexadecimal.
    """

    value: str
    type: str
    platform: Optional[str] = None
    platform_id: Optional[str] = None
    url: Optional[str] = None
    posted_at: Optional[datetime] = None
    seen_at: Optional[datetime] = None
    obtained: Optional[Obtained] = None
    sha256: Optional[str] = Field(default=None, regex="^[0-9a-f]{64}$")


class TicketSign(Sealed):
    """A warning sign found in the offer, with the words that show it.

    One that is `desk_only` (audience `desk` in the catalogue) is not named to the person who reports.
    """

    id: str
    title: str
    severity: Severity
    desk_only: bool = False
    evidence: tuple[str, ...] = ()


class Answer(Sealed):
    """One question as it was asked and what was answered (`yes`, `no`, `dont_know`, `skip`, or words)."""

    question: str
    text: str
    answer: str


class ScreeningRow(Sealed):
    """One dimension of the ILO operational indicators: the indicators present and what they come to.

    `rule` is the letter (a to d) of the rule that made the dimension positive. `rests_on` names the
    questions whose answers the row was drawn from; without it the row rests on everything.
    """

    dimension: int = Field(..., ge=1, le=6)
    indicators: tuple[str, ...] = ()
    rule: Optional[str] = Field(default=None, regex="^[a-d]$")
    ilo_class: Optional[str] = None
    rests_on: tuple[str, ...] = ()


class Place(Sealed):
    """Where it happens: a country (ISO 3166 alpha-2) and free words; the place of an offence is evidence."""

    country: Optional[str] = Field(default=None, regex="^[A-Z]{2}$")
    words: Optional[str] = None


class When(Sealed):
    """When it happens; the day of a departure is the ticket's `deadline`."""

    moment: Optional[Moment] = None
    words: Optional[str] = None


class Consent(Sealed):
    """What was agreed to besides sending this text to these recipients; `text_version` is what was read."""

    contact_back: bool = False
    statistics: bool = False
    text_version: Optional[str] = None


class Handling(Sealed):
    """Marks for the desk: Traffic Light Protocol 2.0 and admiralty scale (F6: cannot be judged)."""

    tlp: str = "TLP:AMBER+STRICT"
    admiralty: str = "F6"


_NOT_ABOUT_A_CHILD = (
    "narrative", "offer", "identifiers", "signs", "answers", "screening", "ilo_class", "level", "gender",
    "kind", "methods_of_control", "exploitation_types", "sexual_exploitation_types",
)  # fmt: skip


class Ticket(Sealed):
    """One report as a desk receives it. `created` is exact and known only inside the seal.

    `recipients` and `not_to` are ids of desks; `not_to_kinds` also binds desks that are set up later.
    `with_whom` is a name or words, on the child form a value of `bot.reports.child.WithWhom`.
    The child form carries no scoring and no details.
    """

    version: int = VERSION
    created: datetime
    form: Form = Form.REPORT
    rules_version: Optional[str] = None
    language: Optional[str] = None
    kind: Optional[Kind] = None
    concern: Optional[Concern] = None
    level: Optional[str] = Field(default=None, regex="^(high|elevated|not_enough|none_found)$")

    about_whom: Optional[AboutWhom] = None
    age: Optional[Age] = None
    gender: Optional[str] = None
    people_now: Optional[Count] = None
    place: Place = Place()
    when: When = When()
    deadline: Optional[date] = None
    stage: Optional[Stage] = None
    basis_of_knowledge: Optional[Basis] = None
    with_whom: Optional[str] = None
    suspect_aware: Optional[Known] = None
    already_told: tuple[Told, ...] = ()
    evidence_held_by: tuple[HeldBy, ...] = ()

    recruitment_channels: tuple[str, ...] = ()
    recruitment_methods: tuple[str, ...] = ()
    recruiter_relation: Optional[str] = None
    methods_of_control: tuple[str, ...] = ()
    exploitation_types: tuple[str, ...] = ()
    sexual_exploitation_types: tuple[str, ...] = ()
    industry: Optional[str] = None

    narrative: Optional[str] = None
    offer: Optional[str] = None
    identifiers: tuple[Identifier, ...] = ()
    signs: tuple[TicketSign, ...] = ()
    answers: tuple[Answer, ...] = ()
    screening: tuple[ScreeningRow, ...] = ()
    ilo_class: Optional[str] = None

    urgent: bool = False
    urgent_reasons: tuple[str, ...] = ()
    completeness: int = Field(default=0, ge=0, le=5)
    recipients: tuple[str, ...] = ()
    not_to: tuple[str, ...] = ()
    not_to_kinds: tuple[str, ...] = ()
    consent: Consent = Consent()
    handling: Handling = Handling()

    @validator("version")
    def _this_version(cls, value: int) -> int:
        if value != VERSION:
            raise ValueError(f"the version must be {VERSION}")
        return value

    @root_validator(skip_on_failure=True)
    def _no_details_of_a_child(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["form"] is Form.CHILD and any(values[name] for name in _NOT_ABOUT_A_CHILD):
            raise ValueError("the child form carries no scoring and no details")
        if values["form"] is Form.CHILD and values["age"] not in (Age.CHILD, Age.UNSURE):
            raise ValueError("the child form is for a child, or for someone whose age is unsure")
        return values


def to_bytes(ticket: Ticket) -> bytes:
    """Return a ticket as canonical JSON in UTF-8: sorted keys, no spaces, nothing for what was not said."""
    text = ticket.json(exclude_none=True, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def from_bytes(content: bytes) -> Ticket:
    """Read what `to_bytes` wrote.

    Raises:
        TicketError: the content is no ticket, or one of another version.
    """
    known = parsed(content)
    try:
        return Ticket.parse_obj(known)
    except ValidationError:
        raise TicketError("This content is no ticket: its fields do not fit.") from None


def parsed(content: bytes) -> dict[str, Any]:
    """Return what `to_bytes` wrote as plain values, none of them judged but the version.

    Raises:
        TicketError: the content is no ticket, or one of another version.
    """
    try:
        known = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        # The cause would carry the content into a traceback.
        raise TicketError("This content is no ticket: it cannot be read.") from None
    version = known.get("version") if isinstance(known, dict) else None
    if version != VERSION:
        raise TicketError(f"This ticket is not of version {VERSION}: read it with the release that wrote it.")
    return dict(known)
