"""Urgent: exploitation or transit now, a departure within 72 hours, a minor, documents held and no way out."""

import pytest

from bot.reports.completeness import completeness
from bot.reports.rating import rated
from bot.reports.urgent import urgent_reasons
from tests.reports.tickets import day, ticket

CONTROL = ("WithholdsDocuments", "RestrictsMovement")


@pytest.mark.parametrize(
    "fields, reasons",
    [
        ({}, ()),
        ({"stage": "exploitation", "when": {"moment": "now"}}, ("exploitation_now",)),
        ({"stage": "transit", "when": {"moment": "now"}}, ("transit_now",)),
        ({"stage": "recruitment", "when": {"moment": "now"}}, ()),
        ({"stage": "exploitation", "when": {"moment": "past"}}, ()),
        ({"stage": "transit"}, ()),
        ({"when": {"moment": "leaving"}}, ()),
        ({"deadline": day(0)}, ("leaving_within_72_hours",)),
        ({"deadline": day(3)}, ("leaving_within_72_hours",)),
        ({"deadline": day(4)}, ()),
        ({"deadline": day(-1)}, ("leaving_within_72_hours",)),
        ({"deadline": day(-2)}, ()),
        ({"deadline": day(0), "when": {"moment": "past"}}, ()),
        ({"age": "child"}, ("minor",)),
        ({"age": "unsure"}, ("minor",)),
        ({"age": "adult"}, ()),
        ({"age": "unknown"}, ()),
        ({"methods_of_control": CONTROL}, ("documents_held_cannot_leave",)),
        ({"methods_of_control": CONTROL[:1]}, ()),
        ({"methods_of_control": CONTROL[1:]}, ()),
        ({"stage": "transit", "when": {"moment": "now"}, "age": "child"}, ("transit_now", "minor")),
    ],
)
def test_a_ticket_is_urgent_for_these_reasons_only(fields: dict, reasons: tuple[str, ...]) -> None:
    found = rated(ticket(**fields))
    assert urgent_reasons(found) == found.urgent_reasons == reasons
    assert found.urgent is bool(reasons)


@pytest.mark.parametrize(
    "fields, said",
    [
        ({}, 0),
        ({"place": {"country": "DE"}}, 1),
        ({"place": {"words": "склад біля вокзалу"}}, 1),
        ({"place": {"country": "DE", "words": "склад біля вокзалу"}}, 2),
        ({"deadline": day(9)}, 1),
        ({"identifiers": ({"value": "+48226280120", "type": "phone"},)}, 1),
        ({"narrative": "довга розповідь", "offer": "робота"}, 0),
        (
            {"place": {"country": "DE"}, "when": {"moment": "now"}, "with_whom": "бригадир", "stage": "exploitation",
             "basis_of_knowledge": "saw"},
            5,
        ),
    ],
)  # fmt: skip
def test_completeness_counts_the_five_things_asked_first(fields: dict, said: int) -> None:
    assert completeness(ticket(**fields)) == said
