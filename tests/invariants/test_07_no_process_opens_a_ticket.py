"""Invariant 7: no process of ours, and nobody who takes all its files, can open a ticket."""

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from bot import PROJECT_ROOT
from bot.privacy.key_search import find_private_keys
from bot.runtime import desk_session, founding
from bot.runtime.founding import FirstMember
from bot.settings import Settings, load
from tests.attack import attack
from tests.leaks import leaks
from tests.server import running
from tests.writing import TRACES, WORDS, Visitor


@dataclass(frozen=True)
class Taken:
    """All that lies on a machine whose server took reports: while it ran, after SIGKILL, and after a real stop."""

    folders: dict[str, Path]
    environment: dict[str, str]
    secret: bytes
    identity: str
    member: FirstMember
    recovery: str


@pytest.fixture(scope="module")
def taken(services, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    root = tmp_path_factory.mktemp("taken")
    settings = replace(load(), var=root / "var", database_url=f"sqlite:///{root}/var/oberih.db")
    site = founding.site_of(settings)
    assert site is not None
    member = FirstMember("trainer", "seven quiet herons on ice")
    recovery = founding.found(settings, site, {"training": member})
    environment: dict[str, str] = {}
    folders = {}
    for number, (during, after) in enumerate((("running", "killed"), ("running again", "stopped"))):
        folder = root / str(number)
        folder.mkdir()
        with running(folder, OBERIH_VAR=str(settings.var)) as server:
            with httpx.Client(base_url=server.base, timeout=60) as client:
                person = Visitor(client, services.texts)
                person.to_preview(WORDS)
                assert "The report is sent" in person.presses("report.button.send")[0]["text"]
            entries = Path(f"/proc/{server.process.pid}/environ").read_bytes().decode().split("\0")
            environment |= dict(entry.split("=", 1) for entry in entries if "=" in entry)
            folders[during] = copied(settings, root / during)
            if after == "killed":
                os.kill(server.process.pid, signal.SIGKILL)
        folders[after] = copied(settings, root / after)
    opened = desk_session.log_in(settings, "training", member.name, member.passphrase).opened
    return Taken(folders, environment, opened.secret, opened.keys.identity, member, recovery.code)


def copied(settings: Settings, to: Path) -> Path:
    shutil.copytree(settings.var, to, ignore=shutil.ignore_patterns("models"))
    return to


def attacked(taken: Taken, folder: Path) -> list[bytes]:
    return attack([folder, PROJECT_ROOT / "deploy"], taken.environment, folder / "oberih.db")


@pytest.mark.parametrize("moment", ["running", "killed", "stopped"])
def test_nothing_on_the_machine_opens_a_ticket_or_names_anyone(taken: Taken, moment: str) -> None:
    folder = taken.folders[moment]
    assert leaks([folder, PROJECT_ROOT / "deploy"], 0, TRACES) == []
    assert find_private_keys(folder) == []
    assert attacked(taken, folder) == []


PLANTED: dict[str, Callable[[Taken], bytes]] = {
    "S as bytes": lambda taken: b"dump " + taken.secret + b" end",
    "S in hexadecimal": lambda taken: b"secret: " + taken.secret.hex().encode(),
    "D in UTF-16": lambda taken: f"key {taken.identity}".encode("utf-16"),
    "the recovery code": lambda taken: taken.recovery.encode(),
    "the passphrase": lambda taken: taken.member.passphrase.encode(),
}


@pytest.mark.parametrize("name", PLANTED)
def test_the_same_attack_opens_the_tickets_where_a_key_was_left(taken: Taken, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(taken.folders["stopped"], tmp_path / "var")
    (folder / "left.tmp").write_bytes(PLANTED[name](taken))
    opened = attacked(taken, folder)
    assert len(opened) == 2 and all("Жмеринкотест" in content.decode(errors="ignore") for content in opened)
