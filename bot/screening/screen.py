"""From answers to dimensions, a provisional class of the case, and reasons to bring in a specialist.

The class goes to desks only. It is a reading of answers, never a finding about a person: the weights are
unverified, and what nobody asked or answered counts neither way.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Optional

from bot.knowledge.indicators import IndicatorCatalogue, Weight
from bot.knowledge.questions import Question, QuestionSet, Referral
from bot.screening.rule import positive

ANSWERS = frozenset({"yes", "no", "dont_know", "skip"})
RECRUITMENT = frozenset({1, 2, 3})
EXPLOITATION = 4
COERCION = frozenset({5, 6})

Scale = Mapping[str, tuple[int, int]]
"""For each indicator of a profile its dimension and the column it counts in: 0 strong, 1 medium, 2 weak."""


class CaseClass(str, Enum):
    """The class of a case by the method's final rule; `not_applicable` where exploitation cannot be there yet."""

    TRAFFICKING = "trafficking"
    DECEIVED_AND_EXPLOITED = "deceived_and_exploited"
    EXPLOITED = "exploited"
    NONE_ESTABLISHED = "none_established"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class DimensionResult:
    """One dimension: the indicators raised with their weights, and the rule that makes it positive, if any.

    `applicable` is false where the situation cannot fill the dimension at all.
    """

    number: int
    applicable: bool
    triggered: tuple[tuple[str, Weight], ...]
    rule: Optional[str]

    @property
    def positive(self) -> bool:
        """Whether a rule made the dimension positive; otherwise it is not established, never disproved."""
        return self.rule is not None


@dataclass(frozen=True)
class Screening:
    """All six dimensions, the class, and why to refer whatever the score (values of `Referral`, in its order)."""

    situation: str
    profile: str
    dimensions: tuple[DimensionResult, ...]
    case: CaseClass
    refer: tuple[str, ...]
    rules_version: str
    weights: str
    provisional: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a screening decides: the positive dimensions, the class, the reasons to refer."""

    positive: frozenset[int]
    case: CaseClass
    refer: frozenset[Referral]


def screen(
    catalogue: IndicatorCatalogue, questions: QuestionSet, profile: str, answers: Mapping[str, str]
) -> Screening:
    """Return what the answers to a set of questions say.

    Args:
        catalogue: the indicators and their weights.
        questions: the questions of the situation; answers to other questions are left aside.
        profile: the list of indicators to weigh by, such as `adult_labour`.
        answers: question id to `yes`, `no`, `dont_know` or `skip`; the last two say nothing.

    Raises:
        ValueError: there is no such profile, or an answer is none of the four.
    """
    child = catalogue.profile(profile).child
    weights = catalogue.weights_in(profile)
    raised = raised_questions(questions, answers)
    triggered = [name for name in weights if any(name in question.indicators for question in raised)]
    met = rules_met(scale_of(catalogue, profile), triggered)
    decided = outcome(questions, child, met, raised)
    return Screening(
        situation=questions.situation.value,
        profile=profile,
        dimensions=tuple(
            DimensionResult(
                number,
                number in questions.fills,
                tuple((name, weights[name]) for name in triggered if catalogue.indicators[name].dimension == number),
                met.get(number),
            )
            for number in catalogue.dimensions
        ),
        case=decided.case,
        refer=tuple(reason.value for reason in Referral if reason in decided.refer),
        rules_version=catalogue.rules_version,
        weights=catalogue.weights,
    )


def raised_questions(questions: QuestionSet, answers: Mapping[str, str]) -> list[Question]:
    """Return the questions whose answer says something.

    Raises:
        ValueError: an answer is none of the four.
    """
    for question in questions.questions:
        if answers.get(question.id, "skip") not in ANSWERS:
            raise ValueError(f"The answer to {question.id} must be one of: {', '.join(sorted(ANSWERS))}.")
    return [question for question in questions.questions if answers.get(question.id) == question.raised_by]


def scale_of(catalogue: IndicatorCatalogue, profile: str) -> Scale:
    """Return the scale of a profile.

    Raises:
        ValueError: there is no such profile.
    """
    columns = list(Weight)
    return {
        name: (catalogue.indicators[name].dimension, columns.index(weight))
        for name, weight in catalogue.weights_in(profile).items()
    }


def rules_met(scale: Scale, triggered: Iterable[str]) -> dict[int, str]:
    """Return the positive dimensions, each with its rule; an indicator that the profile lacks does not count.

    Args:
        scale: the profile's scale.
        triggered: indicator ids, each once.
    """
    counts: dict[int, list[int]] = {}
    for name in triggered:
        if name in scale:
            dimension, column = scale[name]
            counts.setdefault(dimension, [0, 0, 0])[column] += 1
    rules = {dimension: positive(*count) for dimension, count in counts.items()}
    return {dimension: rule for dimension, rule in rules.items() if rule}


def outcome(questions: QuestionSet, child: bool, met: Collection[int], raised: Collection[Question]) -> Outcome:
    """Return what follows from the positive dimensions and the questions raised.

    That somebody recruited, moved, housed or received the person follows from the situation or from an answer
    that says so.
    """
    act = questions.act or any(question.act for question in raised)
    reasons = {question.refer for question in raised if question.refer}
    return Outcome(
        positive=frozenset(met),
        case=classify(met, child=child, act=act) if EXPLOITATION in questions.fills else CaseClass.NOT_APPLICABLE,
        refer=frozenset(reasons | {Referral.CHILD}) if child else frozenset(reasons),
    )


def classify(positive_dimensions: Collection[int], *, child: bool, act: bool) -> CaseClass:
    """Return the class of a case (design, section 4; `facts/indicators.md` A.2).

    Trafficking: exploitation, a means at recruitment, and coercion or abuse of vulnerability at destination.
    For a child no means is needed: exploitation, and an act, is enough.

    Args:
        positive_dimensions: numbers of the positive dimensions.
        child: whether the person is or may be under 18.
        act: whether somebody recruited, moved, housed or received the person.
    """
    if EXPLOITATION not in positive_dimensions:
        return CaseClass.NONE_ESTABLISHED
    if child:
        return CaseClass.TRAFFICKING if act else CaseClass.EXPLOITED
    if RECRUITMENT.isdisjoint(positive_dimensions):
        return CaseClass.EXPLOITED
    if COERCION.isdisjoint(positive_dimensions):
        return CaseClass.DECEIVED_AND_EXPLOITED
    return CaseClass.TRAFFICKING
