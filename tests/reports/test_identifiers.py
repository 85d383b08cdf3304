"""Two people who name the same identifier in two ways are found to name the same one."""

import pytest

from bot import PROJECT_ROOT
from bot.knowledge.common import load_common
from bot.reports.identifiers import Lead, Leads
from bot.reports.ticket import Identifier, Ticket
from tests.reports.tickets import NOW

COMMON = load_common(PROJECT_ROOT / "data")
LEADS = Leads(COMMON)


def leads(*identifiers: Identifier) -> list[tuple[str, str]]:
    return [(lead.kind, lead.value) for lead in LEADS.of(Ticket(created=NOW, identifiers=identifiers))]


@pytest.mark.parametrize(
    "kind, written, lead",
    [
        ("phone", "+380501234567", ("phone", "+380501234567")),
        ("phone", "0501234", ("phone", "0501234")),
        ("handle", "@Robota_PL", ("handle", "robota_pl")),
        ("handle", "t.me/robota_pl", ("handle", "robota_pl")),
        ("url", "https://t.me/s/robota_pl/12", ("handle", "robota_pl")),
        ("url", "https://t.me/+AbCdEf", ("page", "t.me/+abcdef")),
        ("handle", "wa.me/380501234567", ("phone", "+380501234567")),
        ("url", "https://www.Evil.Example.com/a?b=c", ("domain", "example.com")),
        ("url", "evil.com.ua/x", ("domain", "evil.com.ua")),
        ("url", "http://203.0.113.7/x", ("domain", "203.0.113.7")),
        ("url", "https://uk-ua.facebook.com/groups/123/", ("page", "facebook.com/groups/123")),
        ("url", "m.facebook.com/profile.php?id=77&x=1", ("page", "facebook.com/profile.php?id=77")),
        ("url", "https://evil.wordpress.com", ("page", "evil.wordpress.com")),
        ("email", "Boss@Evil.example", ("email", "boss@evil.example")),
        ("iban", "PL61 1090 1014 0000 0712 1981 2874", ("iban", "PL61109010140000071219812874")),
        ("plate", "АА 1234 ВВ", ("plate", "AA1234BB")),
        ("plate", "AA1234BB", ("plate", "AA1234BB")),
        ("wallet", "0xAB" + "0" * 38, ("wallet", "0xab" + "0" * 38)),
    ],
)
def test_identifiers_have_one_form(kind: str, written: str, lead: tuple[str, str]) -> None:
    assert leads(Identifier(value=written, type=kind)) == [lead]


@pytest.mark.parametrize(
    "kind, written",
    [
        ("phone", "112"),
        ("phone", "+48 22 628 01 20"),
        ("url", "https://www.facebook.com/"),
        ("url", "https://bit.ly"),
        ("handle", "@telegram"),
        ("person", "Olena Petrenko"),
        ("company", "Best Work"),
        ("url", "http://[broken"),
        ("handle", "@"),
    ],
)
def test_what_many_share_and_names_are_no_leads(kind: str, written: str) -> None:
    assert leads(Identifier(value=written, type=kind)) == []


def test_a_lead_stands_once_and_the_page_it_was_on_counts_too() -> None:
    twice = Identifier(value="@robota_pl", type="handle", url="https://evil.example.net/1")
    assert leads(twice, twice) == [("handle", "robota_pl"), ("domain", "example.net")]


def test_every_number_of_the_directory_is_on_the_list() -> None:
    assert {"112", "48226280120"} <= COMMON.phones and "facebook.com" in COMMON.hosts
    assert Lead("phone", "1") != Lead("handle", "1")
