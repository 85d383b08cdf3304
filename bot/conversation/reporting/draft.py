"""A report while it is being made, and what the adapter knows that the conversation does not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Optional

from bot.knowledge.indicators import IndicatorCatalogue
from bot.knowledge.questions import QuestionSet
from bot.reports.contact import Contact, read_contacts
from bot.reports.notes import Note
from bot.reports.routing import Desk

_SLOT = "report"


@dataclass(frozen=True)
class Words:
    """Typed words without the writer: redacted text, what in it leads to somebody else, and what was the writer's."""

    text: str
    identifiers: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Offer:
    """The offer under check as a report carries it. `signs`: id, title, severity, desk only, evidence.

    `own` is type and words of what in it was the reporter's.
    """

    text: str
    kind: str
    concern: Optional[str]
    level: str
    signs: tuple[tuple[str, str, str, bool, tuple[str, ...]], ...]
    identifiers: tuple[tuple[str, str], ...]
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What a receipt code tells.

    Attributes:
        status: `unreadable`, `unknown`; what a desk signed last (`accepted`, `rejected`, `done`), or `new`;
            `unconfirmed` (something was decided, but nothing that is signed says what); `withdrawing` (withdrawn
            and held), `revoked`, or `ended` (no longer kept).
        ticket, desk: where something of the ticket is left.
        reporter: the public half of the receipt's key, to which copies of answers are sealed.
        notes: what was said, in order, by number in its direction; of a desk, the present or an earlier one, only what
            it signed.
        held: withdrawing takes a day.
        spoken: salt and tag of the spoken word, in hexadecimal, if it has one.
        until: when a held withdrawal is carried out.
    """

    status: str
    ticket: Optional[str] = None
    desk: str = ""
    reporter: str = ""
    notes: tuple[tuple[int, Note], ...] = ()
    held: bool = False
    spoken: Optional[tuple[str, str]] = field(default=None, repr=False)
    until: Optional[datetime] = None


@dataclass(frozen=True)
class ReportFacts:
    """What an adapter adds to an event for reporting.

    Attributes:
        desks: desks that reports can be sealed to now; none: reporting is closed.
        names: the desks' names as people know them.
        code, ticket: a fresh receipt code and a fresh ticket id, used where a report begins.
        now: the time, in UTC.
        text: the text of an id in the person's language; takes domain and id.
        indicators, questions: the knowledge that structured questions are chosen and read by.
        sign_indicators: the ILO indicators that each sign names.
        words: the typed words of this event, redacted.
        offer: the offer under check.
        sent: how passing the report on went: `sent` or `failed`.
        receipt: what the typed code tells.
        withdrawn: how a withdrawal went: `withdrawn`, `withdrawn_accepted` (it had been taken up), `withdrawn_soon`,
            `withdrawn_held`, or `failed`; `until`: until when it is held.
        answered: how passing an answer on went: `sent` or `failed`.
        word: how a spoken word was taken: `right`, `wrong` or `later` at a receipt; its tag in hexadecimal, `short`
            or `failed` where it is chosen.
    """

    desks: Sequence[Desk]
    names: Mapping[str, str]
    code: str
    ticket: str
    now: datetime
    text: Callable[[str, str], str]
    indicators: IndicatorCatalogue
    questions: Mapping[str, QuestionSet]
    sign_indicators: Mapping[str, tuple[str, ...]]
    words: Optional[Words] = None
    offer: Optional[Offer] = None
    sent: Optional[str] = None
    receipt: Optional[Receipt] = None
    withdrawn: Optional[str] = None
    until: Optional[datetime] = None
    answered: Optional[str] = None
    word: Optional[str] = None


@dataclass(frozen=True)
class ReportDraft:
    """What a report holds beside the answers by code; only here are words people wrote.

    `words` and `identifiers` are by the question they answer. `contacts` are left out of the ticket unless they are
    put in. `changes` are what was done to lines of the preview, in order: the line's id, and whether it was put in
    or struck; the last of a line counts. `shown` is the digest of the ticket in the last preview: a yes counts for
    that and for nothing else.
    `version` counts what was passed on: 0 nothing yet, 1 the report, 2 with its addition. `tried`: passing it on
    failed, and the store may have it all the same. `own` is type and words of what answers gave away as the
    reporter's own: it stays in memory with the draft, so that it can be taken out of everything else. `spoken` is the
    tag of the receipt's spoken word, in hexadecimal.
    """

    code: str
    ticket: str
    created: str
    words: Mapping[str, str] = field(default_factory=dict)
    identifiers: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    offer: Optional[Offer] = None
    contacts: tuple[Contact, ...] = ()
    changes: tuple[tuple[str, bool], ...] = ()
    version: int = 0
    tried: bool = False
    shown: str = ""
    own: tuple[tuple[str, str], ...] = ()
    spoken: str = ""

    @property
    def may_be_there(self) -> bool:
        """Whether the store may have it: desk and form are fixed then."""
        return self.version > 0 or self.tried

    def with_words(self, question: str, words: Optional[Words]) -> "ReportDraft":
        """Return the draft with the answer to a question in free words, or without one."""
        texts = {name: text for name, text in self.words.items() if name != question}
        found = {name: pairs for name, pairs in self.identifiers.items() if name != question}
        if words is not None:
            texts[question], found[question] = words.text, words.identifiers
        # What an answer gave away stays known when the answer is taken back.
        own = tuple(dict.fromkeys((*self.own, *(words.own if words else ()))))
        return replace(self, words=texts, identifiers=found, own=own)


def report_in(draft: Optional[Mapping[str, Any]]) -> Optional[ReportDraft]:
    """Return the report that a conversation's draft holds, or None."""
    held = (draft or {}).get(_SLOT)
    if not held:
        return None
    values = {f.name: held[f.name] for f in fields(ReportDraft)}
    values["identifiers"] = {name: tuple(map(tuple, pairs)) for name, pairs in values["identifiers"].items()}
    values["own"] = tuple(map(tuple, values["own"]))
    values["contacts"] = read_contacts(values["contacts"])
    values["changes"] = tuple(map(tuple, values["changes"]))
    values["offer"] = _offer(values["offer"]) if values["offer"] else None
    return ReportDraft(**values)


def keep(draft: Optional[Mapping[str, Any]], report: Optional[ReportDraft]) -> Optional[dict[str, Any]]:
    """Return a conversation's draft with this report in it, or without one."""
    others = {name: value for name, value in (draft or {}).items() if name != _SLOT}
    if report is not None:
        others[_SLOT] = asdict(report)
    return others or None


def _offer(held: Mapping[str, Any]) -> Offer:
    signs = tuple((i, title, severity, desk, tuple(words)) for i, title, severity, desk, words in held["signs"])
    pairs = {name: tuple(map(tuple, held[name])) for name in ("identifiers", "own")}
    return Offer(**{**held, "signs": signs, **pairs})
