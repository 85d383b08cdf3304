"""The machine's settings, read from the environment in this one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import PROJECT_ROOT


class SettingsError(Exception):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """How this process runs.

    Attributes:
        host, port: where the chat listens (`OBERIH_CHAT_HOST`, `OBERIH_CHAT_PORT`).
        var: the folder for everything this machine makes (`OBERIH_VAR`).
        site: the file with the site's facts (`OBERIH_SITE`); it may be missing.
        demo: true unless `OBERIH_MODE=production`.
        exit_url: the neutral page that quick exit opens (`OBERIH_EXIT_URL`).
        with_tensorflow: load the real TensorFlow in the chat process (`OBERIH_WITH_TENSORFLOW=1`).
        idle_minutes: how long a silent session is kept (`OBERIH_IDLE_MINUTES`, at most 30).
    """

    host: str = "127.0.0.1"
    port: int = 8080
    var: Path = PROJECT_ROOT / "var"
    site: Path = PROJECT_ROOT / "deploy" / "site.yml"
    demo: bool = True
    exit_url: str = "https://www.wikipedia.org/"
    with_tensorflow: bool = False
    idle_minutes: float = 30.0

    @property
    def model_folder(self) -> Path:
        """Where trained models lie."""
        return self.var / "models"

    @property
    def key_folder(self) -> Path:
        """Where the site's salt, pepper and pin file lie."""
        return self.var / "keys"


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: a value cannot be used; the message says which variable and what it needs.
    """
    default = Settings()
    mode = environment.get("OBERIH_MODE", "demo")
    if mode != "demo":
        raise SettingsError("OBERIH_MODE can only be demo in this version: reports and keys are not built yet.")
    return Settings(
        host=environment.get("OBERIH_CHAT_HOST", default.host),
        port=int(_number(environment, "OBERIH_CHAT_PORT", default.port, 1, 65535)),
        var=Path(environment.get("OBERIH_VAR", default.var)),
        site=Path(environment.get("OBERIH_SITE", default.site)),
        exit_url=environment.get("OBERIH_EXIT_URL", default.exit_url),
        with_tensorflow=environment.get("OBERIH_WITH_TENSORFLOW") == "1",
        idle_minutes=_number(environment, "OBERIH_IDLE_MINUTES", default.idle_minutes, 0.01, 30),
    )


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
