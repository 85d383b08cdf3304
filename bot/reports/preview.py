"""The exact text that would leave, line by line, so that any line can be struck before it is sent.

What is sealed is always `without(ticket, removed)`, also when nothing was removed. Everything that came
from the person is on a line. Not on lines are only marks of our own: versions, handling, severities,
completeness, hashes, how a contact was obtained, signs for the desk only, and the ILO classes (DESIGN
section 4), which follow from the indicators that are on a line.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Optional, Union

from bot.reports.contact import Contact
from bot.reports.rating import rated
from bot.reports.ticket import Answer, Form, Identifier, ScreeningRow, Ticket, TicketSign

_FIRST = {
    "about_whom": True, "age": True, "gender": True, "people_now": True,
    "place.country": False, "place.words": False, "when.moment": True, "when.words": False, "deadline": False,
    "stage": True, "basis_of_knowledge": True, "with_whom": False, "narrative": False, "offer": False,
}  # fmt: skip
"""Fields by their line's id, in order; True: the value is a code, which the chat words in its language."""
_LAST = {
    "recruitment_channels": False, "recruitment_methods": True, "recruiter_relation": True,
    "methods_of_control": True, "exploitation_types": True, "sexual_exploitation_types": True, "industry": True,
    "suspect_aware": True, "already_told": True, "evidence_held_by": True,
    "kind": True, "concern": True, "level": True, "language": False,
}  # fmt: skip
_ANSWER_CODES = frozenset({"yes", "no", "dont_know", "skip"})
SCREENING = "screening"


@dataclass(frozen=True)
class PreviewLine:
    """One line of the preview.

    Attributes:
        id: names the line within this ticket; `without` takes it.
        label_id: the text id of what the line is about.
        value: exactly what would be sent.
        removable: whether the person may strike it; what is not, follows from other answers.
        label: words to show instead of the label's text: the question as it was asked.
        value_ids: text ids that word the codes in `value`, in order; a code without a text is shown as it is.
        left_out: not in the ticket, but the person may put it in.
    """

    id: str
    label_id: str
    value: str
    removable: bool = True
    label: Optional[str] = None
    value_ids: tuple[str, ...] = ()
    left_out: bool = False


def lines(ticket: Ticket) -> tuple[PreviewLine, ...]:
    """Return the lines of a ticket, in the order in which they are read."""
    ticket = rated(ticket)
    return (
        *_fields(ticket, _FIRST),
        *(_identifier(item) for item in ticket.identifiers),
        *(_sign(sign) for sign in ticket.signs if not sign.desk_only),
        *(_answer(answer) for answer in ticket.answers),
        *_fields(ticket, _LAST),
        *_screening(ticket.screening),
        *_fixed(ticket),
    )


def left_out(contact: Contact) -> PreviewLine:
    """Return the line of a contact that would not be sent, exactly as it would be."""
    line = _identifier(contact.identifier)
    label = f"report.preview.left_out.{contact.source.value}"
    return replace(line, label_id=label, removable=False, left_out=True)


def line_of(item: Union[Identifier, TicketSign, Answer]) -> str:
    """Return the id of an item's line: the same whatever else is struck."""
    if isinstance(item, Identifier):
        return f"identifiers.{item.type}:{item.value}"
    return f"signs.{item.id}" if isinstance(item, TicketSign) else f"answers.{item.question}"


def without(ticket: Ticket, removed: Collection[str]) -> Ticket:
    """Return the ticket to seal: that of `lines(ticket)` less the lines removed, and what followed from them.

    Urgency and completeness are worked out anew, screening rows that rest on a removed line go with it, and
    a sign for the desk only stays while the words that show it do.

    Raises:
        ValueError: `removed` names a line that is not there or cannot be removed.
    """
    unknown = set(removed) - {line.id for line in lines(ticket) if line.removable}
    if unknown:
        raise ValueError("A line to be removed is not in this preview: show the preview again.")
    update: dict[str, Any] = {}
    for name in removed:
        _empty(ticket, name, update)
    for group in ("identifiers", "signs", "answers"):
        update[group] = tuple(item for item in getattr(ticket, group) if line_of(item) not in removed)
    kept = ticket.copy(update=update)
    kept = kept.copy(update={"signs": _evident(kept), **_screened(ticket, removed)})
    return rated(kept)


