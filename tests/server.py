"""A real chat server for tests: its own process, its own temporary folder, its streams in files."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot import PROJECT_ROOT
from bot.settings import Settings, load

SERVE = "from bot.runtime.launch import serve; from bot.settings import load; serve(load())"


@dataclass
class Server:
    base: str
    folder: Path
    process: "subprocess.Popen[bytes]"


def settings_in(folder: Path) -> Settings:
    """The settings of a server that runs in this folder: where its keys and its database lie."""
    return load({"OBERIH_VAR": str(folder / "var"), "OBERIH_MODELS": str(load().model_folder.resolve())})


@contextlib.contextmanager
def running(folder: Path, program: str = SERVE, **changed: str) -> Iterator[Server]:
    """Run a program that serves the chat until the block ends; `folder` gets its temporary files and streams.

    `changed` are environment variables with other values.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "tmp").mkdir()
    (folder / "home").mkdir()
    environment = {
        **os.environ,
        "OBERIH_CHAT_PORT": str(port),
        "OBERIH_VAR": str(settings_in(folder).var),
        "OBERIH_MODELS": str(settings_in(folder).model_folder),
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        **changed,
    }
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=PROJECT_ROOT, env=environment, stdout=out, stderr=err
        )
        server = Server(f"http://127.0.0.1:{port}", folder, process)
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()
            process.wait(15)


def _wait(server: Server) -> None:
    for _ in range(600):
        assert server.process.poll() is None, (server.folder / "stderr").read_text()
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(server.base + "/health").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("The server was not ready in a minute.")
