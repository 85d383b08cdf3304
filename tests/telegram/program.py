"""The real program, `oberih telegram poll` or `webhook`, as a process that can be killed, on a fake Telegram."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import httpx
from redis import Redis

from bot import PROJECT_ROOT
from bot.channels.telegram.erasing_key import erasing_key, key_path
from bot.channels.telegram.noted import RedisNotes
from bot.runtime import desk_session, founding
from bot.settings import Settings, load
from bot.site import load_site
from evaluation.botapi import FakeTelegram

PUBLIC_URL = "https://help.example.org"
PASSPHRASE = "seven quiet herons at dawn"
MEMBER = "olha"
SITE = """
operator: {name: Aid, contact: office}
responsible: {name: Olha, role: head, contact: office}
desks:
  - {id: helpline, name: Helpline, kind: hotline, default: true}
"""
_READY_SECONDS = 180.0


@dataclass
class Program:
    """One installation in a folder of its own; `environment` is all that its process knows of it.

    Attributes:
        desk, member, passphrase: what opens the tickets that it takes.
    """

    mode: str
    folder: Path
    environment: dict[str, str]
    desk: str
    member: str
    passphrase: str
    process: Optional["subprocess.Popen[bytes]"] = field(default=None, repr=False)
    killed_at: list[float] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The settings of the process."""
        return load(self.environment)

    async def start(self) -> None:
        """Start it and wait until it answers. Its streams are added to files of its folder."""
        self.process = self._started()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.settings.port}") as client:
            for _ in range(int(_READY_SECONDS / 0.1)):
                assert self.process.poll() is None, (self.folder / "stderr").read_text()
                try:
                    if (await client.get("/health")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        raise AssertionError(f"The program was not ready in {_READY_SECONDS:.0f} s.")

    def _started(self) -> "subprocess.Popen[bytes]":
        # Not by asyncio: Rasa's web server changes the policy by which that would look after children.
        with (self.folder / "stdout").open("ab") as out, (self.folder / "stderr").open("ab") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "telegram", self.mode],
                cwd=PROJECT_ROOT, env={**os.environ, **self.environment}, stdout=out, stderr=err,
            )  # fmt: skip

    async def kill(self) -> None:
        """End it as the kernel would: nothing is cleaned up."""
        assert self.process is not None
        self.process.kill()
        await asyncio.to_thread(self.process.wait)
        self.killed_at.append(time.time())

    async def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            await asyncio.to_thread(self.process.wait, 30)

    @property
    def notes(self) -> RedisNotes:
        """What it has noted in Redis."""
        assert self.settings.redis_url is not None
        return RedisNotes(Redis.from_url(self.settings.redis_url), erasing_key(self.settings.var))

    def clean_up(self, chats: Iterable[int]) -> None:
        """Take away what it noted in Redis, and its key in memory."""
        for chat in chats:
            self.notes.replace(chat, ())
        self.notes._redis.delete(self.notes._name("since"))
        key_path(self.settings.var).unlink(missing_ok=True)


def installed(mode: str, folder: Path, server: FakeTelegram, **more: str) -> Program:
    """A founded site, not started yet: a demo that polls, or a production site behind a TLS proxy with a webhook."""
    port = _free_port()
    for name in ("tmp", "home"):
        (folder / name).mkdir()
    token = folder / "token"
    token.write_text(server.token)
    token.chmod(0o600)
    environment = {
        "OBERIH_CHAT_PORT": str(port),
        "OBERIH_VAR": str(folder / "var"),
        "OBERIH_MODELS": str(load().model_folder.resolve()),
        "OBERIH_TELEGRAM_TOKEN_FILE": str(token),
        "OBERIH_TELEGRAM_API": server.base_url.removesuffix("/bot"),
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        **more,
    }
    if mode == "poll":
        trainer = founding.found_training_site(load(environment))
        assert trainer is not None
        return Program(mode, folder, environment, "training", trainer.name, trainer.passphrase)
    server.webhook.proxies[PUBLIC_URL] = f"http://127.0.0.1:{port}"
    (folder / "site.yml").write_text(SITE)
    environment |= {"OBERIH_MODE": "production", "OBERIH_PUBLIC_URL": PUBLIC_URL}
    environment |= {"OBERIH_SITE": str(folder / "site.yml")}
    settings = load(environment)
    site = load_site(settings.site)
    assert site is not None
    founding.found(settings, site, {"helpline": founding.FirstMember(MEMBER, PASSPHRASE)})
    # Intake is open once somebody has been there.
    desk_session.log_in(settings, "helpline", MEMBER, PASSPHRASE)
    return Program(mode, folder, environment, "helpline", MEMBER, PASSPHRASE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
