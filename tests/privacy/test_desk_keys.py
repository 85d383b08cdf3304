"""A desk's keys come from its one secret, always the same ones, and none of them shows."""

import hmac

import pytest

from bot.privacy import signing
from bot.privacy.derive import bech32_bytes
from bot.privacy.desk_keys import DeskKeys, new_secret, unwrap_secret, wrap_secret
from bot.privacy.seal import SealError, generate_identity, open_sealed, recipient_of, seal

SECRET = bytes(range(32))


def hkdf_by_hand(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with its two steps written out, for one block."""
    return hmac.digest(hmac.digest(bytes(32), secret, "sha256"), info + b"\x01", "sha256")


def test_the_keys_of_a_secret_never_change() -> None:
    """Known answers: others would leave every stored ticket closed for good."""
    keys = DeskKeys.from_secret(SECRET)
    assert bech32_bytes("age-secret-key-", keys.identity) == hkdf_by_hand(SECRET, b"oberih/v1/D")
    assert keys.signing_key.private_bytes_raw() == hkdf_by_hand(SECRET, b"oberih/v1/V")
    assert keys.index_key == hkdf_by_hand(SECRET, b"oberih/v1/X")
    assert keys.recipient == "age1sg2f934gmjy29pj8uu74zx4d5xkydyfnvlqgm73m5trj75a9s4vsyqg2j4"
    assert keys.verify_key == "f5b629071ed3a48f04571a947b2601c696cec7bd47fe8622377db24801dafdd7"
    assert keys.index_key.hex() == "415ca7fac2c5e036673349e6a35e807bbb3a81017c7c66d22b236604fee5ccde"


def test_no_private_part_shows_when_keys_are_printed() -> None:
    keys = DeskKeys.from_secret(SECRET)
    shown = repr(keys)
    assert "AGE-SECRET" not in shown and repr(keys.index_key) not in shown and "PrivateKey" not in shown


def test_a_ticket_sealed_to_the_desk_opens_with_its_secret() -> None:
    secret = new_secret()
    sealed = seal(b"ticket", [DeskKeys.from_secret(secret).recipient])
    assert open_sealed(sealed, DeskKeys.from_secret(secret).identity) == b"ticket"


def test_a_signature_counts_for_its_key_words_and_purpose_only() -> None:
    keys, other = DeskKeys.from_secret(SECRET), DeskKeys.from_secret(SECRET[::-1])
    signature = keys.sign("question", b"words")
    signing.verify(keys.verify_key, "question", b"words", signature)
    for key, purpose, words in [
        (other.verify_key, "question", b"words"),
        (keys.verify_key, "pin", b"words"),
        (keys.verify_key, "question", b"other"),
        ("not a key", "question", b"words"),
    ]:
        with pytest.raises(signing.SignatureError, match="does not hold"):
            signing.verify(key, purpose, words, signature)


def test_a_wrapped_secret_opens_for_each_member_as_this_desks_only() -> None:
    first, second = generate_identity(), generate_identity()
    wrapped = wrap_secret(SECRET, "helpline", 1, [recipient_of(first), recipient_of(second)])
    assert unwrap_secret(wrapped, "helpline", 1, first) == unwrap_secret(wrapped, "helpline", 1, second) == SECRET
    for desk, generation, identity in [
        ("other", 1, first),
        ("helpline", 2, first),
        ("helpline", 1, generate_identity()),
    ]:
        with pytest.raises(SealError):
            unwrap_secret(wrapped, desk, generation, identity)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(SealError, match="32 bytes"):
        DeskKeys.from_secret(SECRET + b"x")
