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
DESKS = {"ngo": (KEYS.verify_key,)}
TICKET, ANOTHER = "a" * 32, "b" * 32
QUESTION = letters.from_desk("ngo", KEYS, READER, TICKET, 3, b"for the desk", b"for the reporter")
ANSWER = letters.from_reporter(KEYS.recipient, READER, TICKET, 1, b"an answer", b"it was sent")


def test_each_side_reads_its_own_copy_and_number() -> None:
    assert letters.read_with_receipt(QUESTION, Q, DESKS) == (3, b"for the reporter", "ngo")
    assert letters.read_at_desk(QUESTION, KEYS.identity, DESKS) == (3, b"for the desk", "ngo")
    assert letters.read_with_receipt(ANSWER, Q, DESKS) == (1, b"it was sent", None)
    assert letters.read_at_desk(ANSWER, KEYS.identity, DESKS) == (1, b"an answer", None)


SAME_BY_OTHERS = letters.from_desk("ngo", OTHERS, READER, TICKET, 3, b"for the desk", b"for the reporter")
SAME_AGAIN = letters.from_desk("ngo", KEYS, READER, TICKET, 3, b"for the desk", b"for the reporter")


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": None},
        {"signature": bytes(64)},
        {"ticket": ANOTHER},
        {"for_reporter": ANSWER.for_reporter},
        {"signature": SAME_BY_OTHERS.signature},
        {"signature": SAME_AGAIN.signature},
    ],
    ids=["no signature", "zeros", "moved", "other words", "another desk", "another letter"],
)
def test_a_changed_letter_of_a_desk_is_shown_to_nobody(changes) -> None:
    changed = replace(QUESTION, **changes)
    with pytest.raises(SignatureError):
        letters.read_with_receipt(changed, Q, DESKS)
    with pytest.raises(SignatureError):
        letters.read_at_desk(changed, KEYS.identity, DESKS)


@pytest.mark.parametrize(
    "for_desk",
    [ANSWER.for_desk, SAME_AGAIN.for_desk, QUESTION.for_reporter, b"x"],
    ids=["an answer", "another letter", "the reporter's half", "nothing sealed"],
)
def test_a_desk_reads_no_other_half_than_the_one_that_belongs_to_the_reporter_s(for_desk: bytes) -> None:
    changed = replace(QUESTION, for_desk=for_desk)
    with pytest.raises((SealError, SignatureError)):
        letters.read_at_desk(changed, KEYS.identity, DESKS)
    assert letters.read_with_receipt(changed, Q, DESKS).content == b"for the reporter"


def test_another_desk_that_takes_over_reads_whose_it_is() -> None:
    there = letters.handed_on(QUESTION, KEYS, OTHERS.recipient)
    desks = {"police": (OTHERS.verify_key,), **DESKS}
    assert letters.read_at_desk(there, OTHERS.identity, desks) == (3, b"for the desk", "ngo")
    assert letters.read_with_receipt(there, Q, desks) == (3, b"for the reporter", "ngo")
    later = letters.anew(there, "police", OTHERS, KEYS)
    assert letters.read_at_desk(later, KEYS.identity, desks) == (3, b"for the desk", "ngo")


def test_a_desk_puts_its_name_under_no_words_of_another() -> None:
    desks = {"police": (OTHERS.verify_key,), **DESKS}
    signature = OTHERS.sign("letter", letters._signed(TICKET, QUESTION.for_reporter))
    for forged in (replace(QUESTION, signature=signature), SAME_BY_OTHERS):
        with pytest.raises(SealError, match="another ticket, direction or desk"):
            letters.read_with_receipt(forged, Q, desks)


def test_a_letter_under_new_keys_counts_under_these_alone() -> None:
    later = letters.anew(QUESTION, "ngo", KEYS, OTHERS)
    now = {"ngo": (KEYS.verify_key, OTHERS.verify_key)}
    assert letters.read_with_receipt(later, Q, now).desk == "ngo"
    assert letters.read_at_desk(later, OTHERS.identity, {"ngo": (OTHERS.verify_key,)}).content == b"for the desk"
    for verify_keys in (DESKS, {"ngo": (OTHERS.verify_key, KEYS.verify_key)}):
        with pytest.raises(SignatureError):
            letters.read_with_receipt(later, Q, verify_keys)
    assert letters.signature_anew(QUESTION, KEYS, OTHERS) == later.signature
    with pytest.raises(SignatureError):
        letters.signature_anew(QUESTION, OTHERS, KEYS)


def test_a_letter_cannot_be_turned_round() -> None:
    with pytest.raises(SignatureError):
        letters.read_with_receipt(replace(ANSWER, direction="to_reporter"), Q, DESKS)
    with pytest.raises(SealError):
        letters.read_at_desk(replace(QUESTION, direction="to_desk", signature=None), KEYS.identity, DESKS)


def test_an_answer_moved_to_another_ticket_is_refused() -> None:
    with pytest.raises(SealError):
        letters.read_at_desk(replace(ANSWER, ticket=ANOTHER), KEYS.identity, DESKS)


def test_a_desk_that_was_changed_is_not_trusted_with_old_letters() -> None:
    with pytest.raises(SignatureError):
        letters.read_with_receipt(QUESTION, Q, {"ngo": (OTHERS.verify_key,)})


def test_neither_side_opens_the_others_copy_and_words_stay_out_of_print() -> None:
    with pytest.raises(SealError):
        letters.read_at_desk(replace(ANSWER, for_desk=ANSWER.for_reporter), KEYS.identity, DESKS)
    assert "age-encryption" not in repr(QUESTION)
