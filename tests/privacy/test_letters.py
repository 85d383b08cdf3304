"""A letter shown as a desk's was signed by it, on this ticket, in this direction and place; all else is refused."""

from dataclasses import replace

import pytest

from bot.privacy import letters, receipts
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.seal import SealError
from bot.privacy.signing import SignatureError

KEYS, OTHERS = DeskKeys.from_secret(bytes(32)), DeskKeys.from_secret(bytes([1]) * 32)
SEED = bytes(range(32))
Q, READER = receipts.question_identity(SEED), receipts.question_recipient(SEED)
TICKET, ANOTHER = "a" * 32, "b" * 32
QUESTION = letters.from_desk(KEYS, READER, TICKET, 3, b"for the desk", b"for the reporter")
ANSWER = letters.from_reporter(KEYS.recipient, READER, TICKET, 1, b"an answer", b"it was sent")


def test_each_side_reads_its_own_copy_and_number() -> None:
    assert letters.read_with_receipt(QUESTION, Q, KEYS.verify_key) == (3, b"for the reporter")
    assert letters.read_at_desk(QUESTION, KEYS) == (3, b"for the desk")
    assert letters.read_with_receipt(ANSWER, Q, KEYS.verify_key) == (1, b"it was sent")
    assert letters.read_at_desk(ANSWER, KEYS) == (1, b"an answer")


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": None},
        {"signature": bytes(64)},
        {"ticket": ANOTHER},
        {"for_reporter": ANSWER.for_reporter},
        {"for_desk": ANSWER.for_desk},
        {"signature": letters.from_desk(OTHERS, READER, TICKET, 3, b"for the desk", b"for the reporter").signature},
        {"signature": letters.from_desk(KEYS, READER, TICKET, 3, b"for the desk", b"for the reporter").signature},
    ],
    ids=["no signature", "zeros", "moved", "other words", "other desk copy", "another desk", "another letter"],
)
def test_a_changed_letter_of_a_desk_is_shown_to_nobody(changes) -> None:
    changed = replace(QUESTION, **changes)
    with pytest.raises(SignatureError):
        letters.read_with_receipt(changed, Q, KEYS.verify_key)
    with pytest.raises(SignatureError):
        letters.read_at_desk(changed, KEYS)


def test_a_letter_cannot_be_turned_round() -> None:
    with pytest.raises(SignatureError):
        letters.read_with_receipt(replace(ANSWER, direction="to_reporter"), Q, KEYS.verify_key)
    with pytest.raises(SealError):
        letters.read_at_desk(replace(QUESTION, direction="to_desk", signature=None), KEYS)


def test_an_answer_moved_to_another_ticket_is_refused() -> None:
    with pytest.raises(SealError):
        letters.read_at_desk(replace(ANSWER, ticket=ANOTHER), KEYS)


def test_a_desk_that_was_changed_is_not_trusted_with_old_letters() -> None:
    with pytest.raises(SignatureError):
        letters.read_with_receipt(QUESTION, Q, OTHERS.verify_key)


def test_neither_side_opens_the_others_copy_and_words_stay_out_of_print() -> None:
    with pytest.raises(SealError):
        letters.read_at_desk(replace(ANSWER, for_desk=ANSWER.for_reporter), KEYS)
    assert "age-encryption" not in repr(QUESTION)
