"""The table that a desk reads."""

from bot import PROJECT_ROOT
from bot.knowledge.indicators import load_indicators
from bot.knowledge.questions import load_questions
from bot.screening.screen import screen
from bot.screening.table import Row, dimension_table

CATALOGUE = load_indicators(PROJECT_ROOT / "data")
SETS = load_questions(PROJECT_ROOT / "data")


def test_a_row_shows_what_was_raised_and_why_it_is_positive() -> None:
    answers = {"at_work.pay": "no", "at_work.hours": "yes"}
    rows = dimension_table(screen(CATALOGUE, SETS["at_work"], "adult_labour", answers), CATALOGUE)
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[3] == Row(
        number=4,
        title="Exploitation",
        indicators=("D4.1 Excessive working days or hours", "D4.4 Low or no salary"),
        weights=("strong", "medium"),
        rule="b",
        positive=True,
        result="positive",
    )


def test_what_nobody_established_is_never_called_negative() -> None:
    rows = dimension_table(screen(CATALOGUE, SETS["offer"], "adult_labour", {}), CATALOGUE)
    assert [row.result for row in rows] == ["not established"] * 3 + ["not applicable"] * 3
    assert not any(row.positive for row in rows)
