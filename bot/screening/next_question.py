"""Which question to ask next: the reviewed order, without what can no longer change the outcome."""

from collections.abc import Mapping, Sequence
from typing import Optional

from bot.knowledge.indicators import IndicatorCatalogue
from bot.knowledge.questions import Question, QuestionSet
from bot.screening.screen import Outcome, outcome, raised_questions, rules_met, scale_of


def next_question(
    catalogue: IndicatorCatalogue, question_set: QuestionSet, profile: str, answers: Mapping[str, str]
) -> Optional[str]:
    """Return the id of the first open question that can still change the outcome, or None.

    The outcome is the set of positive dimensions, the class and the reasons to refer. A question can change
    it if, for at least one way of answering all other open questions, yes and no lead to different outcomes.
    A question that gives a reason to refer is therefore left out only where that reason is established.

    Args:
        catalogue: the indicators and their weights.
        question_set: the questions of the situation.
        profile: the list of indicators to weigh by, such as `adult_labour`.
        answers: question id to `yes`, `no`, `dont_know` or `skip`; every answered question is closed.

    Raises:
        ValueError: there is no such profile, or an answer is none of the four.
    """
    still_open = [question for question in question_set.questions if question.id not in answers]
    outcomes = _outcomes(catalogue, question_set, profile, raised_questions(question_set, answers), still_open)
    for place, question in enumerate(still_open):
        raised = 1 << place
        if any(outcomes[ways] != outcomes[ways | raised] for ways in range(len(outcomes))):
            return question.id
    return None


def _outcomes(
    catalogue: IndicatorCatalogue,
    question_set: QuestionSet,
    profile: str,
    raised: Sequence[Question],
    still_open: Sequence[Question],
) -> list[Outcome]:
    """Return the outcome of every way to answer: bit n of the place says that the n-th open question is raised."""
    child = catalogue.profile(profile).child
    scale = scale_of(catalogue, profile)
    ways: list[tuple[Question, ...]] = [tuple(raised)]
    for question in still_open:
        ways += [(*way, question) for way in ways]
    return [
        outcome(
            question_set,
            child,
            rules_met(scale, {name for question in way for name in question.indicators}).keys(),
            way,
        )
        for way in ways
    ]
