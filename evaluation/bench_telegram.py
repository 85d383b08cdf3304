"""The Telegram channel against Rasa's own, each with its bot on the same fake Bot API server, one after the other.

Many people write and press, 20 updates a second in all: 70 % buttons, 30 % typed. For Rasa's starter bot, which shows
no buttons, a press sends `/intent`. What is measured is the time from the delivery of an update (it is handed out to a
poll, or its POST to the webhook begins) to the first `sendMessage` for that chat. An update without one is lost; a
message that is sent again just the same is doubled. Ours polls, as it does by default; Rasa's has only the webhook.
"""

import asyncio
import functools
import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot import PROJECT_ROOT
from bot.runtime import founding
from bot.settings import load
from evaluation.bench_chat import STARTER_INTENTS, free_port, starter
from evaluation.botapi import FakeTelegram, Person
from evaluation.botapi.api import Call
from evaluation.records import read

SECONDS = 60
PER_SECOND = 20
PEOPLE = 100
TYPED_SHARE = 0.3
_LANGUAGES = ("uk", "ru", "en", "pl", "de", "ro")
_LONGEST_WAIT = 60.0
"""Seconds after which a person no longer waits for an answer."""
_READY_SECONDS = 400.0
_STOP_SECONDS = 15.0
_NEVER = float("inf")


@dataclass(frozen=True)
class Contender:
    """A bot as a server of its own: what starts it, how people open a chat, and what they press."""

    command: list[str]
    folder: Path
    environment: Mapping[str, str]
    health: str
    opens: Callable[[Person], object]
    presses: Callable[[Person, random.Random], object]


async def measure(seconds: float = SECONDS) -> dict[str, Any]:
    """Measure both bots; return waiting times in milliseconds, losses, and ratios (ours / theirs)."""
    figures = {}
    for name, prepare in (("oberih", _oberih), ("rasa", _rasa)):
        with tempfile.TemporaryDirectory(prefix="oberih-bench-") as folder:
            async with FakeTelegram() as server:
                figures[name] = await _figures(server, prepare(server, Path(folder)), seconds)
    ratios = {key: round(figures["oberih"][key] / figures["rasa"][key], 2) for key in ("p50_ms", "p95_ms")}
    return {**figures, "ratios": ratios}


def _oberih(server: FakeTelegram, folder: Path) -> Contender:
    port, token = free_port(), folder / "token"
    token.write_text(server.token)
    token.chmod(0o600)
    environment = {
        "OBERIH_CHAT_PORT": str(port),
        "OBERIH_VAR": str(folder / "var"),
        "OBERIH_MODELS": str(load().model_folder),
        "OBERIH_TELEGRAM_TOKEN_FILE": str(token),
        "OBERIH_TELEGRAM_API": server.base_url.removesuffix("/bot"),
    }
    founding.found_training_site(load(environment))
    command = [sys.executable, "-m", "bot.cli", "telegram", "poll"]
    health = f"http://127.0.0.1:{port}/health"
    return Contender(command, PROJECT_ROOT, environment, health, Person.starts, _press_a_button)


def _rasa(server: FakeTelegram, folder: Path) -> Contender:
    port, credentials = free_port(), folder / "credentials.yml"
    hook = f"http://127.0.0.1:{port}/webhooks/telegram/webhook"
    credentials.write_text(
        f'telegram:\n  access_token: "{server.token}"\n  verify: "{server.world.bot.username}"\n'
        f'  webhook_url: "{hook}"\n'
    )
    launcher = str(PROJECT_ROOT / "evaluation" / "rasa_telegram.py")
    options = ["-p", str(port), "-i", "127.0.0.1", "--credentials", str(credentials)]
    environment = {"BENCH_TELEGRAM_API": server.base_url.removesuffix("/bot"), "RASA_TELEMETRY_ENABLED": "false"}
    command = [sys.executable, launcher, "run", *options]
    health = f"http://127.0.0.1:{port}/"
    return Contender(command, starter(), environment, health, lambda person: person.types("/greet"), _press_an_intent)


def _press_a_button(person: Person, chance: random.Random) -> object:
    buttons = person.buttons
    if not buttons:
        return person.starts()
    return person.presses(chance.choice(buttons).data)


