"""The referral of a child holds where, when, how many and with whom, and can hold no more."""

import pytest
from pydantic import ValidationError

from bot.reports.child import WithWhom, referral
from bot.reports.preview import lines, without
from bot.reports.ticket import Age, Count, Form, Moment, Place, Ticket, When
from tests.reports.tickets import NOW


def test_four_taps_make_an_urgent_ticket_without_any_score() -> None:
    sealed = referral(
        NOW, where=Place(country="PL"), when=When(moment=Moment.NOW), how_many=Count.FEW, with_whom=WithWhom.STRANGER
    )
    assert (sealed.form, sealed.age, sealed.urgent_reasons) == (Form.CHILD, Age.CHILD, ("minor",))
    assert (sealed.place.country, sealed.people_now, sealed.with_whom) == ("PL", Count.FEW, "stranger")
    assert sealed.level is None and not sealed.screening and not sealed.signs


def test_all_four_may_be_skipped_and_it_stays_the_referral_of_a_child() -> None:
    sealed = referral(NOW, age=Age.UNSURE)
    assert sealed.urgent and sealed.completeness == 0
    removable = [line.id for line in lines(sealed) if line.removable]
    assert "age" not in removable
    assert without(sealed, removable).age is Age.UNSURE


@pytest.mark.parametrize(
    "more",
    [
        {"narrative": "x"}, {"offer": "x"}, {"level": "high"},
        {"signs": ({"id": "J5", "title": "x", "severity": "H"},)},
        {"identifiers": ({"value": "x", "type": "handle"},)}, {"screening": ({"dimension": 4},)}, {"age": "adult"},
        {"age": None}, {"answers": ({"question": "q", "text": "x", "answer": "yes"},)}, {"gender": "Feminine"},
    ],
)  # fmt: skip
def test_details_and_scores_are_refused(more: dict) -> None:
    with pytest.raises(ValidationError):
        Ticket(**{"form": "child", "age": "child", "created": NOW, **more})
