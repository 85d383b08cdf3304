"""Reading one message: which vectors it needs, whether it speaks of danger, in which language it is."""

from dataclasses import replace
from typing import Optional

from bot.language.fold import fold
from bot.runtime.services import Services
from bot.safety.danger import Danger

INTENT_CHARACTERS = 200
"""An intent shows in the first words; what is longer is an offer, and the check reads that."""
_RECRUITER = "offering"


def intent_text(text: str) -> str:
    """Return the part of a message whose vector tells its intent."""
    return fold(text).text[:INTENT_CHARACTERS].strip()


def warm_danger(services: Services, text: str) -> None:
    """Embed what deciding on danger needs; meant for a thread beside the event loop."""
    services.vectors(services.danger.texts_to_embed(text))


def warm(services: Services, text: str) -> None:
    """Embed whatever the turn will ask for; meant for a thread beside the event loop."""
    needed = [
        intent_text(text),
        *services.danger.texts_to_embed(text),
        *services.checker.texts_to_embed(text),
    ]
    services.vectors([piece for piece in dict.fromkeys(needed) if piece])


def forget_vectors(services: Services, text: str) -> None:
    """Drop every vector that this text put into the cache."""
    services.vectors.forget(
        [intent_text(text), *services.danger.texts_to_embed(text), *services.checker.texts_to_embed(text)]
    )


def danger_in(services: Services, text: str, *, asked: bool) -> Optional[Danger]:
    """Return the danger in a message, marked as material where the words are not the person's own.

    Material is a message sent while nothing is asked that is a pasted chat or speaks in the recruiter's
    voice; every answer to a question is own words.
    """
    found = services.danger.read(text)
    if found is None or asked:
        return found
    return replace(found, material=services.material.is_pasted_chat(text) or _recruits(services, text))


def _recruits(services: Services, text: str) -> bool:
    verdict = services.checker.check(text, language_of(services, text))
    return verdict.direction == _RECRUITER


def language_of(services: Services, text: str) -> str:
    """Return the likeliest language of a text among those the product has."""
    return services.identifier.best_of(text, services.knowledge.languages)
