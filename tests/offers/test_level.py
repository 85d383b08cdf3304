"""The level rule, as it stands in the data."""

import pytest

from bot.knowledge.signs import Kind
from bot.offers.level import Level, leading_concern, level_of


@pytest.mark.parametrize(
    "signs, level",
    [
        (["J24"], Level.HIGH),
        (["J7", "J8"], Level.HIGH),
        (["J7", "J1", "J3"], Level.HIGH),
        (["J7"], Level.ELEVATED),
        (["J7", "J1"], Level.ELEVATED),
        (["J1", "J13"], Level.ELEVATED),
        (["J20"], Level.ELEVATED),
        (["J1"], Level.NONE_FOUND),
        (["J9", "J36"], Level.NONE_FOUND),
        ([], Level.NONE_FOUND),
        (["J4b"], Level.NONE_FOUND),
        (["J4b", "J3"], Level.ELEVATED),
        (["H1", "H15"], Level.HIGH),
        (["T10"], Level.NONE_FOUND),
    ],
)
def test_signs_add_up_to_a_level(knowledge, signs: list[str], level: Level) -> None:
    assert level_of(knowledge.catalogue, signs, Kind.JOB, ()) is level


def test_three_missing_facts_are_too_little_to_judge_but_never_hide_a_sign(knowledge) -> None:
    missing = ("employer", "place", "contract")
    assert level_of(knowledge.catalogue, ["J9"], Kind.JOB, missing) is Level.NOT_ENOUGH
    assert level_of(knowledge.catalogue, ["J24"], Kind.JOB, missing) is Level.HIGH
    assert level_of(knowledge.catalogue, [], Kind.OTHER, missing) is Level.NONE_FOUND


@pytest.mark.parametrize(
    "signs, concern",
    [
        ([], None), (["J20"], "fraud"), (["J15"], "labour"), (["J1", "J15"], "trafficking"),
        (["J20", "J15"], "fraud"), (["J5", "J24"], "child"), (["J24", "J20"], "trafficking"),
    ],
)  # fmt: skip
def test_the_most_severe_sign_leads_and_ties_go_by_order(knowledge, signs: list[str], concern: str | None) -> None:
    found = leading_concern(knowledge.catalogue, signs)
    assert (found.value if found else None) == concern
