"""The list of endings: only added to, whole after a crash, and nothing but ids on it."""

import stat
from datetime import date
from pathlib import Path

import pytest

from bot.runtime.endings import Endings, EndingsError
from bot.store.records import Ending

DAY = date(2026, 11, 24)


def test_what_was_added_comes_back_once(tmp_path: Path) -> None:
    endings = Endings(tmp_path / "endings")
    first, second = Ending("a" * 32, "new", DAY), Ending("b" * 32, "done", DAY)
    endings.add([first])
    endings.add_missing([first, second])
    endings.add_missing([second])
    assert endings.all() == [first, second]
    assert endings.path.read_text() == f"2026-11-24 new {'a' * 32}\n2026-11-24 done {'b' * 32}\n"
    taken_back = Ending("a" * 32, "revoked", DAY)
    endings.add([taken_back])
    assert set(endings.all()) == {taken_back, second}


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    endings = Endings(tmp_path / "endings")
    endings.add([])
    assert stat.S_IMODE(endings.path.stat().st_mode) == 0o600 and endings.all() == []


def test_half_a_line_hides_no_other(tmp_path: Path) -> None:
    endings = Endings(tmp_path / "endings")
    endings.path.write_text(f"2026-11-24 revoked {'a' * 32}\n2026-11-24 rev")
    endings.add([Ending("b" * 32, "revoked", DAY)])
    assert [ending.ticket for ending in endings.all()] == ["a" * 32, "b" * 32]


def test_a_list_that_is_gone_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(EndingsError, match="copy it back"):
        Endings(tmp_path / "endings").all()
