"""The bot's token: who has it can read every message to the bot and answer in its name.

It is in one file that only its owner can read, and in the memory of the process that speaks to Telegram. It is never
in an environment variable, because child processes inherit those, and never in a message or a log.
"""

import os
import re
import secrets
import stat
from pathlib import Path
from typing import Optional

from bot.channels.telegram.settings import TelegramSettings
from bot.settings import Settings, SettingsError

_SHAPE = re.compile(rb"\d{5,15}:[A-Za-z0-9_-]{35,64}")
"""Telegram promises no shape. All known tokens have 35 characters after the colon; longer ones are let through, so that
a change there stops nobody, and shorter ones are a slip in copying."""
_MOST_BYTES = 256
_SECRET_BYTES = 32


def telegram_settings(settings: Settings) -> Optional[TelegramSettings]:
    """Return how to speak to Telegram, or None where there is no bot.

    A webhook gets a secret that is new at every start: 256 random bits in the characters that Telegram allows
    (setWebhook, `secret_token`).

    Raises:
        SettingsError: the token cannot be used.
    """
    if settings.telegram_token_file is None:
        return None
    token, base_url = read_token(settings.telegram_token_file), f"{settings.telegram_api}/bot"
    if settings.telegram_mode == "poll":
        return TelegramSettings(token, base_url)
    # Only here, because the library takes a while to load.
    from bot.channels.telegram.webhook import PATH

    return TelegramSettings(token, base_url, secrets.token_urlsafe(_SECRET_BYTES), f"{settings.public_url}{PATH}")


def need_token(settings: Settings) -> Path:
    """Return the token file.

    Raises:
        SettingsError: none is named, or it cannot be used.
    """
    if settings.telegram_token_file is None:
        raise SettingsError(
            "There is no Telegram token: write the one from @BotFather into a file, close it with chmod 600, and name "
            "the file in OBERIH_TELEGRAM_TOKEN_FILE."
        )
    read_token(settings.telegram_token_file)
    return settings.telegram_token_file


def read_token(path: Path) -> str:
    """Return the token in a file, without the space around it.

    Raises:
        SettingsError: the file cannot be read, others can open it, or it holds no token; the message never quotes it.
    """
    try:
        content = _read_closed(path)
    except OSError as error:
        raise SettingsError(f"The token file {path} cannot be read: {error.strerror}.") from error
    token = content.strip()
    if not _SHAPE.fullmatch(token):
        raise SettingsError(
            f"{path} holds no Telegram token: it must have one line, the token as @BotFather gave it, digits, a colon "
            "and 35 characters."
        )
    return token.decode("ascii")


def _read_closed(path: Path) -> bytes:
    # The permissions are those of the opened file: between a look and the opening the name could have changed.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise SettingsError(f"{path} is no plain file: name the file with the Telegram token.")
        if stat.S_IMODE(mode) & 0o077:
            raise SettingsError(f"{path} is open to other users of this machine: run chmod 600 {path}.")
        return os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)
