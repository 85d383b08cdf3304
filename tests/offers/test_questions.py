"""Questions and what their answers change."""

from dataclasses import replace

from bot.knowledge.signs import Kind
from bot.offers.level import Level
from bot.offers.questions import MAX_QUESTIONS, rank_questions, with_answers
from bot.offers.verdict import Evidence, SignFound, Verdict

VERDICT = Verdict(
    language="en", kind=Kind.JOB, direction="offering", level=Level.ELEVATED, concern=None,
    signs=(SignFound("J7", (Evidence("later", 0, 5),)),), missing=(), identifiers=(), questions=("J24", "J14"),
)  # fmt: skip


def test_at_most_three_questions_about_signs_not_found_of_the_offers_kind(knowledge) -> None:
    asked = rank_questions(knowledge.catalogue, Kind.JOB, {"J24"}, (), {"J14": 0.4})
    assert len(asked) == MAX_QUESTIONS and asked[0] == "J14" and "J24" not in asked
    assert all(knowledge.catalogue.signs[sign].kind is Kind.JOB for sign in asked)
    assert rank_questions(knowledge.catalogue, Kind.OTHER, set(), (), {}) == ()


def test_a_yes_adds_the_sign_and_raises_the_level(knowledge) -> None:
    changed = with_answers(knowledge.catalogue, VERDICT, {"J24": True})
    assert changed.level is Level.HIGH
    assert SignFound("J24", ()) in changed.signs


def test_a_no_lowers_only_what_was_not_high(knowledge) -> None:
    assert with_answers(knowledge.catalogue, VERDICT, {"J7": False}).level is Level.NONE_FOUND
    high = replace(VERDICT, level=Level.HIGH, signs=(SignFound("J24", (Evidence("x", 0, 1),)),))
    kept = with_answers(knowledge.catalogue, high, {"J24": False})
    assert kept.level is Level.HIGH and kept.signs == high.signs


def test_no_answer_changes_nothing(knowledge) -> None:
    assert with_answers(knowledge.catalogue, VERDICT, {}).signs == VERDICT.signs


def test_what_the_offer_leaves_out_is_asked_before_what_nothing_points_at(knowledge) -> None:
    asked = rank_questions(knowledge.catalogue, Kind.HOUSING, set(), ("address", "who_lives_there"), {})
    assert asked[:2] == ("H7", "H9")
