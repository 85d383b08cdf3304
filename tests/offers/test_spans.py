"""Contacts and accounts are found where they are."""

import pytest

from bot.privacy.spans import SpanFinder


@pytest.fixture(scope="module")
def finder() -> SpanFinder:
    return SpanFinder()


@pytest.mark.parametrize(
    "text, regions, kind, value",
    [
        ("пишіть @job_helper_pl", ("UA",), "handle", "@job_helper_pl"),
        ("t.me/some_channel тут", (), "handle", "t.me/some_channel"),
        ("mail to hr@example.com.", (), "email", "hr@example.com"),
        ("see https://example.org/a?b=1", (), "url", "https://example.org/a?b=1"),
        ("see example.org", (), "url", "example.org"),
        ("IBAN DE89 3704 0044 0532 0130 00", (), "iban", "DE89370400440532013000"),
        ("card 4111 1111 1111 1111", (), "card", "4111111111111111"),
        ("tel 044 284 19 15", ("UA",), "phone", "+380442841915"),
        ("+48 22 628 01 20", (), "phone", "+48226280120"),
    ],
)
def test_a_contact_is_found_and_normalised(
    finder: SpanFinder, text: str, regions: tuple[str, ...], kind: str, value: str
) -> None:
    [span] = finder.find(text, regions)
    assert (span.type, span.value) == (kind, value)
    assert text[span.start : span.end].strip() == text[span.start : span.end]


@pytest.mark.parametrize(
    "text", ["Hello.World", "node.js", "3.5 euro", "IBAN DE00 0000", "4111 1111 1111 1112", "e.g. this"]
)
def test_look_alikes_are_left_alone(finder: SpanFinder, text: str) -> None:
    assert finder.find(text) == ()
