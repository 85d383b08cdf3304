"""With a private key on disk in clear, nothing starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import PROJECT_ROOT
from bot.privacy.seal import generate_identity
from bot.runtime.safe_start import UnsafeMachine, refuse_unsafe
from bot.settings import Settings

IDENTITY = generate_identity()


def test_a_planted_key_is_named_by_its_file_alone(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    refuse_unsafe(settings)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "old.txt").write_text(IDENTITY)
    with pytest.raises(UnsafeMachine, match=r"old\.txt: move it off this machine") as caught:
        refuse_unsafe(settings)
    assert IDENTITY[15:] not in str(caught.value)


COMMANDS = (
    "up", "serve", "db upgrade", "init --member olena", "tickets list", "tickets show a", "tickets export a",
    "desk invite", "desk join a --name olena",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_entry_point_refuses_to_start(tmp_path: Path, command: str) -> None:
    (tmp_path / "note.log").write_bytes(IDENTITY.encode("utf-16"))
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *command.split()],
        cwd=PROJECT_ROOT,
        env={**os.environ, "OBERIH_VAR": str(tmp_path)},
        input=b"a passphrase\n" * 4,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 2
    [line] = done.stderr.decode().strip().splitlines()
    assert "unencrypted private key" in line and "note.log" in line


def test_doctor_names_each_thing_that_is_wrong(tmp_path: Path) -> None:
    from bot.runtime.doctor import examine

    (tmp_path / "note.log").write_text(IDENTITY)
    (tmp_path / "site.yml").write_text("desks: 1")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "pepper").touch(mode=0o644)
    report = examine(Settings(var=tmp_path, site=tmp_path / "site.yml"))
    assert report["ok"] is False
    assert "note.log" in report["private_keys"] and "site.yml" in report["site"]
    assert "site_salt is missing" in report["keys"]


def test_doctor_takes_a_site_without_desks_or_keys_as_closed(tmp_path: Path) -> None:
    from bot.runtime.doctor import examine

    report = examine(Settings(var=tmp_path, site=tmp_path / "site.yml"))
    assert report["ok"] is True
    assert "reporting is closed" in report["site"] and "reporting is closed" in report["keys"]
