"""The order of the queue, its clocks, and what a search finds."""

from datetime import timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import rows
from bot.reports.child import referral
from bot.reports.rating import rated
from bot.reports.ticket import Age, Basis, Identifier, Moment, Place, Stage, When
from tests.reports.tickets import NOW, day, ticket, tickets

NOW_HERE = When(moment=Moment.NOW)


def row_of(one, id: str = "a" * 32, state: str = "new") -> rows.Row:
    return rows.row(id, state, one.created.date(), rows.kept(rated(one), one.created.date()))


def test_urgent_by_deadline_then_child_then_completeness_then_age() -> None:
    complete = {"place": Place(country="DE", words="Köln"), "stage": Stage.RECRUITMENT, "basis_of_knowledge": Basis.SAW}
    ordered = [
        ticket(deadline=day(0), when=When(moment=Moment.LEAVING)),
        ticket(when=NOW_HERE, stage=Stage.EXPLOITATION, created=NOW + timedelta(days=1), age=Age.UNSURE),
        ticket(when=NOW_HERE, stage=Stage.EXPLOITATION, created=NOW + timedelta(days=1), place=complete["place"]),
        ticket(when=NOW_HERE, stage=Stage.EXPLOITATION, created=NOW + timedelta(days=1)),
        ticket(deadline=day(3), when=When(moment=Moment.LEAVING)),
        ticket(**complete, created=NOW + timedelta(hours=1)),
        ticket(created=NOW - timedelta(days=9)),
        ticket(created=NOW),
    ]
    lines = [row_of(one, f"{place:032x}") for place, one in enumerate(ordered)]
    shuffled = Random(1).sample(lines, len(lines))
    assert [line.id[-1] for line in sorted(shuffled, key=rows.order)] == list("01234567")


def test_a_child_is_urgent_and_first_of_its_day() -> None:
    child, adult = row_of(referral(NOW)), row_of(ticket(when=NOW_HERE, stage=Stage.TRANSIT))
    assert child.child and child.urgent == ("minor",) and rows.order(child) < rows.order(adult)


def test_clocks_run_from_the_report() -> None:
    urgent, other = row_of(ticket(age=Age.CHILD)), row_of(ticket())
    assert rows.due(urgent, 14) == NOW + timedelta(hours=24)
    assert rows.due(other, 14) == NOW + timedelta(days=14)


def test_what_does_not_open_still_has_a_line() -> None:
    line = rows.row("a", "new", day(0), rows.kept(None, day(0)))
    assert line.damaged and line.created.tzinfo is timezone.utc and not line.urgent


@given(tickets())
def test_a_line_survives_being_kept(one) -> None:
    import json

    kept = rows.kept(rated(one), day(0))
    line = rows.row("a", "new", day(0), json.loads(json.dumps(kept)))
    assert line == rows.row("a", "new", day(0), kept)
    assert line.created == one.created and line.deadline == one.deadline
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
        "aaaaaa",
    ],
)
def test_a_search_finds_numbers_names_and_words_however_typed(query: str) -> None:
    one = ticket(
        narrative="Бригадир Віктор, склад біля вокзалу",
        identifiers=(Identifier(value="+380502345678", type="phone"), Identifier(value="@viktor_de", type="handle")),
        signs=({"id": "J24", "title": "Papers kept", "severity": "H", "evidence": ("паспорт",)},),
    )
    words = rows.searchable(one)
    assert all(rows.fits(part, "a" * 32, words) for part in rows.wanted(query))


def test_an_id_is_found_by_its_start_alone() -> None:
    assert rows.fits("17abcd", "17abcd" + "0" * 26, "")
    assert not rows.fits("17", "17abcd" + "0" * 26, "") and not rows.fits("abcd00", "17abcd" + "0" * 26, "")


def test_a_search_needs_every_word() -> None:
    words = rows.searchable(ticket(narrative="склад у Магдебурзі"))
    assert not all(part in words for part in rows.wanted("склад Берлін"))
    assert rows.wanted("  ") == ()


@given(st.text())
def test_no_query_breaks_a_search(query: str) -> None:
    assert all(isinstance(part, str) and part for part in rows.wanted(query))
