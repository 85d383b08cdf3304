"""The measure of redaction counts what it says it counts."""

from typing import Any

from bot.privacy.redact import Mode, RedactedSpan, Redaction
from evaluation.pii import measure


class Stub:
    """Finds what it was told to find."""

    def __init__(self, *spans: RedactedSpan) -> None:
        self.spans = spans

    def redact(self, text: str, language: str, *, mode: Mode) -> Redaction:
        return Redaction(text, self.spans)


def rows(**row: Any) -> list[dict[str, Any]]:
    return [{"text": "Anna wrote to +48 512 345 678", "lang": "en", **row}]


def test_an_overlap_of_the_same_type_is_enough_and_other_types_are_not() -> None:
    labels = [{"start": 0, "end": 4, "type": "PERSON"}, {"start": 14, "end": 29, "type": "PHONE"}]
    found = measure(Stub(RedactedSpan(1, 9, "person", False)), rows(spans=labels), str)
    assert (found["recall"], found["precision"]) == (0.5, 1.0)
    found = measure(Stub(RedactedSpan(0, 4, "place", True)), rows(spans=labels), str)
    assert found["recall"] == 0.0 and found["precision"] is None


def test_unscored_labels_count_neither_way() -> None:
    labels = [{"start": 0, "end": 4, "type": "TITLE"}, {"start": 14, "end": 29, "type": "person"}]
    found = measure(Stub(RedactedSpan(0, 4, "person", False)), rows(spans=labels), str)
    assert found["recall"] == 0.0 and found["precision"] is None


def test_links_must_be_found_and_texts_without_any_stay_untouched() -> None:
    link = {"spans": None, "expected": ["example.org"], "text": "see example.org", "label": "URL"}
    assert measure(Stub(RedactedSpan(4, 15, "url", True)), rows(**link), str)["recall"] == 1.0
    none = {"spans": None, "expected": [], "text": "see image.jpg", "label": "NOT_LINK"}
    assert measure(Stub(RedactedSpan(4, 13, "url", True)), rows(**none), str)["precision"] == 0.0


def test_roles_and_leaks_are_counted() -> None:
    labels = [
        {"start": 0, "end": 4, "type": "person", "kept": False},
        {"start": 14, "end": 29, "type": "phone", "kept": True},
    ]
    spans = (RedactedSpan(0, 4, "person", True), RedactedSpan(14, 29, "phone", True))
    found = measure(Stub(*spans), rows(spans=labels), str)
    assert (found["role_accuracy"], found["leaks"]) == (0.5, 1)
