"""The order of the queue, and what a search finds."""

from datetime import timedelta, timezone
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk import rows, table
from bot.reports.child import referral
from bot.reports.glance import Glance, glance
from bot.reports.rating import rated
from bot.reports.ticket import Age, Basis, Identifier, Moment, Place, Stage, When, to_bytes
from bot.store.records import Standing
from tests.reports.tickets import NOW, day, ticket, tickets

NOW_HERE = When(moment=Moment.NOW)


def seen(one) -> Glance:
    return glance(to_bytes(one))


def standing(one, id: str, state: str = "new") -> Standing:
    return Standing(id, state, one.created.date(), b"m" * table.MARK_BYTES)


def table_of(several, repeats=()) -> table.Table:
    """The table of these tickets, each with its place as its id."""
    entries = [table.entry(standing(one, f"{at:032x}"), seen(rated(one)), 0) for at, one in enumerate(several)]
    made = table.made(entries)
    for at, count in enumerate(repeats):
        made[at]["repeats"] = count
    return made


def row_of(one) -> rows.Row:
    return table.row(table_of([one])[0], rows.short(one.place.words))


def test_urgent_by_deadline_then_child_then_repeats_then_completeness_then_age() -> None:
    complete = {"place": Place(country="DE", words="Köln"), "stage": Stage.RECRUITMENT, "basis_of_knowledge": Basis.SAW}
    tomorrow = {"when": NOW_HERE, "stage": Stage.EXPLOITATION, "created": NOW + timedelta(days=1)}
    ordered = [
        (ticket(deadline=day(0), when=When(moment=Moment.LEAVING)), 0),
        (ticket(**tomorrow, age=Age.UNSURE), 0),
        (ticket(**tomorrow), 2),
        (ticket(**tomorrow, place=complete["place"]), 0),
        (ticket(**tomorrow), 0),
        (ticket(deadline=day(3), when=When(moment=Moment.LEAVING)), 5),
        (ticket(created=NOW), 3),
        (ticket(**complete, created=NOW + timedelta(hours=1)), 2),
        (ticket(**complete, created=NOW + timedelta(hours=1)), 0),
        (ticket(created=NOW - timedelta(days=9)), 0),
        (ticket(created=NOW), 0),
    ]
    shuffled = Random(1).sample(range(len(ordered)), len(ordered))
    made = table_of([ordered[at][0] for at in shuffled], [ordered[at][1] for at in shuffled])
    assert [shuffled[slot] for slot in table.in_order(made)] == list(range(len(ordered)))


def test_a_child_is_urgent_and_first_of_its_day() -> None:
    made = table_of([ticket(when=NOW_HERE, stage=Stage.TRANSIT), referral(NOW)])
    child = table.row(made[1], "")
    assert child.child and child.urgent == ("minor",)
    assert list(table.in_order(made)) == [1, 0]


def test_what_does_not_open_still_has_a_line() -> None:
    made = table.made([table.entry(standing(ticket(), "a" * 32), None, 0)])
    line = table.row(made[0], "")
    assert line.damaged and line.created.tzinfo is timezone.utc and not line.urgent and line.id == "a" * 32


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tickets())
def test_a_line_says_what_the_ticket_says(one) -> None:
    one = rated(one)
    line = row_of(one)
    assert (line.created, line.deadline, line.completeness) == (one.created, one.deadline, one.completeness)
    assert (line.kind, line.concern, line.stage, line.level) == (one.kind, one.concern, one.stage, one.level)
    assert (line.form, line.country, line.urgent) == (one.form, one.place.country, one.urgent_reasons)
    assert line.child == (one.age in (Age.CHILD, Age.UNSURE))
    assert line.place is None or len(line.place) <= 60


@pytest.mark.parametrize(
    "query",
    [
        "+380 50 234-56-78",
        "380502345678",
        "0502345678".removeprefix("0"),
        "ВІКТОР",
        "viktor  склад",
        "ｖｉｋｔｏｒ",
        "j24",
    ],
)
def test_a_search_finds_numbers_names_and_words_however_typed(query: str) -> None:
    one = ticket(
        narrative="Бригадир Віктор, склад біля вокзалу",
        identifiers=(Identifier(value="+380502345678", type="phone"), Identifier(value="@viktor_de", type="handle")),
        signs=({"id": "J24", "title": "Papers kept", "severity": "H", "evidence": ("паспорт",)},),
    )
    words = rows.searchable(seen(one))
    assert all(any(part in word for word in words) for part in rows.wanted(query))


def test_a_search_needs_every_word() -> None:
    words = rows.searchable(seen(ticket(narrative="склад у Магдебурзі")))
    assert not all(any(part in word for word in words) for part in rows.wanted("склад Берлін"))
    assert rows.wanted("  ") == ()


@given(st.text())
def test_no_query_breaks_a_search(query: str) -> None:
    assert all(isinstance(part, str) and part for part in rows.wanted(query))


def test_numbers_in_other_words_are_found_however_they_are_written() -> None:
    words = rows.also_searchable(["Ring back +380 (50) 234-56-78, Віктор", "berlin"])
    for query in ("380502345678", "0502345678", "віктор ring", "BERLIN"):
        assert all(part in words for part in rows.wanted(query)), query