def _press_an_intent(person: Person, chance: random.Random) -> object:
    return person.presses_data(person.chat[-1], f"/{chance.choice(STARTER_INTENTS)}")


async def _figures(server: FakeTelegram, contender: Contender, seconds: float) -> dict[str, float]:
    async with _running(contender):
        people = [server.person(language_code=_LANGUAGES[n % len(_LANGUAGES)]) for n in range(PEOPLE)]
        await _paced(people, [contender.opens] * PEOPLE)
        await asyncio.sleep(2)
        warm = max(server.updates.handed_out)
        started = time.monotonic()
        await _paced(people, _mix(contender, int(seconds * PER_SECOND)))
        took = time.monotonic() - started
    return _read(server, warm) | {"updates_per_second": round(seconds * PER_SECOND / took, 1)}


def _mix(contender: Contender, count: int) -> list[Callable[[Person], object]]:
    """Return what is done, in order: no text twice."""
    chance = random.Random(1)
    texts = [row["text"] for row in read("bench_chat", None)]
    typed = chance.sample(texts, min(len(texts), round(count * TYPED_SHARE)))
    acts: list[Callable[[Person], object]] = [functools.partial(Person.types, text=text) for text in typed]
    acts += [lambda person: contender.presses(person, chance)] * (count - len(typed))
    chance.shuffle(acts)
    return acts


async def _paced(people: list[Person], acts: list[Callable[[Person], object]]) -> None:
    """Let people do these things at an even pace, each whoever has waited longest and has an answer; then wait for the
    last answers."""
    waiting: dict[Person, tuple[float, int]] = {}
    free, begun = deque(people), time.monotonic()

    def settle() -> None:
        for person, (at, said) in list(waiting.items()):
            if _heard(person) > said or time.monotonic() - at > _LONGEST_WAIT:
                del waiting[person]
                free.append(person)

    for number, act in enumerate(acts):
        await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
        settle()
        while not free:
            await asyncio.sleep(0.01)
            settle()
        person = free.popleft()
        waiting[person] = (time.monotonic(), _heard(person))
        act(person)
    while waiting:
        await asyncio.sleep(0.01)
        settle()


def _heard(person: Person) -> int:
    return sum(sight.kind == "sent" for sight in person.private.sights)


def _read(server: FakeTelegram, warm: int) -> dict[str, float]:
    """Return the waits of all updates with a higher number than `warm`, and what was lost and doubled."""
    waits: list[float] = []
    lost = doubled = 0
    for chat in server.world.chats:
        updates = [update.id for update in server.updates.delivered if update.chat_id == chat]
        calls = [call for call in server.calls("sendMessage") if call.params["chat_id"] == str(chat)]
        moments = [server.updates.handed_out.get(update, _NEVER) for update in updates]
        for update, at, end in zip(updates, moments, [*moments[1:], _NEVER], strict=True):
            if update > warm:
                said = [call for call in calls if at <= call.at < end]
                waits += [said[0].at - at] if said else []
                lost += not said
                doubled += _doubled(said)
    ordered = sorted(waits)
    return {
        "p50_ms": round(1000 * ordered[len(ordered) // 2], 1),
        "p95_ms": round(1000 * ordered[int(len(ordered) * 0.95)], 1),
        "lost": lost,
        "doubled": doubled,
    }


def _doubled(said: list[Call]) -> int:
    done = [call.params for call in said if call.result is not None]
    return sum(first == second for first, second in itertools.pairwise(done))


@asynccontextmanager
async def _running(contender: Contender) -> AsyncIterator[None]:
    """Run a bot until the block ends."""
    process = subprocess.Popen(  # noqa: ASYNC220 (it is waited for anyway)
        contender.command,
        cwd=contender.folder,
        env={**os.environ, **contender.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await _until_ready(contender.health, process)
        yield
    finally:
        process.terminate()
        try:
            # In a thread: while it ends, it still speaks to the fake server in this process.
            await asyncio.to_thread(process.wait, _STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


async def _until_ready(health: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_SECONDS
    async with aiohttp.ClientSession() as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise OSError(f"The bot ended with code {process.returncode} before it was ready.")
            try:
                async with client.get(health) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
    raise OSError(f"The bot was not ready in {_READY_SECONDS:.0f} s.")
