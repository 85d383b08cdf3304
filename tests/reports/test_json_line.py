"""A value printed as JSON is the same value, on one line, with nothing hidden in it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.reports.visible import json_line, unmasked

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_it_reads_back_as_it_was(value) -> None:
    line = json_line(value)
    assert json.loads(line) == value and len(line.splitlines()) <= 1
    assert unmasked(line).replace(" ", "") == "".join(" " if c.isspace() else c for c in line).replace(" ", "")


def test_letters_stay_and_what_acts_is_escaped() -> None:
    assert json_line("Паспорт\u202e\x9b\U000e0041\x7f") == '"Паспорт\\u202e\\u009b\\udb40\\udc41\\u007f"'
