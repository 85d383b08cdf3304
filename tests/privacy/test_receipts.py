"""A receipt survives copying by hand, or is refused; its keys never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import receipts
from bot.privacy.receipts import ReceiptError, Terms, grouped, lookup_tag, new_code, parse_code
from bot.privacy.seal import SealError, open_sealed, seal

SALT = bytes(range(32))
CODES = st.builds(new_code)


@given(CODES)
def test_a_code_is_read_back_as_it_was_shown(code: str) -> None:
    assert len(code) == 18 and code.isascii() and code.isdigit()
    assert parse_code(grouped(code)) == parse_code(code) == code


@given(CODES, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(code: str, place: int, shift: int) -> None:
    wrong = str((int(code[place]) + shift) % 10)
    with pytest.raises(ReceiptError, match="digits is wrong"):
        parse_code(code[:place] + wrong + code[place + 1 :])


@given(CODES, st.integers(0, 16))
def test_swapped_neighbours_are_always_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(ReceiptError, match="digits is wrong"):
            parse_code(swapped)


@pytest.mark.parametrize("zero", ["٠", "۰", "０", "०"], ids=["Arabic", "Persian", "full width", "Devanagari"])
def test_digits_of_other_scripts_are_read(zero: str) -> None:
    code = new_code()
    assert parse_code("".join(chr(ord(zero) + int(digit)) for digit in code)) == code


@pytest.mark.parametrize("between", [" ", "-", "–", "\u00a0", "\t", "\n", ".", "\u200b", "\u2011"])
def test_what_stands_between_digits_does_not_matter(between: str) -> None:
    code = new_code()
    assert parse_code(between.join(["", *code, ""])) == code


@pytest.mark.parametrize("typed", ["", "  ", "1", "0" * 17, "0" * 19, "call me", "12345678901234567O", "½" * 18])
def test_what_is_no_receipt_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ReceiptError) as caught:
        parse_code(typed)
    assert not typed.strip() or len(typed) < 3 or typed not in str(caught.value)


def test_a_number_that_was_never_issued_is_refused() -> None:
    from stdnum import damm

    number = "9" * 17
    with pytest.raises(ReceiptError):
        parse_code(number + damm.calc_check_digit(number))


def test_the_keys_of_a_code_never_change() -> None:
    """Known answer: another one would make every receipt in people's hands worthless."""
    keys = receipts.derive("000000000000000000", SALT)
    assert keys.lookup.hex() == "c7b1447ccf5a6d55b2cb2fdd00a74d3c48039ba4311067efdc8eec08e4cd55b0"
    assert keys.seed.hex() == "dfed29e014208e0f7e2b73b45570e06061ac0b5a3eb76a49174b5c36b1297582"
    assert (
        lookup_tag(keys.lookup, bytes(32)).hex() == "8858a8a46144be64fd2ed87eb0ca3e088ca7d302f5de6b72ea51cd1115ffa7bd"
    )
    assert receipts.question_recipient(keys.seed) == "age1pluzlntmx8mncwaw0vlp5m8322ucwwvzgnhfghcxhvqhnq76ka2sjphq96"
    assert keys.lookup.hex() not in repr(keys) and keys.seed.hex() not in repr(keys)


def test_another_site_has_other_keys() -> None:
    code = new_code()
    assert receipts.derive(code, SALT) != receipts.derive(code, SALT[::-1])


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        receipts.derive(new_code(), b"short")


def test_a_question_sealed_to_the_stored_half_opens_with_the_receipt() -> None:
    seed = bytes(range(32))
    sealed = seal(b"question", [receipts.question_recipient(seed)])
    assert open_sealed(sealed, receipts.question_identity(seed)) == b"question"


def test_the_terms_of_a_receipt_open_with_it_and_on_their_ticket_only() -> None:
    seed = bytes(range(32))
    reader, identity = receipts.question_recipient(seed), receipts.question_identity(seed)
    for terms in (Terms(False), Terms(True, b"t" * 32)):
        sealed = receipts.seal_terms(terms, "a" * 32, reader)
        assert receipts.open_terms(sealed, "a" * 32, identity) == terms
        with pytest.raises(SealError):
            receipts.open_terms(sealed, "b" * 32, identity)


def test_a_spoken_word_is_known_however_it_is_written_and_only_under_its_receipt() -> None:
    salt = receipts.spoken_salt(bytes(range(32)))
    tag = receipts.spoken_tag("Бабусин сад", salt)
    assert tag is not None and tag == receipts.spoken_tag("  бабусин САД! ", salt) == receipts.spoken_tag(
        "бабусин-сад", salt
    )
    assert tag not in (receipts.spoken_tag("бабусин сон", salt), receipts.spoken_tag("Бабусин сад", bytes(32)))
    assert receipts.spoken_tag("ні", salt) is None and receipts.spoken_tag("а" * 61, salt) is None
