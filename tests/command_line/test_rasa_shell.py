"""Rasa's own shell beside its own action server, as `endpoints.yml` sets them up."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from bot import PROJECT_ROOT
from bot.runtime import models
from bot.settings import load

RASA = str(Path(sys.executable).with_name("rasa"))
ENVIRONMENT = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}


@pytest.fixture
def endpoints(tmp_path: Path) -> Iterator[Path]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    written = (PROJECT_ROOT / "endpoints.yml").read_text().replace("5055", port)
    (tmp_path / "endpoints.yml").write_text(written)
    with (tmp_path / "log").open("w+") as log:
        actions = subprocess.Popen(
            [RASA, "run", "actions", "--port", port], cwd=PROJECT_ROOT, env=ENVIRONMENT, stdout=log, stderr=log
        )
        yield tmp_path / "endpoints.yml"
        actions.terminate()
        actions.wait(20)


def test_the_shell_shows_the_emergency_card_and_the_check(endpoints: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    model = str(models.rasa_path(load()))
    shell = pexpect.spawn(
        RASA,
        ["shell", "--model", model, "--endpoints", str(endpoints), "--port", port],
        cwd=str(PROJECT_ROOT),
        env=ENVIRONMENT,
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 200),
    )
    shell.expect("Bot loaded")
    shell.expect("Your input")
    shell.send("Мене зачинили і забрали паспорт\r")
    shell.expect("Нікого не сповіщено")
    shell.expect('"number": "112"')
    # What is typed before the shell asks again is lost: the terminal is not in its hands until then.
    shell.expect("Your input")
    shell.send("Робота в Польщі без досвіду, 3000 євро, паспорт віддати водію\r")
    shell.expect('"level": "(high|elevated)"')
    shell.send("/stop\r")
    shell.expect(pexpect.EOF)
