"""A member's key opens with their passphrase and with nothing else."""

import json

import pytest

from bot.privacy.member_keys import LockedKeyError, WrongPassphrase, lock_identity, unlock_identity
from bot.privacy.passphrases import WeakPassphrase, check_passphrase, new_passphrase
from bot.privacy.seal import generate_identity

IDENTITY = generate_identity()
PASSPHRASE = "чотири слова на папері"


@pytest.fixture(scope="module")
def locked() -> bytes:
    return lock_identity(IDENTITY, PASSPHRASE)


def changed(blob: bytes, **values: object) -> bytes:
    return json.dumps({**json.loads(blob), **values}).encode()


def test_the_passphrase_opens_the_key_whatever_keyboard_typed_it(locked: bytes) -> None:
    import unicodedata

    assert unlock_identity(locked, f" {unicodedata.normalize('NFD', PASSPHRASE)} ") == IDENTITY


def test_a_wrong_passphrase_does_not(locked: bytes) -> None:
    with pytest.raises(WrongPassphrase, match="does not open"):
        unlock_identity(locked, PASSPHRASE + "!")


def test_a_changed_salt_or_description_does_not_open(locked: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        unlock_identity(changed(locked, salt="00" * 16), PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        unlock_identity(changed(locked, note="x"), PASSPHRASE)


def test_the_locked_key_says_how_it_was_locked_and_holds_nothing_in_clear(locked: bytes) -> None:
    described = json.loads(locked)
    assert described["stretched_by"] == "argon2id"
    assert described["cost"] == {"memory_kib": 65536, "passes": 3, "lanes": 1}
    assert b"AGE-SECRET" not in locked


@pytest.mark.parametrize(
    "values",
    [
        {"version": 2},
        {"cost": {"memory_kib": 2**40, "passes": 3, "lanes": 1}},
        {"cost": {"memory_kib": 8, "passes": 1, "lanes": 1}},
        {"cost": {"memory_kib": "64", "passes": 3, "lanes": 1}},
        {"cost": 1},
        {"salt": "00"},
        {"nonce": "zz"},
        {"nonce": "00"},
        {"locked": "?"},
    ],
)
def test_a_damaged_or_forged_description_is_refused_without_work(locked: bytes, values: dict) -> None:
    with pytest.raises(LockedKeyError):
        unlock_identity(changed(locked, **values), PASSPHRASE)


@pytest.mark.parametrize("blob", [b"", b"[]", b"{}", b"\xff"])
def test_what_is_no_locked_key_is_refused(blob: bytes) -> None:
    with pytest.raises(LockedKeyError, match="damaged"):
        unlock_identity(blob, PASSPHRASE)


def test_two_members_with_one_passphrase_share_nothing(locked: bytes) -> None:
    other = json.loads(lock_identity(IDENTITY, PASSPHRASE))
    assert not {other["salt"], other["nonce"], other["locked"]} & {str(value) for value in json.loads(locked).values()}


@pytest.mark.parametrize("passphrase", ["", "short", "fourteen chars", " " * 30, "a" * 30, "абабабабабабабабаб"])
def test_a_passphrase_that_is_easy_to_guess_locks_nothing(passphrase: str) -> None:
    with pytest.raises(WeakPassphrase, match=r"^Use .*"):
        lock_identity(IDENTITY, passphrase)


def test_a_generated_passphrase_is_always_good_and_never_the_same() -> None:
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    for passphrase in made:
        assert len(passphrase) == 23
        check_passphrase(passphrase)