def _fields(ticket: Ticket, names: dict[str, bool]) -> Iterator[PreviewLine]:
    for name, coded in names.items():
        found: Any = ticket
        for part in name.split("."):
            found = getattr(found, part)
        values = tuple(_text(item) for item in (found if isinstance(found, tuple) else (found,)) if item is not None)
        if name == "with_whom":
            coded = ticket.form is Form.CHILD
        if values:
            ids = tuple(f"report.{name}.{value}" for value in values) if coded else ()
            removable = not (name == "age" and ticket.form is Form.CHILD)
            yield PreviewLine(name, f"report.preview.{name}", ", ".join(values), removable, value_ids=ids)


def _text(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _identifier(item: Identifier) -> PreviewLine:
    parts = (item.value, item.platform, item.platform_id, item.url, item.posted_at, item.seen_at)
    value = " · ".join(_text(part) for part in parts if part is not None)
    return PreviewLine(line_of(item), "report.preview.identifier", value)


def _sign(sign: TicketSign) -> PreviewLine:
    value = " · ".join((sign.title, *(f"“{words}”" for words in sign.evidence)))
    return PreviewLine(line_of(sign), "report.preview.sign", value)


def _answer(answer: Answer) -> PreviewLine:
    ids = (f"report.answer.{answer.answer}",) if answer.answer in _ANSWER_CODES else ()
    return PreviewLine(line_of(answer), "report.preview.answer", answer.answer, label=answer.text, value_ids=ids)


def _screening(rows: tuple[ScreeningRow, ...]) -> Iterator[PreviewLine]:
    if rows:
        value = " · ".join(f"{row.dimension}: {' '.join(row.indicators)}".rstrip(": ") for row in rows)
        yield PreviewLine(SCREENING, "report.preview.screening", value)


def _fixed(ticket: Ticket) -> Iterator[PreviewLine]:
    """Return the lines that change only where they were decided, or not at all."""
    if ticket.urgent:
        ids = tuple(f"report.urgent.{reason}" for reason in ticket.urgent_reasons)
        yield PreviewLine("urgent", "report.preview.urgent", ", ".join(ticket.urgent_reasons), False, value_ids=ids)
    yield PreviewLine("created", "report.preview.created", _text(ticket.created), False)
    for name in ("contact_back", "statistics"):
        answer = "yes" if getattr(ticket.consent, name) else "no"
        ids = (f"report.answer.{answer}",)
        yield PreviewLine(f"consent.{name}", f"report.preview.consent.{name}", answer, False, value_ids=ids)
    for index, desk in enumerate(ticket.recipients):
        yield PreviewLine(f"recipients.{index}", "report.preview.recipient", desk, False)
    for index, desk in enumerate(ticket.not_to):
        yield PreviewLine(f"not_to.{index}", "report.preview.not_to", desk, False)
    for index, kind in enumerate(ticket.not_to_kinds):
        ids = (f"report.desk.{kind}",)
        yield PreviewLine(f"not_to_kinds.{index}", "report.preview.not_to_kind", kind, False, value_ids=ids)


def _empty(ticket: Ticket, name: str, update: dict[str, Any]) -> None:
    """Empty the field of a line; lines of a group and of the screening are dealt with by `without`."""
    field, _, part = name.partition(".")
    if name not in _FIRST and name not in _LAST:
        return
    if part:
        update[field] = update.get(field, getattr(ticket, field)).copy(update={part: None})
    else:
        update[field] = Ticket.__fields__[field].default


def _evident(ticket: Ticket) -> tuple[TicketSign, ...]:
    """Return the signs less those for the desk only whose words are no longer there to be read."""
    texts = (ticket.offer or "", ticket.narrative or "")

    def shown(sign: TicketSign) -> bool:
        return bool(sign.evidence) and all(any(words in text for text in texts) for words in sign.evidence)

    return tuple(sign for sign in ticket.signs if not sign.desk_only or shown(sign))


def _screened(ticket: Ticket, removed: Collection[str]) -> dict[str, Any]:
    """Return the screening less the rows that rest on a removed line; without all its rows there is no class."""
    questions = {answer.question for answer in ticket.answers if line_of(answer) in removed}
    gone = questions | set(removed)
    rows = tuple(
        row
        for row in ticket.screening
        if SCREENING not in removed and not (gone if not row.rests_on else gone & set(row.rests_on))
    )
    return {"screening": rows, "ilo_class": ticket.ilo_class if rows == ticket.screening and rows else None}
