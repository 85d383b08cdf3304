"""The token is read from a closed file only, and shown nowhere."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import PROJECT_ROOT
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.token import need_token, read_token, telegram_settings
from bot.runtime import patches
from bot.settings import Settings, SettingsError, load

TOKEN = "7000000001:AAE" + "k" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(0o600)
    return path


def test_a_token_is_read_without_its_newline(file: Path) -> None:
    assert read_token(file) == TOKEN


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o660])
def test_a_file_that_others_can_open_is_refused_with_the_remedy(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SettingsError, match=f"run chmod 600 {file}"):
        read_token(file)


@pytest.mark.parametrize(
    "content",
    ["", "token", TOKEN[:-1], TOKEN.replace(":", ""), f"{TOKEN} {TOKEN}", f"{TOKEN}\n{TOKEN}", "x" * 5000, "ї" * 46],
)
def test_what_is_no_token_is_refused_without_quoting_it(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError, match="holds no Telegram token") as caught:
        read_token(file)
    assert "k" * 10 not in str(caught.value) and caught.value.__cause__ is None


@given(st.binary(max_size=300))
def test_no_bytes_are_quoted_or_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any-token"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError) as caught:
        read_token(path)
    assert str(caught.value).startswith(f"{path} holds no Telegram token")


def test_what_is_not_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_token(tmp_path / "missing")
    with pytest.raises(SettingsError, match=r"no plain file"):
        read_token(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SettingsError, match="no plain file"):
        read_token(tmp_path / "pipe")


def test_every_start_has_a_new_secret_in_the_characters_telegram_allows(file: Path) -> None:
    settings = Settings(
        demo=False, public_url="https://help.example.org", telegram_token_file=file, telegram_mode="webhook"
    )
    first, second = found(settings), found(settings)
    assert first.webhook_secret is not None and first.webhook_secret != second.webhook_secret
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", first.webhook_secret)
    assert first.webhook_url == "https://help.example.org/telegram"


def test_polling_needs_the_token_and_nothing_else(file: Path) -> None:
    settings = found(Settings(telegram_token_file=file))
    assert settings == TelegramSettings(TOKEN, "https://api.telegram.org/bot")
    assert settings.webhook_secret is None and settings.webhook_url is None


def found(settings: Settings) -> TelegramSettings:
    settings_found = telegram_settings(settings)
    assert settings_found is not None
    return settings_found


def test_nothing_secret_is_in_a_repr(file: Path) -> None:
    webhook = found(Settings(telegram_token_file=file, telegram_mode="webhook"))
    shown = f"{webhook!r} {webhook} {Settings(redis_url='redis://:secret@host')}"
    assert TOKEN not in shown and str(webhook.webhook_secret) not in shown and "secret@" not in shown


def test_without_a_file_there_is_no_bot_and_the_sentence_says_how_to_make_one() -> None:
    assert telegram_settings(Settings()) is None
    with pytest.raises(SettingsError, match="OBERIH_TELEGRAM_TOKEN_FILE"):
        need_token(Settings())


def test_a_token_in_the_environment_is_refused() -> None:
    with pytest.raises(SettingsError, match="other programs can see it") as caught:
        load({"OBERIH_TELEGRAM_TOKEN": TOKEN})
    assert TOKEN not in str(caught.value)


def test_a_webhook_needs_the_address_that_telegram_calls() -> None:
    with pytest.raises(SettingsError, match="OBERIH_PUBLIC_URL"):
        load({"OBERIH_TELEGRAM_MODE": "webhook"})
    production = {"OBERIH_MODE": "production", "OBERIH_PUBLIC_URL": "https://help.example.org"}
    assert load({"OBERIH_TELEGRAM_MODE": "webhook", **production}).telegram_mode == "webhook"
    with pytest.raises(SettingsError, match="poll or webhook"):
        load({"OBERIH_TELEGRAM_MODE": "push"})


@pytest.mark.parametrize(
    "address", ["http://api.telegram.org", "api.telegram.org", "https://u:p@host", "https://h/?a=b", "https://[x"]
)
def test_the_token_goes_to_no_address_in_clear(address: str) -> None:
    with pytest.raises(SettingsError, match="OBERIH_TELEGRAM_API"):
        load({"OBERIH_TELEGRAM_API": address})


def test_a_server_on_this_machine_may_speak_http() -> None:
    assert load({"OBERIH_TELEGRAM_API": "http://127.0.0.1:8081/"}).telegram_api == "http://127.0.0.1:8081"


def test_child_processes_do_not_inherit_the_token(file: Path) -> None:
    os.environ["OBERIH_TELEGRAM_TOKEN_FILE"] = str(file)
    try:
        telegram_settings(load())
        print_all = "import os; print(sorted(os.environ.items()))"
        child = subprocess.run([sys.executable, "-c", print_all], cwd=PROJECT_ROOT, capture_output=True, text=True)
    finally:
        del os.environ["OBERIH_TELEGRAM_TOKEN_FILE"]
    assert str(file) in child.stdout and TOKEN not in child.stdout


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram", "telegram.ext.Updater", "telegram.ext.ExtBot"])
def test_libraries_that_would_write_addresses_with_the_token_are_silent(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    patches.silence()
    logging.getLogger(name).critical("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    assert TOKEN not in "".join(capsys.readouterr())
