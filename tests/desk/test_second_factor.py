"""One-time codes are those of RFC 6238, each is taken once, and what is stored opens for its member alone."""

from dataclasses import replace

import pytest

from bot.desk import second_factor
from bot.desk.second_factor import STEP_SECONDS, SecondFactor, accept
from bot.privacy.seal import SealError, generate_identity, recipient_of
from tests.desk.site import code_of

FACTOR = SecondFactor(b"12345678901234567890")
"""The secret of RFC 6238, appendix B."""
NOW = 1_111_111_109.0


@pytest.mark.parametrize(
    ("moment", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")],
)
def test_the_codes_of_the_rfc_are_taken(moment: float, code: str) -> None:
    assert accept(FACTOR, code, moment) == replace(FACTOR, used=int(moment // STEP_SECONDS))
    assert accept(FACTOR, f" {code[:3]} {code[3:]}", moment) is not None


def test_a_clock_may_be_off_by_one_step_and_no_more() -> None:
    taken = [drift for drift in range(-3, 4) if accept(FACTOR, code_of(FACTOR.secret, NOW + drift * STEP_SECONDS), NOW)]
    assert taken == [-1, 0, 1]


def test_a_code_is_taken_once_and_none_before_it_afterwards() -> None:
    used = accept(FACTOR, "081804", NOW)
    assert used is not None
    assert accept(used, "081804", NOW) is None
    assert accept(used, code_of(FACTOR.secret, NOW - STEP_SECONDS), NOW) is None
    assert accept(used, code_of(FACTOR.secret, NOW + STEP_SECONDS), NOW + STEP_SECONDS) is not None


@pytest.mark.parametrize("typed", ["", "0", "081805", "081804081804", "٠٨١٨٠٤", "abcdef", "é" * 6])
def test_anything_else_is_refused(typed: str) -> None:
    factor = second_factor.with_recovery(FACTOR, second_factor.new_recovery_codes())
    assert accept(factor, typed, NOW) is None


def test_each_recovery_code_works_once_however_it_is_typed() -> None:
    codes = second_factor.new_recovery_codes()
    factor = second_factor.with_recovery(FACTOR, codes)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    for code in codes:
        left = accept(factor, code.upper().replace("-", " "), NOW)
        assert left is not None and len(left.recovery) == len(factor.recovery) - 1
        assert accept(left, code, NOW) is None
        factor = left
    assert factor.recovery == ()


def test_what_is_stored_opens_for_its_member_alone() -> None:
    identity = generate_identity()
    sealed = second_factor.sealed(FACTOR, "m1", recipient_of(identity))
    assert second_factor.opened(sealed, "m1", identity) == FACTOR
    assert FACTOR.secret not in sealed and FACTOR.secret.hex().encode() not in sealed
    for member, key in (("m2", identity), ("m1", generate_identity())):
        with pytest.raises(SealError):
            second_factor.opened(sealed, member, key)


def test_an_app_can_take_the_secret_from_its_address() -> None:
    address = second_factor.address(FACTOR.secret, "help line", "Олена")
    assert address.startswith("otpauth://totp/Oberih%20help%20line%3A%D0%9E")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address and " " not in address
    assert second_factor.written(FACTOR.secret).split()[0] == "GEZD"


def test_nothing_of_it_is_printed() -> None:
    assert repr(FACTOR) == "SecondFactor(used=0)"
