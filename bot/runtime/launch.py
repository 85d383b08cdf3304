"""Starting the chat: as a server process, as the foreground parent of one, and once for a smoke test."""

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
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Optional

import httpx

from bot import PROJECT_ROOT
from bot.channels.telegram.token import telegram_settings
from bot.runtime import founding, patches, without_tensorflow
from bot.settings import Settings, SettingsError
from bot.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.channels.telegram.settings import TelegramSettings

_READY_SECONDS = 60.0
_STOP_SECONDS = 5.0
_SMOKE_OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
_BANNER = "Training: reports stay on this computer and reach nobody."


class PortBusy(OSError):
    """Something else listens on our port."""


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


def _show_trouble_of(part: str) -> None:
    """Let a part's errors reach standard error: they are sentences of our own, never anybody's words."""
    logger = logging.getLogger(part)
    # Its own level and stream, because Rasa sets those of the root.
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(logging.StreamHandler())


def run(settings: Settings) -> int:
    """Start the chat under this process, say where it is, and wait; return the exit code."""
    trainer = _found_training_site(settings)
    with _server(settings) as (process, seconds):
        address = f"http://{settings.host}:{settings.port}/"
        if settings.demo:
            print(f"{_BANNER}\n")
        print(f"Keys: {settings.key_folder}\nReports: {settings.var}\n\nThe chat is ready ({seconds:.1f} s): {address}")
        if settings.public_url is not None:
            print(f"People reach it through a TLS proxy as {settings.public_url}/")
        if trainer is not None:
            print(f"Passphrase of {trainer.name} at the training desk, shown this once: {trainer.passphrase}")
            print("Read reports with: uv run oberih tickets list")
        print(f'Try: uv run oberih check "{_SMOKE_OFFER}"\nStop with Ctrl-C.', flush=True)
        try:
            process.wait()
        except KeyboardInterrupt:
            return 0
        print(f"The chat ended by itself with code {process.returncode}.", file=sys.stderr)
        return process.returncode or 1


def smoke(settings: Settings) -> int:
    """Start the chat, check one offer over HTTP, print one line; return the exit code."""
    _found_training_site(settings)
    with _server(settings) as (_, seconds):
        base = f"http://{settings.host}:{settings.port}"
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
def _server(settings: Settings) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    _need_free_port(settings)
    started = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", "serve"], cwd=PROJECT_ROOT, env=os.environ)
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield process, _wait_until_ready(settings, process, started)
    finally:
        signal.signal(signal.SIGTERM, previous)
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _need_free_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortBusy(
                f"Port {settings.port} on {settings.host} is in use. "
                "Set OBERIH_CHAT_PORT to another one, for example OBERIH_CHAT_PORT=8090 make up."
            ) from error


def _wait_until_ready(settings: Settings, process: "subprocess.Popen[bytes]", started: float) -> float:
    health = f"http://{settings.host}:{settings.port}/health"
    while time.monotonic() - started < _READY_SECONDS:
        if process.poll() is not None:
            raise OSError(f"The chat could not start (code {process.returncode}). Run: uv run oberih doctor")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(health, timeout=1).status_code == 200:
                return time.monotonic() - started
        time.sleep(0.1)
    raise OSError(f"The chat did not answer within {_READY_SECONDS:.0f} s. Run: uv run oberih doctor")
