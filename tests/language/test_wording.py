"""Fixed wording is matched on folded text, in small letters."""

import pytest
from pydantic import ValidationError

from bot.knowledge.danger import DangerWording
from bot.knowledge.files import KnowledgeError
from bot.language.fold import fold
from bot.language.wording import any_in, compile_all


@pytest.mark.parametrize("pattern", ["χωρίς έξοδα", "χωρίσ έξοδα", "χωρί[ςτ] έξοδα", "χωρί[^σ] ?έξοδα|χωρί[σ] έξοδα"])
def test_a_sigma_fits_whichever_form_stands_in_the_text(pattern: str) -> None:
    assert any_in(compile_all([pattern]), fold("ΧΩΡΊΣ ΈΞΟΔΑ").text) and any_in(compile_all([pattern]), "χωρίς έξοδα")


def test_capitals_in_the_text_are_folded_away_before_it_is_read() -> None:
    assert any_in(compile_all([r"\bpaszport\b"]), fold("ODDAJ PASZPORT").text)


@pytest.mark.parametrize(
    ("pattern", "taken"), [(r"\bpaszport\S+\B", True), (r"(?P<Name>cv)", True), (r"\bw CV", False)]
)
def test_a_pattern_with_a_capital_is_refused_because_it_would_never_match(pattern: str, taken: bool) -> None:
    if taken:
        assert DangerWording(phrases=(), patterns=(pattern,)).patterns == (pattern,)
        return
    with pytest.raises(ValidationError, match="small letters"):
        DangerWording(phrases=(), patterns=(pattern,))


def test_what_is_no_regular_expression_is_named() -> None:
    with pytest.raises(KnowledgeError, match="no regular expression"):
        compile_all(["locked ["])
