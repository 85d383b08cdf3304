"""Reading one message: which vectors it needs, whether it speaks of danger, in which language it is."""

from dataclasses import replace
from typing import Optional

from bot.conversation.advance import takes_forwards
from bot.language.fold import fold
from bot.language.sentences import units
from bot.runtime.services import Services
from bot.safety.danger import Danger

PASSED_ON = "passed_on"
"""Key in metadata and parse data: these words are someone else's, forwarded."""
CONTACTS = "contacts"
"""Key in metadata and parse data: who wrote them, or a contact card, as plain values."""
INTENT_CHARACTERS = 200
"""An intent shows in the first words; what is longer is an offer, and the check reads that."""
_LEAST_SPOKEN, _MOST_SPOKEN = 2, 60
"""Words from which a language shows, and from which a text is hardly someone's own words."""
_LIKELY, _SURE = 0.5, 0.8
_EXPECTED = 0.3
"""How likely it is, before they are read, that words are in the language of the conversation."""
_LEAST_WORDS = 8
"""A shorter text is nobody's advert."""


def intent_text(text: str) -> str:
    """Return the part of a message whose vector tells its intent."""
    return fold(text).text[:INTENT_CHARACTERS].strip()


def warm_danger(services: Services, text: str) -> None:
    """Embed what deciding on danger needs; meant for a thread beside the event loop."""
    services.vectors(services.danger.texts_to_embed(text))


def warm(services: Services, text: str) -> None:
    """Embed whatever the turn will ask for; meant for a thread beside the event loop."""
    services.vectors([intent_text(text), *services.danger.texts_to_embed(text)])
    services.checker.check(text, language_of(services, text))


def forget_vectors(services: Services, text: str) -> None:
    """Drop every vector that this text put into the cache."""
    services.vectors.forget(
        [intent_text(text), *services.danger.texts_to_embed(text), *(unit.text for unit in units(fold(text).text))]
    )


def danger_in(services: Services, text: str, *, asked: Optional[str], passed_on: bool = False) -> Optional[Danger]:
    """Return the danger in a message, marked as material where the words are not the person's own.

    Material is a forward (`passed_on`), or a message sent while nothing is asked that is a pasted chat or
    speaks in the recruiter's own phrases; every other answer to a question is own words. Where it is unclear,
    the words count as own: the card comes first then, and the check after it. So does a forward given as the
    answer to a question of a report, because it gets no check there.
    """
    found = services.danger.read(text)
    if found is None:
        return None
    if passed_on and takes_forwards(asked):
        return replace(found, material=True)
    if asked:
        return found
    return replace(found, material=services.material.is_pasted_chat(text) or _recruits(services, text))


def spoken_language(services: Services, text: str, current: Optional[str]) -> Optional[str]:
    """Return the language of someone's words where there is hardly a doubt, to answer in it.

    Against a language of the same script more is asked: neighbours are easily mistaken for one another.
    """
    words = text.split()
    if not _LEAST_SPOKEN <= len(words) <= _MOST_SPOKEN or text.startswith("/"):
        return None
    found = services.identifier.identify(text, {current: _EXPECTED} if current else None)
    known = services.knowledge.languages
    if found.language not in known:
        return None
    related = current in known and known[str(current)].script == known[found.language].script
    return found.language if found.confidence >= (_SURE if related else _LIKELY) else None


def _recruits(services: Services, text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS and services.checker.recruits(text, language_of(services, text))


def language_of(services: Services, text: str) -> str:
    """Return the likeliest language of a text among those the product reads."""
    return services.identifier.best_of(text, services.knowledge.read_languages)
