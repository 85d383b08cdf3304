"""What answers say: dimensions, class, reasons to refer."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import PROJECT_ROOT
from bot.knowledge.indicators import load_indicators
from bot.knowledge.questions import QuestionSet, load_questions
from bot.screening.screen import CaseClass, Screening, classify, screen

CATALOGUE = load_indicators(PROJECT_ROOT / "data")
SETS = load_questions(PROJECT_ROOT / "data")
PROFILES = list(CATALOGUE.profiles)
SITUATIONS = list(SETS)


def raising(questions: QuestionSet, *names: str) -> dict[str, str]:
    """The answers that raise the named questions of a set."""
    ids = {f"{questions.situation.value}.{name}" for name in names}
    return {question.id: question.raised_by for question in questions.questions if question.id in ids}


def positive_in(screening: Screening) -> dict[int, str]:
    return {dimension.number: dimension.rule for dimension in screening.dimensions if dimension.rule}


@pytest.mark.parametrize(
    "positive, case",
    [
        ((), "none_established"), ((1, 2, 3, 5, 6), "none_established"), ((4,), "exploited"),
        ((4, 5, 6), "exploited"), ((4, 1), "deceived_and_exploited"), ((4, 2), "deceived_and_exploited"),
        ((4, 3), "deceived_and_exploited"), ((4, 1, 5), "trafficking"), ((4, 3, 6), "trafficking"),
    ],
)  # fmt: skip
def test_an_adult_class_needs_exploitation_then_means_then_coercion(positive: tuple[int, ...], case: str) -> None:
    for act in (True, False):
        assert classify(positive, child=False, act=act).value == case


@pytest.mark.parametrize("others", [(), (1,), (1, 5), (2, 6)])
def test_for_a_child_an_act_and_exploitation_are_enough(others: tuple[int, ...]) -> None:
    assert classify((4, *others), child=True, act=True) is CaseClass.TRAFFICKING
    assert classify((4, *others), child=True, act=False) is CaseClass.EXPLOITED
    assert classify(others, child=True, act=True) is CaseClass.NONE_ESTABLISHED


def test_indicators_weights_and_rule_of_each_dimension_are_told() -> None:
    found = screen(CATALOGUE, SETS["at_work"], "adult_labour", raising(SETS["at_work"], "documents", "pay", "hours"))
    told = {d.number: ([(name, weight.value) for name, weight in d.triggered], d.rule) for d in found.dimensions}
    assert told == {
        1: ([("D1.8", "M")], None),
        2: ([], None),
        3: ([], None),
        4: ([("D4.1", "S"), ("D4.4", "M")], "b"),
        5: ([("D5.1", "S"), ("D5.14", "M")], "b"),
        6: ([], None),
    }
    assert found.case is CaseClass.EXPLOITED


def test_profiles_weigh_the_same_answers_differently() -> None:
    answers = raising(SETS["at_work"], "pay", "hours")
    assert 4 in positive_in(screen(CATALOGUE, SETS["at_work"], "adult_labour", answers))
    assert 4 not in positive_in(screen(CATALOGUE, SETS["at_work"], "adult_sexual", answers))


def test_two_answers_for_one_indicator_count_once() -> None:
    answers = raising(SETS["on_the_way"], "documents", "leave", "phone")
    found = screen(CATALOGUE, SETS["on_the_way"], "adult_labour", answers)
    assert [name for name, _ in found.dimensions[1].triggered] == ["D2.3", "D2.5"]
    assert found.dimensions[1].rule is None


@pytest.mark.parametrize("situation", ["offer", "on_the_way"])
def test_nobody_is_classed_before_exploitation_can_be_there(situation: str) -> None:
    everything = {question.id: question.raised_by for question in SETS[situation].questions}
    for profile in CATALOGUE.profiles:
        found = screen(CATALOGUE, SETS[situation], profile, everything)
        assert found.case is CaseClass.NOT_APPLICABLE
        assert [dimension.applicable for dimension in found.dimensions] == [True] * 3 + [False] * 3


@pytest.mark.parametrize("situation", ["at_work", "in_housing", "in_a_relationship"])
@pytest.mark.parametrize("profile", PROFILES)
def test_at_destination_every_profile_can_reach_trafficking(situation: str, profile: str) -> None:
    everything = {question.id: question.raised_by for question in SETS[situation].questions}
    assert screen(CATALOGUE, SETS[situation], profile, everything).case is CaseClass.TRAFFICKING


def test_documents_taken_or_cannot_leave_refer_whatever_the_score() -> None:
    housing = SETS["in_housing"]
    taken = screen(CATALOGUE, housing, "adult_labour", raising(housing, "documents"))
    both = screen(CATALOGUE, housing, "adult_labour", raising(housing, "leave", "documents"))
    assert (taken.refer, positive_in(taken)) == (("documents_taken",), {})
    assert both.refer == ("documents_taken", "cannot_leave")


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("profile", ["child_labour", "child_sexual"])
def test_a_child_is_referred_without_a_single_answer(situation: str, profile: str) -> None:
    assert screen(CATALOGUE, SETS[situation], profile, {}).refer == ("child",)


def test_a_child_who_works_for_somebody_needs_an_act_for_trafficking() -> None:
    home, housing = SETS["in_a_relationship"], SETS["in_housing"]
    exploited = screen(CATALOGUE, home, "child_labour", raising(home, "money", "hours"))
    recruited = screen(CATALOGUE, home, "child_labour", raising(home, "money", "hours", "promised"))
    housed = screen(CATALOGUE, housing, "child_labour", raising(housing, "hours", "worse"))
    assert exploited.case is CaseClass.EXPLOITED
    assert recruited.case is housed.case is CaseClass.TRAFFICKING
    assert 1 not in positive_in(recruited)


@given(
    st.sampled_from(SITUATIONS),
    st.sampled_from(PROFILES),
    st.lists(st.sampled_from(["yes", "no", "dont_know", "skip"]), min_size=7, max_size=7),
)
def test_dont_know_and_skip_count_neither_way(situation: str, profile: str, given_answers: list[str]) -> None:
    questions = SETS[situation]
    answers = dict(zip((question.id for question in questions.questions), given_answers, strict=True))
    said = {question: answer for question, answer in answers.items() if answer in ("yes", "no")}
    assert screen(CATALOGUE, questions, profile, answers) == screen(CATALOGUE, questions, profile, said)


@pytest.mark.parametrize("answer", ["dont_know", "skip"])
def test_skipping_everything_establishes_nothing(answer: str) -> None:
    for questions in SETS.values():
        found = screen(CATALOGUE, questions, "adult_labour", {q.id: answer for q in questions.questions})
        assert (positive_in(found), found.refer) == ({}, ())
        assert found.case in (CaseClass.NONE_ESTABLISHED, CaseClass.NOT_APPLICABLE)


def test_no_single_answer_makes_a_dimension_positive() -> None:
    for questions, profile in itertools.product(SETS.values(), CATALOGUE.profiles):
        for question in questions.questions:
            found = screen(CATALOGUE, questions, profile, {question.id: question.raised_by})
            assert positive_in(found) == {}, (question.id, profile)


def test_a_screening_says_that_it_is_provisional_and_by_which_rules() -> None:
    found = screen(CATALOGUE, SETS["offer"], "adult_sexual", {})
    assert (found.provisional, found.weights, found.rules_version) == (True, "unverified", CATALOGUE.rules_version)


def test_answers_to_other_questions_are_left_aside() -> None:
    answers = {"in_housing.documents": "no", "J24": "yes"}
    assert screen(CATALOGUE, SETS["at_work"], "adult_labour", answers).refer == ()


def test_an_unknown_answer_or_profile_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"The answer to at_work\.pay must be one of: dont_know, no, skip, yes\."):
        screen(CATALOGUE, SETS["at_work"], "adult_labour", {"at_work.pay": "maybe"})
    with pytest.raises(ValueError, match=r"There is no profile adult\. Choose one of: adult_labour"):
        screen(CATALOGUE, SETS["at_work"], "adult", {})
