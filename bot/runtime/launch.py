"""Starting the chat as a server process; the foreground parent of chat and desk; a smoke test of the chat."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional

import httpx

from bot import PROJECT_ROOT
from bot.channels.telegram.token import telegram_settings
from bot.runtime import founding, key_folder, patches, without_tensorflow
from bot.settings import Settings, SettingsError
from bot.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.channels.telegram.settings import TelegramSettings

_READY_SECONDS = 60.0
_STOP_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_SMOKE_OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
_BANNER = "Training: reports stay on this computer and reach nobody."


class PortBusy(OSError):
    """Something else listens on our port."""


@dataclass(frozen=True)
class _Part:
    """A process to start: its name, where it listens, the variable that says so, how to start it."""

    name: str
    host: str
    port: int
    variable: str
    command: tuple[str, ...]
    public_url: Optional[str]

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def _chat(settings: Settings) -> _Part:
    return _Part("chat", settings.host, settings.port, "OBERIH_CHAT_PORT", ("serve",), settings.public_url)


def _desk(settings: Settings) -> _Part:
    return _Part(
        "desk", settings.desk_host, settings.desk_port, "OBERIH_DESK_PORT", ("serve", "--desk"), settings.desk_url
    )


def serve(settings: Settings) -> None:
    """Run the chat app in this process until it is told to stop; with a token, the Telegram bot beside it.

    Raises:
        SettingsError: the token cannot be used, or Telegram refuses it.
    """
    patches.silence()
    telegram, telegram_bot = _telegram(settings)
    if not settings.with_tensorflow:
        without_tensorflow.install()
    # Rasa loads its classifier through skops, whose import looks for 765 types in every module loaded so
    # far: 4 s after Rasa is imported, half a second before.
    import skops.io  # noqa: F401
    import uvicorn

    patches.apply()
    _show_trouble_of("oberih.housekeeping")
    _show_trouble_of("oberih.signs", logging.INFO)
    _show_trouble_of("oberih.assistant", logging.WARNING)
    from bot.channels.web.app import create_app
    from bot.runtime.services import current

    app = create_app(current(), telegram)
    app.state.chat.page.telegram_bot = telegram_bot
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        ws="none",
        access_log=False,
        # What a header says of scheme and client is never believed (`bot/channels/web/security.py`).
        proxy_headers=False,
        log_level="critical",
        server_header=False,
        timeout_graceful_shutdown=2,
    )


def _telegram(settings: Settings) -> tuple[Optional["TelegramSettings"], Optional[str]]:
    """Return how to speak to Telegram and the bot's public name, its menus set; nothing where there is no bot.

    Without an answer from Telegram the chat starts all the same, and the bot goes on trying.
    """
    telegram = telegram_settings(settings)
    if telegram is None:
        return None, None
    from bot.channels.telegram.inquiry import TelegramTrouble, TokenRefused
    from bot.channels.telegram.start import prepare

    _show_trouble_of("oberih.telegram")
    try:
        username = asyncio.run(prepare(telegram))
    except TokenRefused as error:
        raise SettingsError(str(error)) from None
    except TelegramTrouble as error:
        print(error, file=sys.stderr, flush=True)
        return telegram, None
    print(f"Telegram: https://t.me/{username} ({settings.telegram_mode})", flush=True)
    return telegram, username


def _show_trouble_of(part: str, level: int = logging.ERROR) -> None:
    """Let what a part says reach standard error, from a level on: sentences of our own, never anybody's words."""
    logger = logging.getLogger(part)
    # Its own level and stream, because Rasa sets those of the root.
    logger.setLevel(level)
    logger.propagate = False
    logger.addHandler(logging.StreamHandler())


def run(settings: Settings) -> int:
    """Start the chat, and the desk where there is one, under this process; say where they are, and wait.

    Return the exit code. One that ends by itself ends the other.
    """
    trainer = _found_training_site(settings)
    parts = [_chat(settings), *([_desk(settings)] if _has_desk(settings) else [])]
    with _running(parts) as (processes, seconds):
        if settings.demo:
            print(f"{_BANNER}\n")
        print(f"Keys: {settings.key_folder}\nReports: {settings.var}\n")
        for part, took in zip(parts, seconds, strict=True):
            print(f"The {part.name} is ready ({took:.1f} s): {part.address}/")
            if part.public_url is not None:
                print(f"People reach it through a TLS proxy as {part.public_url}/")
        if trainer is not None:
            print(f"Passphrase of {trainer.name} at the training desk, shown this once: {trainer.passphrase}")
        print(f'Try: uv run oberih check "{_SMOKE_OFFER}"\nStop with Ctrl-C.', flush=True)
        try:
            return _first_to_end(parts, processes)
        except KeyboardInterrupt:
            return 0


