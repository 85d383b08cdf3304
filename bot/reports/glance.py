"""What a list of many tickets needs of each: read from the sealed content at a fraction of what a whole ticket costs.

`Ticket` judges every field; here only those that are taken are looked at. Whoever opens the ticket itself finds out
whether the rest is in order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any, NamedTuple, Optional

from bot.reports.ticket import Age, Form, TicketError, parsed


class Named(NamedTuple):
    """An identifier: its type and value, and its address if it has one."""

    type: str
    value: str
    url: Optional[str]


@dataclass(frozen=True)
class Glance:
    """A ticket at a glance; the fields are those of `Ticket`, codes as their plain words.

    Attributes:
        where: words about the place.
        child: whether it is about a child, or someone whose age is unsure.
        said: what was written or passed on in the person's words.
        answered: what was answered by tapping, for those that have no words of their own.
        searched: every word by which the ticket may be looked for.
    """

    created: datetime
    form: str
    kind: Optional[str]
    concern: Optional[str]
    level: Optional[str]
    stage: Optional[str]
    country: Optional[str]
    where: Optional[str]
    deadline: Optional[date]
    urgent_reasons: tuple[str, ...]
    child: bool
    completeness: int
    said: str
    answered: tuple[Optional[str], ...]
    identifiers: tuple[Named, ...]
    searched: tuple[str, ...]


def glance(content: bytes) -> Glance:
    """Read what `bot.reports.ticket.to_bytes` wrote, as far as a list needs it.

    Raises:
        TicketError: the content is no ticket, or one of another version.
    """
    known = parsed(content)
    try:
        return _glance(known)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        # The cause would carry the content into a traceback.
        raise TicketError("This content is no ticket: its fields do not fit.") from None


def _glance(known: Mapping[str, Any]) -> Glance:
    place, when = known.get("place", {}), known.get("when", {})
    form = _text(known, "form") or Form.REPORT.value
    age, deadline = _text(known, "age"), _text(known, "deadline")
    identifiers = tuple(
        Named(_need(one, "type"), _need(one, "value"), _text(one, "url")) for one in _each(known, "identifiers")
    )
    narrative, offer, with_whom = _text(known, "narrative"), _text(known, "offer"), _text(known, "with_whom")
    tapped = ("kind", "about_whom", "age", "stage", "people_now", "basis_of_knowledge", "deadline")
    answered = (form, _text(place, "country"), _text(when, "moment"), *(_text(known, name) for name in tapped))
    searched = (_text(place, "words"), _text(when, "words"), with_whom, narrative, offer,
                *(one.value for one in identifiers),
                *(_need(sign, "id") for sign in _each(known, "signs")))  # fmt: skip
    return Glance(
        created=datetime.fromisoformat(_need(known, "created")).astimezone(timezone.utc),
        form=form,
        kind=_text(known, "kind"),
        concern=_text(known, "concern"),
        level=_text(known, "level"),
        stage=_text(known, "stage"),
        country=_text(place, "country"),
        where=_text(place, "words"),
        deadline=date.fromisoformat(deadline) if deadline else None,
        urgent_reasons=tuple(known.get("urgent_reasons", ())),
        child=form == Form.CHILD.value or age in (Age.CHILD.value, Age.UNSURE.value),
        completeness=int(known.get("completeness", 0)),
        said="\n".join(words for words in (offer, narrative) if words),
        answered=(*answered, with_whom) if form == Form.CHILD.value else answered,
        identifiers=identifiers,
        searched=tuple(words for words in searched if words),
    )


def _each(known: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    yield from known.get(name, ())


def _need(known: Mapping[str, Any], name: str) -> str:
    value = known[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _text(known: Mapping[str, Any], name: str) -> Optional[str]:
    return _need(known, name) if known.get(name) is not None else None
