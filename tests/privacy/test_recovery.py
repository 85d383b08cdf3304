"""The recovery code survives paper: printed, typed, and checked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.recovery import Recovery, RecoveryError, new_recovery, parse_recovery

SECRET = bytes(range(32))


def test_the_recovery_key_of_a_code_never_changes() -> None:
    """Known answer: the paper in the safe must still work in ten years."""
    recovery = parse_recovery("OBERIH1 QQQS YQCY Q5RQ WZQF PG9S CRGW PUGP ZYSN ZS23 V9CC RYDP K8QA RC0S M85U P7")
    assert recovery.secret == SECRET
    assert recovery.recipient == "age13nd5x3rey3y88h6ep2amp2g248flstgn57rujuhxz47dfez0pqfsu6m9rl"
    assert recovery.verify_key == "ca18580dda3daa6a79529f18c079c6d57c0df11a2ab54a44b99ecf1a755ddde5"


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.sampled_from([" ", "", "-", "\n", "\u2011", " - "]), st.booleans())
def test_a_code_is_read_however_it_is_typed(secret: bytes, between: str, small: bool) -> None:
    typed = Recovery.from_secret(secret).code.replace(" ", between)
    assert parse_recovery(typed.lower() if small else typed).secret == secret


@settings(deadline=None)
@given(st.sets(st.integers(0, 57), min_size=1, max_size=4), st.randoms())
def test_up_to_four_mistyped_characters_are_always_found(places: set[int], random) -> None:
    code = list(Recovery.from_secret(SECRET).code.replace(" ", ""))
    for place in places:
        position = len("OBERIH1") + place
        code[position] = random.choice([c for c in "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" if c != code[position]])
    with pytest.raises(RecoveryError, match="compare it with the paper"):
        parse_recovery("".join(code))


@pytest.mark.parametrize("typed", ["", "OBERIH1", "1", "пароль", "age1sg2f934", "OBERIH1 8NC7 KLLY FJYZ"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(RecoveryError):
        parse_recovery(typed)


def test_a_code_of_another_kind_is_refused() -> None:
    from bot.privacy.derive import bech32_text

    with pytest.raises(RecoveryError, match="missing"):
        parse_recovery(bech32_text("oberih", bytes(16)))


def test_nothing_private_shows_when_it_is_printed() -> None:
    recovery = new_recovery()
    shown = repr(recovery)
    assert recovery.identity not in shown and repr(recovery.secret) not in shown
