"""The chat against Rasa's own starter bot: messages a second, waiting times, memory, time to be ready.

Both run as servers of their own on this machine, under the same driver, in alternating rounds. Ours is
`/api/messages`; the starter is what `rasa init --no-prompt` writes, unchanged, over its REST channel. A
dialogue has 13 turns, of which 9 are buttons (for the starter: `/intent`) and 4 are typed.
"""

import asyncio
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from bot import PROJECT_ROOT
from bot.settings import load
from evaluation.records import read

USERS = 50
TURNS = 13
TYPED_TURNS = frozenset({2, 5, 8, 11})
ROUNDS = 3
_READY_SECONDS = 180.0
STARTER_INTENTS = ("greet", "goodbye", "affirm", "deny", "mood_great", "mood_unhappy", "bot_challenge")

Talk = Callable[[aiohttp.ClientSession, int, list[str]], Awaitable[list[float]]]


@dataclass
class Contender:
    """One server under test and what was measured of it."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    port: int
    health: str
    talk: Talk
    ready_s: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Return medians over the rounds, and percentiles over all messages."""
        ordered = sorted(self.waits)
        return {
            "messages_per_second": round(statistics.median(self.per_second), 1),
            "p50_ms": round(1000 * ordered[len(ordered) // 2], 1),
            "p95_ms": round(1000 * ordered[int(len(ordered) * 0.95)], 1),
            "memory_mb": round(statistics.median(self.memory_mb), 1),
            "ready_s": round(statistics.median(self.ready_s), 1),
        }


async def measure() -> dict[str, Any]:
    """Run both servers in alternating rounds and return their figures and ratios (ours / theirs)."""
    texts = [row["text"] for row in read("bench_chat", None)]
    ours, starter = _oberih(), _starter()
    for number in range(ROUNDS):
        for contender in (ours, starter):
            await _round(contender, random.Random(number).sample(texts, USERS * len(TYPED_TURNS)))
    mine, theirs = ours.figures(), starter.figures()
    ratios = {name: round(mine[key] / theirs[key], 2) for name, key in _RATIOS.items()}
    return {"oberih": mine, "starter": theirs, "ratios": ratios}


_RATIOS = {"messages_per_second": "messages_per_second", "memory": "memory_mb"}


def _oberih() -> Contender:
    port = free_port()
    return Contender(
        command=[sys.executable, "-m", "bot.cli", "serve"],
        folder=PROJECT_ROOT,
        environment={"OBERIH_CHAT_PORT": str(port)},
        port=port,
        health="/health",
        talk=_talk_to_oberih,
    )


def starter() -> Path:
    """Write and train the starter bot once; return its folder, in `var/bench`."""
    folder = load().var / "bench" / "starter"
    rasa = [str(Path(sys.executable).parent / "rasa")]
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if not list(folder.glob("models/*.tar.gz")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sys.stderr.write("writing and training Rasa's starter bot (once)\n")
        subprocess.run([*rasa, "init", "--no-prompt"], cwd=folder, env=quiet, check=True, capture_output=True)
    return folder


def _starter() -> Contender:
    folder = starter()
    (folder / "credentials.yml").write_text("rest:\n")
    port = free_port()
    rasa = str(Path(sys.executable).parent / "rasa")
    return Contender(
        command=[rasa, "run", "-p", str(port), "-i", "127.0.0.1"],
        folder=folder,
        environment={},
        port=port,
        health="/",
        talk=_talk_to_starter,
    )


async def _round(contender: Contender, texts: list[str]) -> None:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", **contender.environment}
    at = time.perf_counter()
    process = subprocess.Popen(  # noqa: ASYNC220 (the driver waits for it anyway)
        contender.command,
        cwd=contender.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connector = aiohttp.TCPConnector(limit=2 * USERS)
        base = f"http://127.0.0.1:{contender.port}"
        async with aiohttp.ClientSession(base, connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as client:
            await _until_ready(client, contender, process)
            contender.ready_s.append(time.perf_counter() - at)
            await contender.talk(client, 10_000, texts[: len(TYPED_TURNS)])
            started = time.perf_counter()
            share = len(TYPED_TURNS)
            users = [contender.talk(client, user, texts[user * share : (user + 1) * share]) for user in range(USERS)]
            waits = [wait for waits in await asyncio.gather(*users) for wait in waits]
            seconds = time.perf_counter() - started
        contender.per_second.append(len(waits) / seconds)
        contender.waits += waits
        contender.memory_mb.append(_memory_mb(process.pid))
    finally:
        process.terminate()
        process.wait(15)


async def _until_ready(client: aiohttp.ClientSession, contender: Contender, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.perf_counter() + _READY_SECONDS
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise OSError(f"{contender.command[0]} ended with code {process.returncode} before it was ready.")
        try:
            async with client.get(contender.health) as response:
                if response.status == 200:
                    return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise OSError(f"{contender.command[0]} was not ready in {_READY_SECONDS:.0f} s.")


async def _talk_to_oberih(client: aiohttp.ClientSession, user: int, texts: list[str]) -> list[float]:
    chance, words, waits = random.Random(user), iter(texts), []
    headers, buttons = await _open(client)
    for turn in range(TURNS):
        body: dict[str, str] = {"id": f"{user}-{turn}"}
        body |= {"text": next(words)} if turn in TYPED_TURNS else {"payload": chance.choice(buttons)}
        at = time.perf_counter()
        async with client.post("/api/messages", json=body, headers=headers) as response:
            answer = await response.json()
            if response.status != 200:
                raise OSError(f"The chat answered {response.status}: {answer}")
        waits.append(time.perf_counter() - at)
        if answer["state"]["ended"]:  # a text that says goodbye for good
            headers, buttons = await _open(client)
        buttons = _keys(answer["messages"]) or buttons
    async with client.post("/api/exit", headers=headers):
        return waits


async def _open(client: aiohttp.ClientSession) -> tuple[dict[str, str], list[str]]:
    """Start a session; return the headers that carry it, and the keys of its first buttons."""
    async with client.post("/api/sessions", json={"language": "uk"}) as response:
        opened = await response.json()
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in response.cookies.items())
    return {"X-CSRF": opened["csrf"], "Cookie": cookie}, _keys(opened["messages"])


def _keys(messages: list[dict[str, Any]]) -> list[str]:
    return [button["payload"] for message in messages for button in message["buttons"]]


async def _talk_to_starter(client: aiohttp.ClientSession, user: int, texts: list[str]) -> list[float]:
    chance, words, waits = random.Random(user), iter(texts), []
    for turn in range(TURNS):
        message = next(words) if turn in TYPED_TURNS else f"/{chance.choice(STARTER_INTENTS)}"
        at = time.perf_counter()
        async with client.post("/webhooks/rest/webhook", json={"sender": f"user-{user}", "message": message}) as r:
            await r.json()
        waits.append(time.perf_counter() - at)
    return waits


def _memory_mb(pid: int) -> float:
    """Return the proportional set size of a process and its children."""
    process = psutil.Process(pid)
    return float(sum(p.memory_full_info().pss for p in [process, *process.children(recursive=True)])) / 1e6


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
