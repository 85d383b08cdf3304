"""Tickets of every shape, for the property tests."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from bot.knowledge.signs import Concern, Kind, Severity
from bot.reports.ticket import (
    AboutWhom,
    Age,
    Answer,
    Basis,
    Consent,
    Count,
    HeldBy,
    Identifier,
    Known,
    Moment,
    Obtained,
    Place,
    ScreeningRow,
    Stage,
    Ticket,
    TicketSign,
    Told,
    When,
)

NOW = datetime(2026, 11, 24, 14, 1, 19, tzinfo=timezone.utc)


def some(strategy):
    return st.none() | strategy


def several(strategy, most: int = 3):
    return st.lists(strategy, max_size=most).map(tuple)


def moments():
    return st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(timezone.utc))


def tickets(words: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Ticket]:
    """Tickets whose free texts are drawn from `words` (default: any text, half characters included)."""
    words = words if words is not None else st.text(st.characters(exclude_categories=()), max_size=40)
    identifiers = st.builds(
        Identifier, value=words, type=st.sampled_from(["phone", "url", "handle"]), platform=some(words),
        platform_id=some(words), url=some(words), posted_at=some(moments()), seen_at=some(moments()),
        obtained=some(st.sampled_from(Obtained)), sha256=some(st.just("a" * 64)),
    )  # fmt: skip
    signs = st.builds(
        TicketSign, id=st.sampled_from(["J7", "J42"]), title=words, severity=st.sampled_from(Severity),
        desk_only=st.just(False), evidence=several(words),
    )  # fmt: skip
    answers = st.builds(
        Answer, question=st.sampled_from(["q1", "q2", "q3"]), text=words,
        answer=st.sampled_from(["yes", "no", "dont_know", "skip"]) | words,
    )  # fmt: skip
    rows = st.builds(
        ScreeningRow, dimension=st.integers(1, 6), indicators=several(st.sampled_from(["D4.1", "D5.3"])),
        rule=some(st.sampled_from("abcd")), ilo_class=some(st.just("positive")),
        rests_on=several(st.sampled_from(["q1", "q2"])),
    )  # fmt: skip
    return st.builds(
        Ticket, created=moments(), rules_version=some(st.just("r1")), language=some(words),
        kind=some(st.sampled_from(Kind)), concern=some(st.sampled_from(Concern)),
        level=some(st.sampled_from(["high", "elevated"])), about_whom=some(st.sampled_from(AboutWhom)),
        age=some(st.sampled_from(Age)), gender=some(words), people_now=some(st.sampled_from(Count)),
        place=st.builds(Place, country=some(st.sampled_from(["DE", "PL"])), words=some(words)),
        when=st.builds(When, moment=some(st.sampled_from(Moment)), words=some(words)),
        deadline=some(st.dates(date(2020, 1, 1), date(2040, 1, 1))), stage=some(st.sampled_from(Stage)),
        basis_of_knowledge=some(st.sampled_from(Basis)), with_whom=some(words),
        suspect_aware=some(st.sampled_from(Known)), already_told=several(st.sampled_from(Told)),
        evidence_held_by=several(st.sampled_from(HeldBy)), recruitment_channels=several(words),
        recruitment_methods=several(words), recruiter_relation=some(words),
        methods_of_control=several(st.sampled_from(["WithholdsDocuments", "RestrictsMovement"]) | words),
        exploitation_types=several(words), sexual_exploitation_types=several(words), industry=some(words),
        narrative=some(words), offer=some(words), identifiers=several(identifiers), signs=several(signs),
        answers=several(answers), screening=several(rows), ilo_class=some(st.just("trafficking")),
        recipients=st.just(("ngo-de",)), not_to=several(st.just("police-de"), 1),
        not_to_kinds=several(st.just("police"), 1),
        consent=st.builds(Consent, contact_back=st.booleans(), statistics=st.booleans()),
    )  # fmt: skip


def ticket(**fields) -> Ticket:
    return Ticket(**{"created": NOW, **fields})


def day(days: int) -> date:
    return (NOW + timedelta(days=days)).date()
