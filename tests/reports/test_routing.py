"""A report goes to one intake desk; the police only if the person says so; never to those it is about."""

from dataclasses import dataclass
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.reports.routing import Staff, may_receive, route
from tests.reports.tickets import ticket


@dataclass(frozen=True)
class Desk:
    id: str
    kind: str
    countries: tuple[str, ...] = ()
    default: bool = False


NGO = Desk("ngo-de", "ngo", ("DE",))
HOTLINE = Desk("hotline", "hotline", ("UA",), default=True)
POLICE = Desk("police-de", "police", ("DE",))
LABOUR = Desk("labour-de", "labour", ("DE",), default=True)
DESKS = (POLICE, LABOUR, NGO, HOTLINE)


def test_the_intake_desk_is_that_of_the_country_else_the_default() -> None:
    assert route(DESKS, "DE").intake == "ngo-de"
    assert route(DESKS, "UA").intake == "hotline"
    assert route(DESKS, "FR").intake == "hotline"
    assert route(DESKS, None).intake == "hotline"


def test_without_a_desk_that_takes_reports_in_nothing_is_passed_on() -> None:
    for desks in ((), (POLICE, LABOUR), (NGO,)):
        found = route(desks, "FR", to_police=True)
        assert (found.intake, found.recipients) == (None, ())


def test_the_police_receive_only_what_the_person_says_they_may() -> None:
    assert route(DESKS, "DE").recipients == ("ngo-de",)
    assert route(DESKS, "DE", to_police=True).recipients == ("ngo-de", "police-de")
    assert route(DESKS, "UA", to_police=True).recipients == ("hotline",)


def test_a_report_about_police_or_border_guards_reaches_no_police() -> None:
    for staff in (Staff.POLICE, Staff.BORDER):
        found = route(DESKS, "DE", to_police=True, concerns={staff})
        assert (found.recipients, found.not_to, found.not_to_kinds) == (("ngo-de",), ("police-de",), ("police",))


def test_a_report_about_aid_or_shelter_staff_reaches_no_aid_organisation() -> None:
    for staff in (Staff.AID, Staff.SHELTER):
        found = route(DESKS, "DE", concerns={staff})
        assert (found.intake, found.not_to) == ("hotline", ("ngo-de",))
        assert route((NGO,), "DE", concerns={staff}).intake is None


def test_a_ticket_may_not_be_passed_on_to_a_desk_it_excludes_or_to_unasked_police() -> None:
    found = route(DESKS, "DE", concerns={Staff.AID})
    sealed = ticket(recipients=found.recipients, not_to=found.not_to, not_to_kinds=found.not_to_kinds)
    assert not may_receive(sealed, NGO)
    assert not may_receive(sealed, Desk("ngo-set-up-later", "ngo"))
    assert not may_receive(sealed, POLICE)
    assert may_receive(sealed, LABOUR)
    assert may_receive(ticket(recipients=("ngo-de", "police-de")), POLICE)


desks = st.builds(
    Desk, st.text(min_size=1, max_size=3), st.sampled_from(["ngo", "hotline", "police", "labour"]),
    st.lists(st.sampled_from(["DE", "PL"])).map(tuple), st.booleans(),
)  # fmt: skip


@given(
    st.lists(desks, unique_by=lambda desk: desk.id),
    st.sampled_from(["DE", "PL", None]),
    st.sets(st.sampled_from(Staff)),
)
def test_nobody_is_both_a_recipient_and_excluded(site: list[Desk], country: str | None, concerns: set[Staff]) -> None:
    kinds = {desk.id: desk.kind for desk in site}
    for to_police in (False, True):
        found = route(site, country, to_police=to_police, concerns=concerns)
        assert not set(found.recipients) & set(found.not_to)
        assert found.recipients[:1] == ((found.intake,) if found.intake else ())
        assert to_police or "police" not in {kinds[desk] for desk in found.recipients}
        sealed = ticket(recipients=found.recipients, not_to=found.not_to, not_to_kinds=found.not_to_kinds)
        for desk, name in product(site, found.recipients):
            assert desk.id != name or may_receive(sealed, desk)
