"""The key folder is made once, private, and trusted only as it was signed."""

import stat
from pathlib import Path

import pytest

from bot.privacy import pins as pin_book
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.pins import PinError
from bot.privacy.recovery import new_recovery
from bot.runtime import key_folder
from bot.runtime.key_folder import KeyFolderError

RECOVERY = new_recovery()
PINS = pin_book.start(RECOVERY)
DESK = DeskKeys.from_secret(bytes(range(32)))


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    key_folder.create(tmp_path / "keys", RECOVERY.verify_key, PINS)
    return tmp_path / "keys"


def test_a_new_folder_is_private_and_read_back(folder: Path) -> None:
    assert key_folder.exists(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert {path.name for path in folder.iterdir()} == {"site_salt", "pepper", "root.pub", "pins.json"}
    keys = key_folder.read(folder)
    assert len(keys.site_salt) == len(keys.pepper) == 32 and keys.site_salt != keys.pepper
    assert keys.pins == PINS and keys.root == RECOVERY.verify_key
    assert keys.pepper.hex() not in repr(keys) and repr(keys.pepper) not in repr(keys)


def test_an_existing_folder_is_never_overwritten(folder: Path) -> None:
    before = key_folder.read(folder)
    with pytest.raises(KeyFolderError, match="holds keys already"):
        key_folder.create(folder, RECOVERY.verify_key, PINS)
    assert key_folder.read(folder) == before


def test_a_folder_that_was_left_half_made_is_made_anew(folder: Path) -> None:
    (folder / "pepper").unlink()
    assert not key_folder.exists(folder)
    key_folder.create(folder, RECOVERY.verify_key, PINS)
    assert key_folder.exists(folder)


@pytest.mark.parametrize(
    "name, mode", [("pepper", 0o640), ("pepper", 0o604), ("pins.json", 0o666), ("root.pub", 0o620), (".", 0o777)]
)
def test_loose_permissions_are_refused_with_the_remedy(folder: Path, name: str, mode: int) -> None:
    (folder / name).chmod(mode)
    with pytest.raises(KeyFolderError, match=r"run chmod [67]00"):
        key_folder.read(folder)


@pytest.mark.parametrize("name", ["site_salt", "root.pub", "pins.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(KeyFolderError, match=f"{name} is missing"):
        key_folder.read(folder)


@pytest.mark.parametrize("content", ["", "00", "zz" * 32])
def test_a_damaged_pepper_is_refused_without_repeating_it(folder: Path, content: str) -> None:
    (folder / "pepper").write_text(content)
    with pytest.raises(KeyFolderError, match="pepper is damaged") as caught:
        key_folder.read(folder)
    assert caught.value.__cause__ is None


def test_no_folder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(KeyFolderError, match="oberih init"):
        key_folder.read(tmp_path)


def test_new_pins_replace_the_old_and_unsigned_ones_do_not(folder: Path) -> None:
    key_folder.write_pins(folder, pin_book.add_by_root(PINS, "helpline", DESK, RECOVERY))
    assert key_folder.read(folder).pins.current("helpline").recipient == DESK.recipient
    with pytest.raises(PinError):
        key_folder.write_pins(folder, pin_book.add_by_root(PINS, "helpline", DESK, new_recovery()))
    assert key_folder.read(folder).pins.current("helpline").recipient == DESK.recipient


def test_pins_of_another_root_make_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PinError):
        key_folder.create(tmp_path / "keys", new_recovery().verify_key, PINS)
    assert not (tmp_path / "keys").exists()