def _has_desk(settings: Settings) -> bool:
    """A desk needs a founded site, and in production an address of its own."""
    return key_folder.exists(settings.key_folder) and (settings.demo or settings.desk_url is not None)


def _first_to_end(parts: Sequence[_Part], processes: Sequence["subprocess.Popen[bytes]"]) -> int:
    while True:
        for part, process in zip(parts, processes, strict=True):
            code = process.poll()
            if code is not None:
                print(f"The {part.name} ended by itself with code {code}.", file=sys.stderr)
                return code or 1
        time.sleep(_LOOK_SECONDS)


def smoke(settings: Settings) -> int:
    """Start the chat, check one offer over HTTP, print one line; return the exit code."""
    _found_training_site(settings)
    with _running([_chat(settings)]) as (_, [seconds]):
        base = _chat(settings).address
        host = {"Host": settings.public_url.removeprefix("https://")} if settings.public_url else {}
        with httpx.Client(base_url=base, timeout=30, headers=host) as client:
            opened = client.post("/api/sessions", json={"language": "uk"})
            headers = {"X-CSRF": opened.json()["csrf"]}
            # A secure cookie would not go over plain http by itself, as it does here on loopback.
            client.headers["Cookie"] = opened.headers["set-cookie"].partition(";")[0]
            client.cookies.clear()
            client.post("/api/messages", json={"id": "smoke", "text": _SMOKE_OFFER}, headers=headers)
            cards = _cards(client, headers)
            client.post("/api/exit")
    signs = [sign["id"] for card in cards for sign in card["signs"]]
    good = bool(cards) and cards[0]["level"] == "high" and "J24" in signs
    print(f"smoke: {'passed' if good else 'FAILED'}; ready in {seconds:.1f} s; signs {', '.join(signs) or 'none'}")
    return 0 if good else 1


def _cards(client: httpx.Client, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Return the first card from the stream of events: a long check answers there."""
    with client.stream("GET", "/api/events", headers=headers) as events:
        for line in events.iter_lines():
            if line.startswith("data:"):
                message = json.loads(line.removeprefix("data:"))
                if message.get("kind") == "check":
                    return [message["check"]]
    return []


def _found_training_site(settings: Settings) -> Optional[founding.FirstMember]:
    """Found the training desk once; where that cannot be, say why: checks and numbers go on without it."""
    try:
        return founding.found_training_site(settings)
    except (founding.FoundingError, StoreUnavailable) as error:
        print(f"Reporting is closed. {error}", file=sys.stderr)
        return None


@contextlib.contextmanager
def _running(parts: Sequence[_Part]) -> Iterator[tuple[list["subprocess.Popen[bytes]"], list[float]]]:
    """Start processes and wait until they answer; give them and how many seconds each took; end them all."""
    for part in parts:
        _need_free_port(part)
    started = time.monotonic()
    previous = signal.signal(signal.SIGTERM, _interrupt)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for part in parts:
            command = [sys.executable, "-m", "bot.cli", *part.command]
            processes.append(subprocess.Popen(command, cwd=PROJECT_ROOT, env=os.environ))
        yield processes, [_wait_until_ready(*pair, started) for pair in zip(parts, processes, strict=True)]
    finally:
        signal.signal(signal.SIGTERM, previous)
        _end(processes)


def _end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    latest = time.monotonic() + _STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, latest - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _need_free_port(part: _Part) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((part.host, part.port))
        except OSError as error:
            raise PortBusy(
                f"Port {part.port} on {part.host} is in use. "
                f"Set {part.variable} to another one, for example {part.variable}={part.port + 10} make up."
            ) from error


def _wait_until_ready(part: _Part, process: "subprocess.Popen[bytes]", started: float) -> float:
    while time.monotonic() - started < _READY_SECONDS:
        if process.poll() is not None:
            raise OSError(f"The {part.name} could not start (code {process.returncode}). Run: uv run oberih doctor")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{part.address}/health", timeout=1).status_code == 200:
                return time.monotonic() - started
        time.sleep(0.1)
    raise OSError(f"The {part.name} did not answer within {_READY_SECONDS:.0f} s. Run: uv run oberih doctor")
