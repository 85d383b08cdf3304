"""Which words of a ticket and its letters can be translated, each under a name that the page uses too. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Optional

from bot.reports.notes import Numbered
from bot.reports.ticket import Ticket

ANSWER = "letter-"
"""How the name of an answer to a letter begins."""
_CODE = re.compile("[a-z_]*")
_LANGUAGE = re.compile("[a-z]{2}")


@dataclass(frozen=True)
class Passage:
    """Words that are translated together; `language`: what the ticket says they are written in."""

    texts: tuple[str, ...]
    language: Optional[str]


def passages(ticket: Ticket, letters: Iterable[Numbered] = ()) -> dict[str, Passage]:
    """Return what whoever reported wrote or was asked, by name.

    The names are `said-…`, `sign-…` by place in the list, `answers`, and `letter-…` by the number of an answer to a
    letter: the desk's own letters need no translation.
    """
    said = {
        "said-narrative": ticket.narrative,
        "said-offer": ticket.offer,
        "said-place_words": ticket.place.words,
        "said-when_words": ticket.when.words,
    }
    found = {name: (text,) for name, text in said.items() if text}
    quoted = {f"sign-{place}": sign.evidence for place, sign in enumerate(ticket.signs) if sign.evidence}
    asked = tuple(text for answer in ticket.answers for text in (answer.text, _words(answer.answer)) if text)
    written = {f"{ANSWER}{number}": (note.text,) for number, note in letters if note.kind == "answer" and note.text}
    every: dict[str, tuple[str, ...]] = {**found, **quoted, **({"answers": asked} if asked else {}), **written}
    # The ticket's language may be anybody's words; only a code is worth passing on.
    language = ticket.language if ticket.language and _LANGUAGE.fullmatch(ticket.language) else None
    return {name: Passage(texts, language) for name, texts in every.items()}


def _words(answer: str) -> str:
    """Return an answer in somebody's words; yes, no and the like are shown in the desk's language anyway."""
    return "" if _CODE.fullmatch(answer) else answer
