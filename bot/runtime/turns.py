"""Reading one message: which vectors it needs, whether it speaks of danger, in which language it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from bot.conversation.advance import is_answered, takes_forwards
from bot.conversation.heard import Certainty, Heard
from bot.language.fold import fold
from bot.language.identify import without_addresses
from bot.language.sentences import units
from bot.language.word_lists import words_of
from bot.runtime.services import Services
from bot.safety.danger import Danger

PASSED_ON = "passed_on"
"""Key in metadata and parse data: these words are someone else's, forwarded."""
CONTACTS = "contacts"
"""Key in metadata and parse data: who wrote them, or a contact card, as plain values."""
INTENT_CHARACTERS = 200
"""An intent shows in the first words; what is longer is an offer, and the check reads that."""
_LEAST_SPOKEN, _FEW, _LEAST_UNKNOWN, _MOST_SPOKEN = 2, 2, 4, 60
"""Words from which a language shows; up to which they are too few to go by; from which one is seen to be unknown;
and from which a text is hardly someone's own words."""
_LEAST_LETTERS, _LEAST_FOREIGN = 12, 4
"""Letters from which a language is seen to be unknown, and from which one of another script is."""
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
    if is_answered(asked):
        return found
    return replace(found, material=services.material.is_pasted_chat(text) or _recruits(services, text))


def heard_in(services: Services, text: str, current: Optional[str]) -> Optional[Heard]:
    """Return the language of someone's own words, where something is known about it.

    Against a language of the same script more is asked: neighbours are easily mistaken for one another.
    """
    words = words_of(without_addresses(text))
    count = len(words)
    if not words or count > _MOST_SPOKEN or text.startswith("/"):
        return None
    found = services.identifier.identify(text, {current: _EXPECTED} if current else None)
    spoken = services.knowledge.languages.get(found.language)
    now = services.knowledge.languages.get(current or "")
    related = spoken is not None and now is not None and spoken.script == now.script
    nearest = spoken is not None and count >= _LEAST_SPOKEN and found.confidence >= (_SURE if related else _LIKELY)
    if not found.supported and _shows_unknown(words, found.confidence):
        return Heard(found.language, Certainty.UNKNOWN, nearest)
    if nearest:
        return Heard(found.language, Certainty.SURE if found.supported and count > _FEW else Certainty.SHORT, nearest)
    if not found.supported or count <= _FEW or found.confidence < _LIKELY:
        return None
    if spoken is not None:
        return Heard(found.language, Certainty.LIKELY)
    return Heard(found.language, Certainty.READ_ONLY) if found.confidence >= _SURE else None


def _shows_unknown(words: Sequence[str], confidence: float) -> bool:
    """Say whether words that look like no language are enough to say so.

    None of a script that the languages have: such words need not be parted by spaces, and a few letters say much.
    """
    letters = len("".join(words))
    return letters >= _LEAST_FOREIGN if confidence == 0 else len(words) >= _LEAST_UNKNOWN and letters >= _LEAST_LETTERS


def _recruits(services: Services, text: str) -> bool:
    return len(text.split()) >= _LEAST_WORDS and services.checker.recruits(text, language_of(services, text))


def language_of(services: Services, text: str) -> str:
    """Return the likeliest language of a text among those the product reads."""
    return services.identifier.best_of(text, services.knowledge.read_languages)
