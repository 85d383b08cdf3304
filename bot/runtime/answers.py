"""The plain objects that the reading commands print (DESIGN section 10)."""

from dataclasses import asdict
from typing import Any

from bot.offers.card import render
from bot.privacy.redact import Mode
from bot.runtime.reading import InputError
from bot.runtime.services import Services
from bot.runtime.turns import language_of

_CHECK_KEYS = (
    "language", "kind", "direction", "concern", "level", "danger", "dimensions", "missing", "signs",
    "identifiers", "questions",
)  # fmt: skip
_SIGN_KEYS = ("id", "title", "severity", "concern", "dimension", "source", "probability", "evidence")


def check(services: Services, text: str) -> dict[str, Any]:
    """Return the check of a text, with texts in the offer's language."""
    language = language_of(services, text)
    verdict = services.checker.check(text, language)
    card = render(verdict, services.knowledge.catalogue, services.texts, language)
    card["danger"] = services.danger.read(text) is not None
    card["signs"] = [{key: sign[key] for key in _SIGN_KEYS} for sign in card["signs"]]
    return {key: card[key] for key in _CHECK_KEYS}


def mode(whose: str) -> Mode:
    """Return the mode that a word names.

    Raises:
        InputError: there is no such mode.
    """
    try:
        return Mode(whose)
    except ValueError as error:
        raise InputError(f"There is no mode {whose}. Give --as own, --as offer or --as answer.") from error


def redact(services: Services, text: str, mode: Mode) -> dict[str, Any]:
    """Return the redacted text, and everything that was found, by offsets of the input."""
    done = services.redactor.redact(text, language_of(services, text), mode=mode)
    return {"text": done.text, "spans": [asdict(span) for span in done.spans]}


def language(services: Services, text: str) -> dict[str, Any]:
    """Return the language of a text: always the best of the 22, with `supported` false for strangers."""
    found = services.identifier.identify(text)
    return {"language": found.language, "confidence": found.confidence, "supported": found.supported}
