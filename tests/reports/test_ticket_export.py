"""An export uses the standard's names only for the standard's values, and keeps everything else as its own."""

import json

import pytest
from hypothesis import given

from bot import PROJECT_ROOT
from bot.knowledge.htcds import Standard, load_htcds
from bot.reports.export import PREFIX, export
from bot.reports.ticket import Ticket, to_bytes
from tests.reports.tickets import ticket, tickets

STANDARD: Standard = load_htcds(PROJECT_ROOT / "data")


@given(tickets())
def test_a_standard_field_holds_only_what_its_picklist_allows(drawn: Ticket) -> None:
    for name, value in export(drawn, STANDARD).items():
        if name.startswith(PREFIX) or name in STANDARD.texts:
            continue
        picklist = STANDARD.picklists[name]
        assert isinstance(value, list) is picklist.many
        assert set(value if picklist.many else [value]) <= set(picklist.allowed)


@given(tickets())
def test_everything_that_was_sealed_is_in_the_export(drawn: Ticket) -> None:
    exported = json.loads(json.dumps(export(drawn, STANDARD, "01H")))
    for name, value in json.loads(to_bytes(drawn)).items():
        assert exported.get(PREFIX + name, value) == value
        assert PREFIX + name in exported or value in ([], {})


def test_the_fields_of_the_standard_are_filled() -> None:
    full = ticket(
        about_whom="someone_i_know", stage="transit", place={"country": "PL"}, narrative="words", gender="Feminine",
        recruitment_channels=("Telegram", "OLX"), methods_of_control=("WithholdsDocuments", "RestrictsMovement"),
        recruiter_relation="Unaquainted", industry="F_Construction", exploitation_types=("ForcedLabour",),
    )  # fmt: skip
    fields = {name: value for name, value in export(full, STANDARD).items() if not name.startswith(PREFIX)}
    assert fields == {
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking", "hte_Type": "Transit", "hte_Country": "PL",
        "cas_IncomingReferralDetails": "words", "prs_Gender": "Feminine",
        "vic_RelationshipToTrafficker": "Unaquainted", "vic_RecruitmentWebsitesAndApps": ["Telegram", "Other"],
        "vic_MethodsOfControl": ["WithholdsDocuments", "Other"], "vic_TypeOfExploitation": ["ForcedLabour"],
        "vic_ForcedLabourIndustry": "F_Construction",
    }  # fmt: skip
    assert export(full, STANDARD)["oberih_methods_of_control"] == ["WithholdsDocuments", "RestrictsMovement"]


@pytest.mark.parametrize(
    "fields, named",
    [
        ({}, False),
        ({"about_whom": "offer_only"}, False),
        ({"about_whom": "me", "concern": "labour"}, False),
        ({"about_whom": "me", "concern": "fraud"}, False),
        ({"about_whom": "me"}, True),
        ({"about_whom": "someone_else", "concern": "trafficking"}, True),
        ({"form": "child", "age": "child", "concern": "child"}, True),
    ],
)
def test_nobody_is_called_a_possible_victim_over_an_offer_alone(fields: dict, named: bool) -> None:
    assert ("vic_TraffickingStatus" in export(ticket(**fields), STANDARD)) is named


def test_a_single_value_outside_a_list_without_other_is_left_to_our_own_field() -> None:
    exported = export(ticket(gender="prefer my own words"), STANDARD)
    assert "prs_Gender" not in exported and exported["oberih_gender"] == "prefer my own words"
