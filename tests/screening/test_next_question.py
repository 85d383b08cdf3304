"""Asking only what can still change the outcome."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import PROJECT_ROOT
from bot.knowledge.indicators import load_indicators
from bot.knowledge.questions import QuestionSet, load_questions
from bot.screening.next_question import next_question
from bot.screening.screen import CaseClass, screen

CATALOGUE = load_indicators(PROJECT_ROOT / "data")
SETS = load_questions(PROJECT_ROOT / "data")
PROFILES = list(CATALOGUE.profiles)
SITUATIONS = list(SETS)
ANSWERS = st.lists(st.sampled_from(["yes", "no", "dont_know", "skip"]), min_size=7, max_size=7)


def outcome(questions: QuestionSet, profile: str, answers: dict[str, str]) -> tuple[object, ...]:
    found = screen(CATALOGUE, questions, profile, answers)
    return tuple(dimension.positive for dimension in found.dimensions), found.case, found.refer


def interview(questions: QuestionSet, profile: str, answers: dict[str, str]) -> dict[str, str]:
    """Ask as the assistant does, of somebody who would answer so; return what was asked and answered."""
    said: dict[str, str] = {}
    while (asked := next_question(CATALOGUE, questions, profile, said)) is not None:
        assert asked not in said
        said[asked] = answers[asked]
    return said


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SITUATIONS), st.sampled_from(PROFILES), ANSWERS)
def test_what_was_left_out_could_not_have_changed_the_outcome(
    situation: str, profile: str, given_answers: list[str]
) -> None:
    questions = SETS[situation]
    ids = [question.id for question in questions.questions]
    said = interview(questions, profile, dict(zip(ids, given_answers, strict=True)))
    left_out = [question for question in ids if question not in said]
    decided = outcome(questions, profile, said)
    for ways in itertools.product(("yes", "no"), repeat=len(left_out)):
        assert outcome(questions, profile, {**said, **dict(zip(left_out, ways, strict=True))}) == decided


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SITUATIONS), st.sampled_from(PROFILES), ANSWERS)
def test_a_reason_to_refer_is_always_asked_about_unless_established(
    situation: str, profile: str, given_answers: list[str]
) -> None:
    questions = SETS[situation]
    ids = [question.id for question in questions.questions]
    said = interview(questions, profile, dict(zip(ids, given_answers, strict=True)))
    reasons = screen(CATALOGUE, questions, profile, said).refer
    for question in questions.questions:
        if question.refer and question.id not in said:
            assert question.refer.value in reasons


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("profile", ["adult_labour", "adult_sexual"])
def test_no_question_of_a_set_is_idle(situation: str, profile: str) -> None:
    ids = [question.id for question in SETS[situation].questions]
    for asked in ids:
        assert any(
            outcome(SETS[situation], profile, {**rest, asked: "yes"})
            != outcome(SETS[situation], profile, {**rest, asked: "no"})
            for rest in completions([question for question in ids if question != asked])
        ), asked


@pytest.mark.parametrize("situation", SITUATIONS)
def test_questions_come_in_the_reviewed_order(situation: str) -> None:
    ids = [question.id for question in SETS[situation].questions]
    for way in completions(ids)[::9]:
        asked = list(interview(SETS[situation], "adult_labour", way))
        assert asked == [question for question in ids if question in asked]
        assert asked[0] == ids[0]


def completions(ids: list[str]) -> list[dict[str, str]]:
    return [dict(zip(ids, ways, strict=True)) for ways in itertools.product(("yes", "no"), repeat=len(ids))]


def test_a_dimension_that_is_positive_is_not_asked_about_again() -> None:
    said = {"at_work.documents": "no", "at_work.leave": "no", "at_work.pay": "no", "at_work.hours": "yes"}
    assert next_question(CATALOGUE, SETS["at_work"], "adult_labour", said) == "at_work.promised"
    said["at_work.promised"] = "no"
    assert next_question(CATALOGUE, SETS["at_work"], "adult_labour", said) is None
    assert screen(CATALOGUE, SETS["at_work"], "adult_labour", said).case is CaseClass.TRAFFICKING


def test_what_has_become_out_of_reach_is_not_asked_about() -> None:
    said = {"offer.documents": "no", "offer.who": "skip"}
    asked = interview(SETS["offer"], "adult_labour", {q.id: "no" for q in SETS["offer"].questions})
    assert next_question(CATALOGUE, SETS["offer"], "adult_labour", said) == "offer.secret"
    assert set(asked) == {"offer.documents", "offer.who", "offer.secret"}


def test_a_child_is_not_asked_whether_a_child_is_there() -> None:
    asked = interview(SETS["on_the_way"], "child_labour", {q.id: "no" for q in SETS["on_the_way"].questions})
    assert "on_the_way.children" not in asked


def test_the_next_question_is_found_within_two_milliseconds_of_work() -> None:
    times = []
    for situation, profile in itertools.product(SITUATIONS, PROFILES):
        started = time.thread_time()
        next_question(CATALOGUE, SETS[situation], profile, {})
        times.append(time.thread_time() - started)
    assert sorted(times)[len(times) // 2] < 0.002
