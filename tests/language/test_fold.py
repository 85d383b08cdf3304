"""Folding keeps the way back to the original."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.fold import fold
from bot.language.sentences import units


@pytest.mark.parametrize(
    "text, folded",
    [
        ("ПАСПОРТ", "паспорт"),
        ("Пpиглaшaeм нa пoдpaбoткy", "приглашаем на подработку"),
        ("𝗪𝗼𝗿𝗸 abroad", "work abroad"),
        ("пас\u200bпорт", "паспорт"),
        ("пас\u00adпорт", "паспорт"),
        ("не\u0301т", "нет"),
        ("п’ять", "п'ять"),
        ("zażółć gęślą jaźń", "zażółć gęślą jaźń"),
        ("\u202eabc\u202c", "abc"),
        ("a\x00b", "a b"),
    ],
)
def test_folding_undoes_what_hides_words(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(st.text(max_size=200))
def test_every_span_of_the_folded_text_is_a_span_of_the_original(text: str) -> None:
    folded = fold(text)
    for unit in units(folded.text):
        start, end = folded.span(unit.start, unit.end)
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=200))
@example("ำ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text).text
    assert fold(once).text.casefold() == once.casefold()


@given(st.text(max_size=300))
def test_units_lie_in_order_and_clauses_inside_their_sentence(text: str) -> None:
    sentence = None
    for unit in units(fold(text).text):
        if not unit.clause:
            assert sentence is None or unit.start >= sentence.end
            sentence = unit
        else:
            assert sentence is not None and sentence.start <= unit.start and unit.end <= sentence.end
