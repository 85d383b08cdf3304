"""What is the reporter's own is found wherever and however it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.own_values import holds_own, without_own

OWN = (
    ("phone", "+380671112233"), ("person", "Олена Петренко"), ("address", "вул. Шевченка 5, кв. 3"),
    ("email", "anna.test@example.com"), ("iban", "UA62 0000 0000"),
)  # fmt: skip


@pytest.mark.parametrize(
    "text, left",
    [
        ("пишіть 067 111 22 33 або 050 123 45 67", "пишіть [phone] або 050 123 45 67"),
        ("(+38) 067-111-22-33, 00380671112233", "[phone], [phone]"),
        ("050 123 45 67 067 111 22 33 050 765 43 21", "050 123 45 67 [phone] 050 765 43 21"),
        ("380671112233", "[phone]"),
        ("Олено, ОЛЕНА, олена, Оленою, Петренка", "[person], [person], [person], [person], [person]"),
        ("Олег і Олексій Петров", "Олег і Олексій Петров"),
        ("Вул. Шевченка, 5 кв 3; вул. Шевченка 7", "[address]; вул. Шевченка 7"),
        ("Anna.Test@Example.com, anna@example.com", "[email], anna@example.com"),
        ("UA6200000000", "[iban]"),
    ],
)
def test_another_way_of_writing_it_is_the_same(text: str, left: str) -> None:
    assert without_own(text, OWN) == left
    assert holds_own(text, OWN) is (text != left)


def test_a_short_number_is_nobodys() -> None:
    assert without_own("3000 євро", (("id_number", "3000"),)) == "3000 євро"


@given(st.text(max_size=60))
def test_nothing_changes_where_nothing_is_own(text: str) -> None:
    assert without_own(text, ()) == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_nothing_of_the_reporter_is_left(before: str, after: str) -> None:
    left = without_own(f"{before} anna.test@example.com {after} Олену", OWN)
    assert "anna.test" not in left.split("[email]")[0][-30:] and not left.endswith("Олену")
