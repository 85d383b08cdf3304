"""Which questions would settle most about an offer, and what their answers change."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.knowledge.signs import Catalogue, Kind, Severity
from bot.offers.level import Level, leading_concern, level_of
from bot.offers.verdict import SignFound, Verdict

MAX_QUESTIONS = 3
_GAIN = {Severity.HIGH: 1.0, Severity.MEDIUM: 0.5, Severity.LOW: 0.1}
_ALWAYS_HIGH_GAIN = 1.5
_LEAST_CHANCE = 0.03
_LEFT_OUT = 0.15


def rank_questions(
    catalogue: Catalogue,
    kind: Kind,
    found: Collection[str],
    missing: Collection[str],
    chances: Mapping[str, float],
) -> tuple[str, ...]:
    """Return up to three signs to ask about: those whose answer is likeliest to change the level.

    The expected gain of a question is the chance that the sign is there times what it would add to the
    level. The chance is the classifier's own probability, never below a floor that is higher where the
    offer leaves out the fact that the question is about.
    """
    if kind is Kind.OTHER:
        return ()

    left_out = {sign for fact in missing for sign in catalogue.level.asks.get(fact, ())}

    def gain(identifier: str) -> float:
        sign = catalogue.signs[identifier]
        weight = _ALWAYS_HIGH_GAIN if identifier in catalogue.level.always_high else _GAIN[sign.severity]
        return weight * max(chances.get(identifier, 0.0), _LEFT_OUT if identifier in left_out else _LEAST_CHANCE)

    open_signs = [
        sign.id
        for sign in catalogue.signs.values()
        if sign.kind is kind and sign.id not in found and sign.audience == "all"
    ]
    return tuple(sorted(open_signs, key=gain, reverse=True)[:MAX_QUESTIONS])


def with_answers(catalogue: Catalogue, verdict: Verdict, answers: Mapping[str, bool]) -> Verdict:
    """Return the verdict with the person's own answers.

    A yes adds the sign, without evidence, or makes sure of one. A no takes a sign away, but never from a verdict that
    was `high`: only the person's own answers may lower a level, and never that one.
    """
    kept = [
        replace(found, sure=found.sure or answers.get(found.sign, False))
        for found in verdict.signs
        if verdict.level is Level.HIGH or answers.get(found.sign) is not False
    ]
    present = {found.sign for found in kept}
    confirmed = [SignFound(sign, ()) for sign, yes in answers.items() if yes and sign not in present]
    signs = (*kept, *confirmed)
    ids, sure = [found.sign for found in signs], [found.sign for found in signs if found.sure]
    return replace(
        verdict,
        signs=signs,
        level=level_of(catalogue, sure, verdict.kind, verdict.missing),
        concern=leading_concern(catalogue, ids),
    )
