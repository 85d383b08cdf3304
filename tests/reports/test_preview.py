"""What is sealed is what was previewed, less the lines that were struck."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.preview import lines, without
from bot.reports.ticket import ScreeningRow, Ticket, to_bytes
from tests.reports.tickets import ticket, tickets

OURS = frozenset({
    "version", "rules_version", "form", "handling", "completeness", "text_version", "urgent", "severity", "sha256",
    "obtained", "type", "question", "id", "desk_only", "dimension", "rule", "ilo_class", "rests_on",
})  # fmt: skip
"""Marks that the software makes; all else comes from the person and has to be shown."""
FOLLOWS = ("urgent", "screening")
"""Lines that are worked out anew from the lines that stay."""

tokens = st.integers(0, 10**12).map(lambda n: f"<{n}>")


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in OURS:
                yield from leaves(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, name)
    elif not isinstance(value, bool):
        yield name, str(value)


@given(tickets(), st.data())
def test_everything_from_the_person_is_shown_before_it_is_sealed(drawn: Ticket, data: st.DataObject) -> None:
    removable = [line.id for line in lines(drawn) if line.removable]
    sealed = without(drawn, data.draw(st.sets(st.sampled_from(removable))) if removable else ())
    shown = [text for line in lines(sealed) for text in (line.value, line.label or "")]
    for name, value in leaves(json.loads(to_bytes(sealed))):
        assert any(value in text for text in shown), name


@given(tickets(tokens), st.data())
def test_a_struck_line_is_gone_unless_another_line_still_shows_it(drawn: Ticket, data: st.DataObject) -> None:
    before = lines(drawn)
    removable = [line.id for line in before if line.removable]
    removed = data.draw(st.sets(st.sampled_from(removable))) if removable else set()
    sealed = without(drawn, removed)
    content = to_bytes(sealed).decode()
    kept = " ".join(f"{line.value} {line.label or ''}" for line in before if line.id not in removed)
    for line in before:
        if line.id in removed:
            words = [word.strip(",·“”") for word in f"{line.value} {line.label or ''}".split()]
            assert not [word for word in words if word.startswith("<") and word not in kept and word in content]


@given(tickets(), st.data())
def test_the_lines_that_stay_are_sealed_unchanged(drawn: Ticket, data: st.DataObject) -> None:
    before = lines(drawn)
    removable = [line.id for line in before if line.removable]
    removed = data.draw(st.sets(st.sampled_from(removable))) if removable else set()
    stayed = [(line.label_id, line.value, line.label) for line in before if line.id not in {*removed, *FOLLOWS}]
    after = [
        (line.label_id, line.value, line.label) for line in lines(without(drawn, removed)) if line.id not in FOLLOWS
    ]
    assert after == stayed


@given(tickets())
def test_striking_everything_leaves_no_word_of_the_person(drawn: Ticket) -> None:
    sealed = without(drawn, [line.id for line in lines(drawn) if line.removable])
    bare = ticket(
        created=drawn.created, recipients=drawn.recipients, not_to=drawn.not_to, not_to_kinds=drawn.not_to_kinds,
        consent=drawn.consent, rules_version=drawn.rules_version,
    )  # fmt: skip
    assert sealed == bare


def test_a_struck_age_is_no_longer_a_reason_for_urgency() -> None:
    child = ticket(age="child", deadline="2026-11-25")
    assert without(child, ()).urgent_reasons == ("leaving_within_72_hours", "minor")
    assert without(child, ["age"]).urgent_reasons == ("leaving_within_72_hours",)
    assert without(child, ["age", "deadline"]).urgent is False


def test_a_screening_row_goes_with_the_answer_it_rests_on_and_the_class_with_the_row() -> None:
    answers = tuple({"question": name, "text": f"About {name}?", "answer": "yes"} for name in ("q1", "q2"))
    rows = (
        ScreeningRow(dimension=4, indicators=("D4.1",), rests_on=("q1",)),
        ScreeningRow(dimension=5, indicators=("D5.3",), rests_on=("q2",)),
    )
    full = ticket(answers=answers, screening=rows, ilo_class="trafficking", narrative="words")
    assert without(full, ["narrative"]).ilo_class == "trafficking"
    struck = without(full, ["answers.q1"])
    assert struck.screening == rows[1:] and struck.ilo_class is None
    assert without(full, ["screening"]).screening == ()


def test_a_row_that_does_not_say_what_it_rests_on_goes_with_any_struck_line() -> None:
    full = ticket(narrative="words", screening=(ScreeningRow(dimension=4, indicators=("D4.1",)),))
    assert without(full, ()).screening
    assert not without(full, ["narrative"]).screening


def test_a_sign_for_the_desk_only_is_not_named_and_goes_with_its_words() -> None:
    sign = {"id": "J42", "title": "Stolen photos", "severity": "L", "desk_only": True, "evidence": ("same photo",)}
    full = ticket(offer="the same photo again", signs=(sign,))
    assert not [line for line in lines(full) if "Stolen" in line.value]
    assert without(full, ()).signs
    assert without(full, ["offer"]).signs == ()
    assert without(ticket(offer="other words", signs=(sign,)), ()).signs == ()


@pytest.mark.parametrize("name", ["created", "recipients.0", "identifiers.0", "nothing"])
def test_a_line_that_is_not_there_or_cannot_be_struck_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="show the preview again"):
        without(ticket(recipients=("ngo-de",)), [name])


def test_codes_carry_the_ids_of_their_words_and_questions_carry_themselves() -> None:
    shown = {line.id: line for line in lines(ticket(stage="transit", answers=(
        {"question": "q1", "text": "Are the documents there?", "answer": "no"},
    )))}  # fmt: skip
    assert shown["stage"].value_ids == ("report.stage.transit",)
    assert shown["answers.q1"].label == "Are the documents there?"
    assert shown["answers.q1"].value_ids == ("report.answer.no",)
