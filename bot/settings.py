"""The machine's settings, read from the environment in this one place."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional
from urllib.parse import urlsplit

from bot import PROJECT_ROOT

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


class SettingsError(Exception):
    """A setting has a value that cannot be used."""


def _database_in(var: Path) -> str:
    return f"sqlite:///{var / 'oberih.db'}"


@dataclass(frozen=True)
class Settings:
    """How this process runs.

    Attributes:
        host, port: where the chat listens (`OBERIH_CHAT_HOST`, `OBERIH_CHAT_PORT`).
        desk_host, desk_port: where the desk's console listens (`OBERIH_DESK_HOST`, `OBERIH_DESK_PORT`).
        desk_url: how members' browsers reach the desk in production (`OBERIH_DESK_URL`), as `public_url` for the chat
            and never on the same host; without it production has no console.
        var: the folder for everything this machine makes (`OBERIH_VAR`).
        model_folder: where trained models lie (`OBERIH_MODELS`), in `var` unless set.
        site: the file with the site's facts (`OBERIH_SITE`); it may be missing.
        demo: true unless `OBERIH_MODE=production`.
        public_url: how people's browsers reach the chat, without a slash at the end (`OBERIH_PUBLIC_URL`);
            always set in production, https, and there the only host and origin that are served.
        exit_url: the neutral page that quick exit opens (`OBERIH_EXIT_URL`).
        with_tensorflow: load the real TensorFlow in the chat process (`OBERIH_WITH_TENSORFLOW=1`).
        idle_minutes: how long a silent session is kept (`OBERIH_IDLE_MINUTES`, at most 30).
        database_url: where desks and tickets are kept (`OBERIH_DATABASE`); it may hold a password, so it is
            never printed.
        telegram_token_file: the file with the token of the Telegram bot (`OBERIH_TELEGRAM_TOKEN_FILE`); without it
            there is no Telegram.
        telegram_mode: how updates come (`OBERIH_TELEGRAM_MODE`): `poll`, which needs no public address, or `webhook`.
        telegram_api: the Bot API server, without a slash at the end (`OBERIH_TELEGRAM_API`).
        redis_url: where short-lived notes survive a restart (`OBERIH_REDIS`); it may hold a password, so it is
            never printed.
        translate_url: the LibreTranslate server of the site's own, without a slash at the end
            (`OBERIH_TRANSLATE_URL`); without it nothing is translated, unless `site.yml` names somebody.
        translate_key_file: the file with the key of whoever translates (`OBERIH_TRANSLATE_KEY_FILE`), if it wants one.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    desk_host: str = "127.0.0.1"
    desk_port: int = 8081
    desk_url: Optional[str] = None
    var: Path = PROJECT_ROOT / "var"
    model_folder: Path = PROJECT_ROOT / "var" / "models"
    site: Path = PROJECT_ROOT / "deploy" / "site.yml"
    demo: bool = True
    public_url: Optional[str] = None
    exit_url: str = "https://www.wikipedia.org/"
    with_tensorflow: bool = False
    idle_minutes: float = 30.0
    database_url: str = field(default=_database_in(PROJECT_ROOT / "var"), repr=False)
    telegram_token_file: Optional[Path] = None
    telegram_mode: str = "poll"
    telegram_api: str = "https://api.telegram.org"
    redis_url: Optional[str] = field(default=None, repr=False)
    translate_url: Optional[str] = None
    translate_key_file: Optional[Path] = None

    @property
    def key_folder(self) -> Path:
        """Where the site's salt, pepper and pin file lie."""
        return self.var / "keys"

    @property
    def endings(self) -> Path:
        """The list of tickets that have ended, which a restored backup must not bring back."""
        return self.var / "endings"

    def make_var(self) -> None:
        """Make the folder for this machine's state if it is missing, and close it to others (0700)."""
        self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder with the sticky bit is everybody's, like /tmp: it is not ours to close.
        if not self.var.stat().st_mode & stat.S_ISVTX:
            self.var.chmod(0o700)


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: a value cannot be used; the message says which variable and what it needs.
    """
    default = Settings()
    mode = environment.get("OBERIH_MODE", "demo")
    if mode not in ("demo", "production"):
        raise SettingsError("OBERIH_MODE must be demo or production.")
    if "OBERIH_TELEGRAM_TOKEN" in environment:
        raise SettingsError(
            "OBERIH_TELEGRAM_TOKEN is never read, because other programs can see it: take it away, write the token "
            "into a file that only you can read, and name the file in OBERIH_TELEGRAM_TOKEN_FILE."
        )
    token_file = environment.get("OBERIH_TELEGRAM_TOKEN_FILE")
    translate_key_file = environment.get("OBERIH_TRANSLATE_KEY_FILE")
    var = Path(environment.get("OBERIH_VAR", default.var))
    return Settings(
        host=environment.get("OBERIH_CHAT_HOST", default.host),
        port=int(_number(environment, "OBERIH_CHAT_PORT", default.port, 1, 65535)),
        desk_host=environment.get("OBERIH_DESK_HOST", default.desk_host),
        desk_port=int(_number(environment, "OBERIH_DESK_PORT", default.desk_port, 1, 65535)),
        desk_url=_desk_url(environment.get("OBERIH_DESK_URL", "")) if mode == "production" else None,
        var=var,
        model_folder=Path(environment.get("OBERIH_MODELS", var / "models")),
        site=Path(environment.get("OBERIH_SITE", default.site)),
        demo=mode == "demo",
        # In a demo it has no use: nothing there is reached through a proxy.
        public_url=_public_url(environment.get("OBERIH_PUBLIC_URL", "")) if mode == "production" else None,
        exit_url=environment.get("OBERIH_EXIT_URL", default.exit_url),
        with_tensorflow=environment.get("OBERIH_WITH_TENSORFLOW") == "1",
        idle_minutes=_number(environment, "OBERIH_IDLE_MINUTES", default.idle_minutes, 0.01, 30),
        database_url=environment.get("OBERIH_DATABASE", _database_in(var)),
        telegram_token_file=Path(token_file) if token_file else None,
        telegram_mode=telegram_mode(
            environment.get("OBERIH_TELEGRAM_MODE", default.telegram_mode), demo=mode == "demo"
        ),
        telegram_api=_telegram_api(environment.get("OBERIH_TELEGRAM_API", default.telegram_api)),
        redis_url=environment.get("OBERIH_REDIS") or None,
        translate_url=_translate_url(environment.get("OBERIH_TRANSLATE_URL", "")),
        translate_key_file=Path(translate_key_file) if translate_key_file else None,
    )


def telegram_mode(given: str, *, demo: bool) -> str:
    """Return how Telegram's updates come, `poll` or `webhook`.

    Raises:
        SettingsError: it is neither, or a webhook has no public address.
    """
    if given not in ("poll", "webhook"):
        raise SettingsError("OBERIH_TELEGRAM_MODE must be poll or webhook.")
    if given == "webhook" and demo:
        raise SettingsError(
            "A Telegram webhook needs OBERIH_MODE=production and OBERIH_PUBLIC_URL, the address that Telegram calls: "
            "set both, or poll instead."
        )
    return given


def _telegram_api(given: str) -> str:
    try:
        parts = urlsplit(given.rstrip("/"))
    except ValueError as error:
        raise SettingsError("OBERIH_TELEGRAM_API is no address: leave it out for Telegram's own.") from error
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise SettingsError(
            "OBERIH_TELEGRAM_API must start with https://: the token goes there. Only this machine may use http."
        )
    if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError("OBERIH_TELEGRAM_API must be a plain address such as https://api.telegram.org.")
    return given.rstrip("/")


def _public_url(given: str) -> str:
    if not given:
        raise SettingsError(
            "OBERIH_MODE=production needs OBERIH_PUBLIC_URL, the address of the chat, such as https://help.example.org."
        )
    return _https_origin("OBERIH_PUBLIC_URL", given)


def _desk_url(given: str) -> Optional[str]:
    return _https_origin("OBERIH_DESK_URL", given) if given else None


def _https_origin(name: str, given: str) -> str:
    try:
        parts = urlsplit(given.rstrip("/"))
        port = parts.port
    except ValueError as error:
        raise SettingsError(f"{name} is no address: give one such as https://help.example.org.") from error
    if parts.scheme != "https":
        raise SettingsError(f"{name} must start with https://: without it anyone on the way can read along.")
    if not _HOST.fullmatch(parts.hostname or "") or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError(f"{name} must be https:// and a host name in ASCII, with no path or name in it.")
    return f"https://{parts.hostname}" + (f":{port}" if port not in (None, 443) else "")


def _translate_url(given: str) -> Optional[str]:
    if not given:
        return None
    try:
        parts = urlsplit(given.rstrip("/"))
        fits = parts.scheme in ("http", "https") and parts.port != 0 and given.isascii()
    except ValueError:
        fits = False
    if not fits or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError("OBERIH_TRANSLATE_URL must be a plain address such as http://127.0.0.1:5000.")
    return given.rstrip("/")


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    given = environment.get(name)
    if given is None:
        return default
    try:
        value = float(given)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number, not {given!r}.") from error
    if not least <= value <= most:
        raise SettingsError(f"{name} must lie between {least:g} and {most:g}.")
    return value
