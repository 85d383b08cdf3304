"""The scoring rule of a dimension, a to d."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening.rule import positive

COUNTS = st.integers(0, 16)


@pytest.mark.parametrize(
    "strong, medium, weak, rule",
    [
        (2, 0, 0, "a"), (3, 5, 1, "a"),
        (1, 1, 0, "b"), (1, 0, 1, "b"), (1, 3, 0, "b"), (1, 0, 0, None),
        (0, 3, 0, "c"), (0, 3, 1, "c"), (0, 2, 0, None),
        (0, 2, 1, "d"), (0, 2, 5, "d"), (0, 1, 1, None), (0, 1, 9, None),
        (0, 0, 16, None), (0, 0, 0, None),
    ],
)  # fmt: skip
def test_the_first_rule_that_fits_is_named(strong: int, medium: int, weak: int, rule: str | None) -> None:
    assert positive(strong, medium, weak) == rule


@given(COUNTS, COUNTS, COUNTS)
def test_the_letters_are_the_published_rule(strong: int, medium: int, weak: int) -> None:
    published = strong >= 2 or (strong >= 1 and medium + weak >= 1) or medium >= 3 or (medium >= 2 and weak >= 1)
    assert (positive(strong, medium, weak) is not None) == published


@given(COUNTS, COUNTS, COUNTS)
def test_one_more_indicator_never_takes_a_dimension_back(strong: int, medium: int, weak: int) -> None:
    if positive(strong, medium, weak):
        more = ((strong + 1, medium, weak), (strong, medium + 1, weak), (strong, medium, weak + 1))
        assert all(positive(*counts) for counts in more)
