"""What a session keeps of translations, sealed and of one ticket at a time, and what its page shows of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from bot.desk.sessions import Session
from bot.desk.ticket_view import Lines, pieces
from bot.desk.translate.machine import Translator

DRAWER = "translated"


@dataclass(frozen=True)
class Translated:
    """What the ticket page shows of translations.

    Attributes:
        ticket: its id.
        outside: who reads along, where that is not a server of the site's own.
        done: translated texts, line by line, by the name of the passage.
        trouble: why there is no translation, by the name of the passage.
    """

    ticket: str
    outside: Optional[str]
    done: Mapping[str, tuple[Lines, ...]] = field(default_factory=dict, repr=False)
    trouble: Mapping[str, str] = field(default_factory=dict)


def translated(session: Session, ticket: str, language: str, translator: Optional[Translator]) -> Optional[Translated]:
    """Return what a session holds of a ticket's translations; None where nobody translates here."""
    if translator is None:
        return None
    kept = kept_of(session, ticket, language)
    done = {name: tuple(pieces(text, ()) for text in texts) for name, texts in kept["done"].items()}
    outside = None if translator.provider.near else translator.provider.name
    return Translated(ticket, outside, done, kept["trouble"])


def kept_of(session: Session, ticket: str, language: str) -> dict[str, Any]:
    """Return what the session keeps of a ticket's translations into a language: `done` and `trouble`, by passage."""
    if session.holds(DRAWER):
        kept: dict[str, Any] = session.get(DRAWER)
        if (kept["ticket"], kept["language"]) == (ticket, language):
            return kept
    return {"ticket": ticket, "language": language, "done": {}, "trouble": {}}
