"""Reports are sealed only to keys that the recovery key, or the desk before, has signed."""

import json

import pytest

from bot.privacy import pins as pin_book
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.pins import PinError, Pins, add_by_desk, add_by_root, from_json, to_json
from bot.privacy.recovery import Recovery

RECOVERY = Recovery.from_secret(bytes(range(32)))
STRANGER = Recovery.from_secret(bytes(32))
ONE, TWO, THREE = (DeskKeys.from_secret(bytes([number]) * 32) for number in (1, 2, 3))
ROOT = RECOVERY.verify_key


@pytest.fixture()
def pins() -> Pins:
    """Desk a, rotated once by itself; desk b."""
    pins = add_by_root(pin_book.start(RECOVERY), "a", ONE, RECOVERY)
    pins = add_by_desk(pins, "a", TWO, ONE)
    return add_by_root(pins, "b", THREE, RECOVERY)


def test_pins_are_read_back_as_written(pins: Pins) -> None:
    read = from_json(to_json(pins), ROOT)
    assert read == pins
    assert (read.current("a").recipient, read.current("a").generation) == (TWO.recipient, 2)
    assert read.current("b").verify_key == THREE.verify_key
    assert read.recovery == RECOVERY.recipient


def test_an_unknown_desk_gets_nothing(pins: Pins) -> None:
    with pytest.raises(PinError, match="Desk c is not pinned"):
        pins.current("c")


def test_another_root_trusts_none_of_it(pins: Pins) -> None:
    with pytest.raises(PinError, match="not signed"):
        from_json(to_json(pins), STRANGER.verify_key)


def test_a_strangers_keys_are_found_wherever_they_are_put(pins: Pins) -> None:
    for desk in ("a", "b"):
        for name, value in (("recipient", ONE.recipient), ("verify_key", STRANGER.verify_key)):
            content = json.loads(to_json(pins))
            content["desks"][desk][-1][name] = value
            with pytest.raises(PinError, match=f"desk {desk} is not signed"):
                from_json(json.dumps(content), ROOT)
    content = {**json.loads(to_json(pins)), "recovery": STRANGER.recipient}
    with pytest.raises(PinError, match="recovery key is not signed"):
        from_json(json.dumps(content), ROOT)


def test_a_desk_cannot_be_renamed_cut_or_reordered(pins: Pins) -> None:
    def swap(desks: dict) -> dict:
        return {"a": desks["b"], "b": desks["a"]}

    def cut(desks: dict) -> dict:
        return {**desks, "a": desks["a"][1:]}

    def empty(desks: dict) -> dict:
        return {**desks, "a": []}

    def renumber(desks: dict) -> dict:
        return {**desks, "a": [{**desks["a"][1], "generation": 1}]}

    for change in (swap, cut, empty, renumber):
        content = json.loads(to_json(pins))
        with pytest.raises(PinError):
            from_json(json.dumps({**content, "desks": change(content["desks"])}), ROOT)


def test_one_desk_cannot_sign_for_another(pins: Pins) -> None:
    with pytest.raises(PinError, match="not the current keys of desk b"):
        add_by_desk(pins, "b", ONE, TWO)
    content = json.loads(to_json(pins))
    content["desks"]["b"].append({**content["desks"]["a"][1]})
    with pytest.raises(PinError):
        from_json(json.dumps(content), ROOT)


def test_keys_given_up_can_change_nothing_any_more(pins: Pins) -> None:
    with pytest.raises(PinError, match="not the current keys"):
        add_by_desk(pins, "a", THREE, ONE)


def test_the_root_can_replace_a_desks_keys(pins: Pins) -> None:
    changed = from_json(to_json(add_by_root(pins, "a", THREE, RECOVERY)), ROOT)
    assert changed.current("a").recipient == THREE.recipient


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1, "desks": []}'])
def test_a_damaged_file_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PinError, match=r"^The pin file .*\.$"):
        from_json(text, ROOT)
