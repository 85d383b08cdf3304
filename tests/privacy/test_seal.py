"""What is sealed opens for its recipients only, as the field it is, and hides its length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.seal import (
    Label,
    SealError,
    generate_identity,
    open_field,
    open_sealed,
    padded_length,
    recipient_of,
    seal,
    seal_field,
)

IDENTITY = generate_identity()
RECIPIENT = recipient_of(IDENTITY)
LABEL = Label("t-1", "narrative", 1)


def payload(ciphertext: bytes) -> int:
    """Length of an age file without its header, which carries a random number of decoys."""
    _, _, rest = ciphertext.partition(b"\n--- ")
    return len(rest)


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_a_field_opens_as_what_was_sealed(plaintext: bytes) -> None:
    assert open_field(LABEL, seal_field(LABEL, plaintext, [RECIPIENT]), IDENTITY) == plaintext


@pytest.mark.parametrize(
    "other", [Label("t-2", "narrative", 1), Label("t-1", "places", 1), Label("t-1", "narrative", 2)]
)
def test_a_field_does_not_pass_for_another(other: Label) -> None:
    with pytest.raises(SealError, match="another field, ticket or version"):
        open_field(other, seal_field(LABEL, b"words", [RECIPIENT]), IDENTITY)


def test_labels_cannot_be_shifted_into_one_another() -> None:
    sealed = seal_field(Label('a", "b', "c", 1), b"", [RECIPIENT])
    with pytest.raises(SealError):
        open_field(Label("a", 'b", "c', 1), sealed, IDENTITY)


def test_every_recipient_opens_and_nobody_else() -> None:
    second, stranger = generate_identity(), generate_identity()
    sealed = seal(b"words", [RECIPIENT, recipient_of(second)])
    assert open_sealed(sealed, IDENTITY) == open_sealed(sealed, second) == b"words"
    with pytest.raises(SealError, match="sealed to others, or damaged"):
        open_sealed(sealed, stranger)


@pytest.mark.parametrize(
    "damage", [lambda c: c[:-1], lambda c: c[:-1] + bytes([c[-1] ^ 1]), lambda c: b"", lambda c: b"x"]
)
def test_what_is_damaged_does_not_open(damage) -> None:
    with pytest.raises(SealError):
        open_sealed(damage(seal(b"words", [RECIPIENT])), IDENTITY)


def test_a_plain_sealed_text_is_no_field() -> None:
    for text in (b"", b"words", b"\0" * 600):
        with pytest.raises(SealError):
            open_field(LABEL, seal(text, [RECIPIENT]), IDENTITY)


def test_texts_of_unlike_length_look_alike() -> None:
    lengths = {payload(seal_field(LABEL, b"x" * length, [RECIPIENT])) for length in (0, 1, 60, 200, 450)}
    assert len(lengths) == 1
    lengths = {payload(seal_field(LABEL, b"x" * length, [RECIPIENT])) for length in (1100, 1500, 1900)}
    assert len(lengths) == 1


@settings(deadline=None)
@given(st.integers(0, 10_000_000))
def test_padding_never_cuts_and_at_most_doubles(length: int) -> None:
    padded = padded_length(length)
    assert length <= padded <= max(512, 2 * length) and padded & (padded - 1) == 0


def test_an_unusable_recipient_or_identity_is_named_without_being_shown() -> None:
    with pytest.raises(SealError, match="at least one recipient"):
        seal(b"words", [])
    with pytest.raises(SealError, match="not an age recipient"):
        seal(b"words", ["age1junk"])
    with pytest.raises(SealError) as caught:
        recipient_of(IDENTITY[:-1])
    assert IDENTITY[20:40] not in str(caught.value) and caught.value.__cause__ is None
