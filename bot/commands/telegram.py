"""`oberih telegram …`: the bot in Telegram."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace

import typer

from bot.runtime.safe_start import refuse_unsafe
from bot.settings import Settings, load, telegram_mode

telegram = typer.Typer(no_args_is_help=True, help="The bot in Telegram; its token is in a file (docs/operating.md).")
_FINE = "fine"


@telegram.command()
def poll() -> None:
    """Run the chat process with the bot, which asks Telegram for messages: no public address is needed."""
    _serve("poll")


@telegram.command()
def webhook() -> None:
    """Run the chat process with the bot, to which Telegram delivers messages at the public address."""
    _serve("webhook")


@telegram.command()
def doctor(as_json: bool = typer.Option(False, "--json", help="Print one JSON object on one line.")) -> None:
    """Ask Telegram about the bot and say what is set and what is amiss; the token is never shown."""
    settings = load()
    report = dict(_lines(settings))
    fine = all(found.startswith(_FINE) for found in report.values())
    typer.echo(
        json.dumps({**report, "ok": fine}, ensure_ascii=False)
        if as_json
        else "\n".join(f"{name}: {found}" for name, found in [*report.items(), ("ok", str(fine))])
    )
    raise typer.Exit(0 if fine else 1)


def _serve(mode: str) -> None:
    from bot.channels.telegram.token import need_token
    from bot.runtime.launch import serve

    settings = load()
    settings = replace(settings, telegram_mode=telegram_mode(mode, demo=settings.demo))
    refuse_unsafe(settings)
    need_token(settings)
    serve(settings)


def _lines(settings: Settings) -> Iterator[tuple[str, str]]:
    from bot.channels.telegram.inquiry import TelegramTrouble, about
    from bot.channels.telegram.token import need_token, telegram_settings

    yield "token", f"{_FINE}: in {need_token(settings)}"
    yield "mode", f"{_FINE}: {settings.telegram_mode}"
    if settings.redis_url is None:
        yield "erasing", f"{_FINE}: ids of messages are kept in memory; after a restart older ones cannot be erased"
    else:
        yield "erasing", f"{_FINE}: ids of messages are kept sealed in Redis, and survive a restart of the program"
    speaking = telegram_settings(settings)
    assert speaking is not None
    try:
        found = asyncio.run(about(speaking))
    except TelegramTrouble as error:
        yield "bot", str(error)
        return
    yield "bot", f"{_FINE}: @{found.username}"
    picture = "it has one" if found.has_picture else "none yet; starting the bot sets data/telegram.jpg"
    yield "picture", f"{_FINE}: {picture}"
    yield "groups", _groups(joins=found.joins_groups)
    yield "updates", _updates(settings, found.webhook_host, found.waiting)
    if found.last_error is not None:
        yield "last delivery", f"failed: {found.last_error}"


def _groups(*, joins: bool) -> str:
    if joins:
        return f"{_FINE}: the bot leaves groups at once; to forbid adding it, send /setjoingroups to @BotFather"
    return f"{_FINE}: nobody can add the bot to a group"


def _updates(settings: Settings, host: str | None, waiting: int) -> str:
    """Say how messages come: what Telegram has set, beside what our settings ask for."""
    wait = f"; {waiting} wait" if waiting else ""
    if host is None:
        return f"{_FINE}: Telegram holds them until they are asked for{wait}"
    if settings.telegram_mode == "poll":
        return f"{_FINE}: delivered to {host} now; polling ends that{wait}"
    expected = (settings.public_url or "").removeprefix("https://").partition(":")[0]
    if host != expected:
        return f"delivered to {host}, not to {expected}: start the bot, and no other with the same token{wait}"
    return f"{_FINE}: delivered to {host}{wait}"
