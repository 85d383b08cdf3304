"""What a suspect wrote can be looked at without being steered, misled or linked anywhere."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.show import BANNER, SUMMARY_COLUMNS, show, summary_row
from bot.reports.ticket import Ticket
from bot.reports.visible import defanged, harmless, unmasked
from tests.reports.tickets import ticket, tickets

STEERING = "aя1 .@:/\n\r\t\x1b\x07\x9b\u200b\u200f\u202e\u2066\u2028\ufeff\u00ad\u3164\ud800\U000e0041"
HOSTILE = st.text(st.sampled_from(STEERING) | st.characters(exclude_categories=()), max_size=30)
HOSTILE_WORDS = HOSTILE | st.sampled_from(
    ["https://evil.example/a", "hTTp://x.y", "write @boss or a@b.pl", "t.me/x", "10.0.0.1.", "\x1b]8;;http://x.y\x07"]
)


def hidden(text: str) -> list[str]:
    return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]


@given(tickets(HOSTILE_WORDS), HOSTILE, st.integers(0, 200))
def test_no_control_or_direction_character_is_printed(drawn: Ticket, ticket_id: str, width: int) -> None:
    shown = show(drawn, ticket_id, width)
    assert hidden(shown) == [] and "\u200d" not in shown and "\ufe0f" not in shown
    assert max(map(len, shown.splitlines())) <= max(width, 60)
    for cell in summary_row(drawn, ticket_id):
        assert hidden(cell) == [] and "\n" not in cell


@given(HOSTILE_WORDS)
def test_nothing_printed_is_a_link(text: str) -> None:
    shown = harmless(text)
    assert "://" not in shown and "http:" not in shown.lower()
    assert not re.search(r"(?<!\[)@|[^\W\d]\.\w|\w\.[^\W\d]", shown)


@given(tickets(HOSTILE_WORDS))
def test_somebodys_words_never_start_a_line_of_ours(drawn: Ticket) -> None:
    forged = drawn.copy(update={"narrative": "x\nurgent reasons: none\r\n" + BANNER, "offer": None})
    ours = [line for line in show(forged).splitlines() if line.startswith(("urgent reasons: none", BANNER[:10]))]
    assert ours == [show(forged).splitlines()[0]]


@pytest.mark.parametrize(
    "text, shown",
    [
        ("https://evil.example.com/x?a=1", "hxxps[:]//evil[.]example[.]com/x?a=1"),
        ("HTTP://x.y", "hxxp[:]//x[.]y"),
        ("пишіть @boss", "пишіть [@]boss"),
        ("a.b@c.de", "a[.]b[@]c[.]de"),
        ("mailto:x", "mailto[:]x"),
        ("10.0.0.1.", "10[.]0[.]0[.]1."),
        ("3.50 євро, 12.05.2026. Так", "3.50 євро, 12.05.2026. Так"),
    ],
)
def test_addresses_are_defanged_and_sums_and_dates_stay(text: str, shown: str) -> None:
    assert defanged(text) == shown


def test_hidden_characters_are_spelt_out() -> None:
    assert unmasked("a\u202eb\u200bc\x1b[31m\u00a0d\ufe0f") == "a<U+202E>b<U+200B>c<U+001B>[31m d<U+FE0F>"


def test_a_ticket_opens_with_the_banner_and_shows_what_was_said() -> None:
    full = ticket(
        narrative="Працює без вихідних", place={"country": "DE", "words": "склад"}, stage="exploitation",
        identifiers=({"value": "+48226280120", "type": "phone", "obtained": "ocr"},),
        signs=({"id": "J7", "title": "No contract", "severity": "H", "evidence": ("без договору",)},),
        answers=({"question": "q", "text": "Are documents held?", "answer": "yes"},),
        screening=({"dimension": 4, "indicators": ("D4.1", "D4.3"), "rule": "a", "ilo_class": "positive"},),
        ilo_class="exploited",
    )  # fmt: skip
    shown = show(full, "01H", width=120)
    assert shown.startswith("UNVERIFIED ALLEGATION")
    for words in (
        "ticket: 01H", "Працює без вихідних", "склад", "country: DE", "stage: exploitation", "phone +48226280120",
        "H J7 No contract", "“без договору”", "Are documents held? → yes", "rule a  positive  D4.1 D4.3",
        "ILO class (provisional): exploited", "TLP:AMBER+STRICT F6",
    ):  # fmt: skip
        assert words in shown


def test_a_row_of_a_list_holds_nobodys_words() -> None:
    row = summary_row(ticket(narrative="secret", offer="secret", place={"country": "PL", "words": "secret"}), "01H")
    assert len(row) == len(SUMMARY_COLUMNS)
    assert "PL" in row and not [cell for cell in row if "secret" in cell]


def test_each_line_that_was_written_stays_a_line_behind_its_mark() -> None:
    shown = show(ticket(narrative="перший\r\n\nтретій\tкінець")).splitlines()
    start = shown.index("What the person wrote")
    assert shown[start + 1 : start + 4] == ["  | перший", "  |", "  | третій<U+0009>кінець"]
