"""`oberih telegram …` against a real process and the fake Bot API: what it says, and that the token is never in it."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import telegram
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot import PROJECT_ROOT
from bot.channels.telegram.inquiry import trouble
from bot.settings import load
from evaluation.botapi import FakeTelegram
from evaluation.botapi.server import TOKEN

SECRET = TOKEN.partition(":")[2]


@pytest.fixture
def environment(tmp_path: Path, server: FakeTelegram) -> dict[str, str]:
    """A machine of its own, whose bot speaks to the fake."""
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    own = {
        "OBERIH_VAR": str(tmp_path / "var"),
        "OBERIH_MODELS": str(load().model_folder),
        "OBERIH_TELEGRAM_TOKEN_FILE": str(file),
        "OBERIH_TELEGRAM_API": server.base_url.removesuffix("/bot"),
        "OBERIH_CHAT_PORT": str(free_port()),
    }
    return {**os.environ, **own}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def started(environment: dict[str, str], *arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *arguments, cwd=PROJECT_ROOT, env=environment, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def oberih(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    async with started(environment, *arguments) as process:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    assert SECRET not in out.decode() + err.decode() and "Traceback" not in err.decode()
    return process.returncode or 0, out.decode(), err.decode()


async def test_doctor_says_what_is_set(environment: dict[str, str]) -> None:
    code, out, err = await oberih(environment, "telegram", "doctor")
    assert code == 0 and err == ""
    assert "bot: fine: @oberih_test_bot" in out and "mode: fine: poll" in out and "ok: True" in out
    assert "picture: fine: none yet; starting the bot sets data/telegram.jpg" in out
    assert "/setjoingroups" in out and "cannot be erased" in out
    code, out, _ = await oberih(environment, "telegram", "doctor", "--json")
    assert json.loads(out)["ok"] is True


async def test_doctor_sees_a_webhook_that_someone_else_set(
    environment: dict[str, str], server: FakeTelegram, bot: telegram.Bot
) -> None:
    await bot.set_webhook("https://other.example.org/hook/secret-path", secret_token="x" * 43)
    _, out, _ = await oberih(environment, "telegram", "doctor")
    assert "delivered to other.example.org now; polling ends that" in out and "secret-path" not in out
    production = {"OBERIH_MODE": "production", "OBERIH_PUBLIC_URL": "https://help.example.org"}
    code, out, _ = await oberih(environment | production | {"OBERIH_TELEGRAM_MODE": "webhook"}, "telegram", "doctor")
    assert code == 1 and "delivered to other.example.org, not to help.example.org" in out


async def test_a_wrong_token_is_one_plain_sentence(environment: dict[str, str]) -> None:
    rewrite(environment, "7000000002:" + "w" * 35)
    code, out, _ = await oberih(environment, "telegram", "doctor")
    assert code == 1 and "bot: Telegram refuses the token" in out and "wwww" not in out
    for arguments in (("telegram", "poll"), ("serve",)):
        code, out, err = await oberih(environment, *arguments)
        assert code == 2 and err.startswith("Telegram refuses the token") and len(err.splitlines()) == 1
        assert "wwww" not in out + err


async def test_no_network_is_one_plain_sentence(environment: dict[str, str]) -> None:
    nowhere = environment | {"OBERIH_TELEGRAM_API": f"http://127.0.0.1:{free_port()}"}
    code, out, err = await oberih(nowhere, "telegram", "doctor")
    assert code == 1 and "bot: Telegram cannot be reached" in out and err == ""


@pytest.mark.parametrize("mode", ["poll", "webhook"])
async def test_without_a_token_file_the_sentence_says_how_to_make_one(environment: dict[str, str], mode: str) -> None:
    del environment["OBERIH_TELEGRAM_TOKEN_FILE"]
    code, _, err = await oberih(environment, "telegram", mode)
    assert code == 2 and len(err.splitlines()) == 1
    assert ("@BotFather" if mode == "poll" else "OBERIH_PUBLIC_URL") in err


async def test_the_general_doctor_names_a_token_file_that_is_open(environment: dict[str, str]) -> None:
    rewrite(environment, TOKEN, mode=0o644)
    code, out, _ = await oberih(environment, "doctor", "--json")
    report = json.loads(out)
    assert code == 1 and report["ok"] is False and "run chmod 600" in report["telegram"]


@pytest.mark.parametrize(
    "error, says",
    [
        (InvalidToken(f"The token `{TOKEN}` was rejected by the server."), "refuses the token"),
        (Conflict("Conflict: terminated by other getUpdates request"), "Another program takes this bot's messages"),
        (NetworkError(f"https://api.telegram.org/bot{TOKEN}/getMe"), "cannot be reached"),
        (TimedOut(), "cannot be reached"),
        (RetryAfter(3), "asks for patience"),
        (BadRequest("x"), "answers with an error (BadRequest)"),
    ],
)
def test_every_error_is_one_sentence_without_the_token(error: TelegramError, says: str) -> None:
    sentence = str(trouble(error))
    assert says in sentence and SECRET not in sentence and "\n" not in sentence and sentence.endswith(".")


async def test_poll_starts_page_and_bot_with_a_token_and_nothing_else(
    environment: dict[str, str], server: FakeTelegram
) -> None:
    person = server.person(language_code="uk")
    server.faults.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    async with started(environment, "telegram", "poll") as process:
        await until_healthy(environment, process)
        person.starts()
        answer = await person.hears(within=30)
        async with page(environment) as client:
            shown = (await client.get("/?language=uk")).text
        inherited = what_it_inherited(process)
        process.terminate()
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert "Вставте" in answer.text and "<b>@oberih_test_bot</b>" in shown
    assert server.world.profile.seen_text("name", "uk") == "Оберіг"
    assert out.decode() == "Telegram: https://t.me/oberih_test_bot (poll)\n"
    assert err.startswith(b"Another program polls with the same token") and len(err.splitlines()) == 1
    assert SECRET.encode() not in inherited + out + err


async def test_the_page_starts_even_where_telegram_cannot_be_reached(environment: dict[str, str]) -> None:
    environment["OBERIH_TELEGRAM_API"] = f"http://127.0.0.1:{free_port()}"
    async with started(environment, "serve") as process:
        await until_healthy(environment, process)
        process.terminate()
        _, err = await asyncio.wait_for(process.communicate(), 20)
    assert err.startswith(b"Telegram cannot be reached") and SECRET.encode() not in err


def page(environment: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{environment['OBERIH_CHAT_PORT']}")


async def until_healthy(environment: dict[str, str], process: Process) -> None:
    async with page(environment) as client:
        for _ in range(600):
            assert process.returncode is None
            try:
                if (await client.get("/health")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError("The server was not ready in a minute.")


def what_it_inherited(process: Process) -> bytes:
    return b"".join(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("environ", "cmdline"))


def rewrite(environment: dict[str, str], token: str, mode: int = 0o600) -> None:
    path = Path(environment["OBERIH_TELEGRAM_TOKEN_FILE"])
    path.write_text(token)
    path.chmod(mode)
