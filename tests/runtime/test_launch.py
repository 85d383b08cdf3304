"""`up` starts chat and desk under one parent, says where they are, and takes both away with it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from bot import PROJECT_ROOT
from tests.server import settings_in

UP = "import sys; from bot.runtime.launch import run; from bot.settings import load; sys.exit(run(load()))"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def started(tmp_path: Path, services):  # type: ignore[no-untyped-def]
    """The parent, its first lines, and the two ports."""
    chat, desk = free_port(), free_port()
    settings = settings_in(tmp_path)
    environment = {
        **os.environ, "OBERIH_VAR": str(settings.var), "OBERIH_MODELS": str(settings.model_folder),
        "OBERIH_CHAT_PORT": str(chat), "OBERIH_DESK_PORT": str(desk), "OBERIH_SITE": str(tmp_path / "none.yml"),
    }  # fmt: skip
    parent = subprocess.Popen(
        [sys.executable, "-c", UP], cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert parent.stdout is not None
    said = ""
    while "Ctrl-C" not in said and parent.poll() is None:
        said += parent.stdout.readline()
    yield parent, said, chat, desk
    if parent.poll() is None:
        parent.kill()
        parent.wait()


def works(process: psutil.Process) -> bool:
    """Whether it still does anything: one that has ended may wait to be noticed by the machine's first process."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_desk_opens_with_the_passphrase_that_was_printed(started) -> None:
    parent, said, chat, desk = started
    assert "The chat is ready" in said and f"http://127.0.0.1:{chat}/" in said
    assert f"http://127.0.0.1:{desk}/" in said
    passphrase = re.search(r"shown this once: (.+)", said).group(1)
    fields = {"desk": "training", "name": "trainer", "passphrase": passphrase}
    assert httpx.post(f"http://127.0.0.1:{desk}/login", data=fields, timeout=30).headers["location"] == "/"
    children = psutil.Process(parent.pid).children()
    parent.send_signal(signal.SIGINT)
    assert parent.wait(15) == 0
    assert len(children) == 2 and not any(map(works, children))


def test_one_that_ends_by_itself_ends_the_other(started) -> None:
    parent, *_ = started
    children = psutil.Process(parent.pid).children()
    [desk] = [child for child in children if "--desk" in child.cmdline()]
    desk.kill()
    assert parent.wait(15) != 0
    for _ in range(100):
        if not any(map(works, children)):
            break
        time.sleep(0.1)
    assert not any(map(works, children))
