"""What the holder of a receipt may read: what was asked and decided, never who wrote it or what the desk learnt."""

from datetime import datetime, timezone

import pytest

from bot.reports import notes
from bot.reports.notes import OUTCOMES, TOLD_OUTCOMES, Note, NoteError

AT = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def test_a_note_comes_back_as_it_was() -> None:
    note = Note(kind="correction", at=AT, text="Гарний роботодавець {braces}", level="none_found", member="olha")
    assert notes.from_bytes(notes.to_bytes(note), "ngo") == note.copy(update={"desk": "ngo"})


def test_whose_a_note_is_is_never_taken_from_its_words() -> None:
    sealed = notes.to_bytes(Note(kind="question", at=AT, text="words", desk="ngo"))
    assert b"ngo" not in sealed and notes.from_bytes(sealed, "police").desk == "police"
    claims = sealed.replace(b"{", b'{"desk": "ngo", ', 1)
    assert notes.from_bytes(claims, "police").desk == "police"


@pytest.mark.parametrize("kind", ["question", "correction", "decision", "answer"])
def test_only_an_answer_is_unsigned(kind: str) -> None:
    more = {"correction": {"level": "high"}, "decision": {"state": "accepted"}}.get(kind, {})
    sealed = notes.to_bytes(Note(kind=kind, at=AT, member="olha", desk="ngo", **more))
    for desk in (None, "ngo"):
        if (desk is None) == (kind == "answer"):
            assert notes.from_bytes(sealed, desk).kind == kind
        else:
            with pytest.raises(NoteError, match="do not trust this note"):
                notes.from_bytes(sealed, desk)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_reporter_learns_of_an_outcome_only_where_it_was_passed_to(outcome: str) -> None:
    told = notes.for_reporter(Note(kind="decision", at=AT, state="done", outcome=outcome, member="olha"))
    assert told.member is None and told.outcome == (outcome if outcome in TOLD_OUTCOMES else None)
    assert outcome in TOLD_OUTCOMES or outcome.encode() not in notes.to_bytes(told)


def test_what_was_answered_is_not_read_with_the_receipt() -> None:
    answer = Note(kind="answer", at=AT, text="Біля станції", answers=2)
    told = notes.for_reporter(answer)
    assert told.answers == 2 and "станції" not in notes.to_bytes(told).decode()


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "correction"},
        {"kind": "question", "level": "high"},
        {"kind": "correction", "level": "safe"},
        {"kind": "decision"},
        {"kind": "decision", "state": "revoked"},
        {"kind": "decision", "state": "accepted", "outcome": "malicious"},
        {"kind": "question", "text": "x" * 1001},
        {"kind": "question", "from": "police"},
    ],
)
def test_what_makes_no_sense_cannot_be_written(content) -> None:
    with pytest.raises(ValueError):
        Note(at=AT, **content)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"kind": "order", "at": "2026-11-24T12:00:00Z"}', b"[1]"])
def test_what_is_no_note_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(NoteError) as caught:
        notes.from_bytes(content)
    assert "order" not in str(caught.value) and caught.value.__cause__ is None
