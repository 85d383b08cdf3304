"""The screening questions: seven for each situation, and what each answer says by the ILO indicators."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Optional

from pydantic import Field

from bot.knowledge.files import Knowledge, KnowledgeError, read
from bot.knowledge.indicators import IndicatorCatalogue, load_indicators
from bot.knowledge.signs import SourceFile

QUESTIONS_IN_A_SET = 7


class Situation(str, Enum):
    """Where the person stands."""

    OFFER = "offer"
    ON_THE_WAY = "on_the_way"
    AT_WORK = "at_work"
    IN_HOUSING = "in_housing"
    IN_A_RELATIONSHIP = "in_a_relationship"


class Referral(str, Enum):
    """A reason to bring in a specialist whatever the score, in the order in which it is shown."""

    DOCUMENTS_TAKEN = "documents_taken"
    CANNOT_LEAVE = "cannot_leave"
    CHILD = "child"


class Question(Knowledge):
    """One question, worded for the person themselves and for somebody who writes about them.

    Only the answer in `raised_by` says anything: it raises the indicators, gives the reason to refer, and,
    where `act` is true, says that somebody recruited, moved, housed or received the person (any answer about
    the recruitment does).
    """

    id: str
    about_self: str
    about_other: str
    raised_by: str = Field(regex="^(yes|no)$")
    indicators: tuple[str, ...] = ()
    refer: Optional[Referral] = None
    act: bool = False
    source: tuple[str, ...]


class QuestionSet(Knowledge):
    """The seven questions of a situation, in the order in which they were reviewed.

    `fills` are the dimensions that the situation can fill at all: nobody is exploited by an offer yet.
    `act` is true where the situation itself means that somebody moved or housed the person.
    """

    situation: Situation
    fills: tuple[int, ...]
    act: bool
    review: str
    review_due: date
    questions: tuple[Question, ...]


def load_questions(data: Path) -> Mapping[str, QuestionSet]:
    """Read `data/questions/*.yml`, keyed by situation, and check each against the indicators.

    Raises:
        KnowledgeError: a file does not fit, a situation has none, or a question names what does not exist.
    """
    catalogue = load_indicators(data)
    sources = read(data / "signs" / "sources.yml", SourceFile).sources
    sets = {}
    for situation in Situation:
        path = data / "questions" / f"{situation.value}.yml"
        found = read(path, QuestionSet)
        _check_set(path, found, situation, catalogue)
        for question in found.questions:
            _check_question(path, question, found, catalogue)
            for code in set(question.source) - set(sources):
                raise KnowledgeError(f"{path}: {question.id} names the source {code}, which does not exist.")
        sets[situation.value] = found
    return sets


def _check_set(path: Path, found: QuestionSet, situation: Situation, catalogue: IndicatorCatalogue) -> None:
    if found.situation is not situation:
        raise KnowledgeError(f"{path} says that it is {found.situation.value}.")
    for dimension in set(found.fills) - set(catalogue.dimensions):
        raise KnowledgeError(f"{path} fills dimension {dimension}, which does not exist.")
    if len({question.id for question in found.questions}) != QUESTIONS_IN_A_SET:
        raise KnowledgeError(f"{path} needs {QUESTIONS_IN_A_SET} different questions.")


def _check_question(path: Path, question: Question, within: QuestionSet, catalogue: IndicatorCatalogue) -> None:
    if not question.id.startswith(f"{within.situation.value}."):
        raise KnowledgeError(f"{path}: the id {question.id} must start with {within.situation.value}.")
    if not question.indicators and question.refer is None:
        raise KnowledgeError(f"{path}: {question.id} raises nothing, so there is no reason to ask it.")
    for named in question.indicators:
        if named not in catalogue.indicators:
            raise KnowledgeError(f"{path}: {question.id} raises {named}, which does not exist.")
        if catalogue.indicators[named].dimension not in within.fills:
            raise KnowledgeError(f"{path}: {question.id} raises {named}, which this situation cannot fill.")
