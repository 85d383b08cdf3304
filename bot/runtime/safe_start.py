"""What every entry point checks before it starts; `doctor` says the same."""

import ipaddress
import stat
from collections.abc import Iterator
from typing import Optional
from urllib.parse import urlsplit

from bot import PROJECT_ROOT
from bot.privacy.key_search import find_private_keys
from bot.privacy.pins import PinError
from bot.runtime import key_folder
from bot.runtime.key_folder import KeyFolderError
from bot.settings import Settings, load
from bot.site import SiteError, load_site, training_site


class UnsafeMachine(Exception):
    """Starting would put people at risk; the message says what to do first, one plain sentence a line."""


def refuse_unsafe(settings: Settings) -> None:
    """Return if the chat may start: no unencrypted private key on disk, and in production nothing else amiss.

    Raises:
        UnsafeMachine: it may not.
    """
    found = [*private_keys(settings), *desk_way_in(settings), *production(settings)]
    if found:
        raise UnsafeMachine("\n".join(found))


def settings_for_keys() -> Settings:
    """Return the settings, for a command that touches keys or tickets, where no private key lies in clear.

    Raises:
        UnsafeMachine: one does.
        SettingsError: a setting cannot be used.
    """
    settings = load()
    found = private_keys(settings)
    if found:
        raise UnsafeMachine("\n".join(found))
    return settings


def private_keys(settings: Settings) -> list[str]:
    """Say which files in `var` (with the key folder) or `deploy` hold an unencrypted private key, never what it is."""
    found = [path for folder in (settings.var, PROJECT_ROOT / "deploy") for path in find_private_keys(folder)]
    if not found:
        return []
    names = ", ".join(map(str, found))
    return [f"An unencrypted private key lies in {names}: move it off this machine and replace the key."]


def desk_way_in(settings: Settings) -> list[str]:
    """Say why members could not reach the desk safely: it is served on loopback, and never on the chat's host."""
    found = []
    if not _is_loopback(settings.desk_host):
        found.append(
            f"OBERIH_DESK_HOST is {settings.desk_host}: the desk speaks plain http, so only this machine may reach it; "
            "set it to 127.0.0.1."
        )
    if _hostname(settings.desk_url) is not None and _hostname(settings.desk_url) == _hostname(settings.public_url):
        found.append(
            "OBERIH_DESK_URL is on the host of the chat: give the desk a host name of its own, because browsers "
            "share cookies among all that one host serves."
        )
    return found


def _hostname(url: Optional[str]) -> Optional[str]:
    return urlsplit(url).hostname if url else None


def production(settings: Settings) -> list[str]:
    """Return a sentence for each reason why production may not start; a demo has none."""
    return [] if settings.demo else [*_way_in(settings), *_state(settings), *_site(settings)]


def _way_in(settings: Settings) -> Iterator[str]:
    if not _is_loopback(settings.host):
        yield (
            f"OBERIH_CHAT_HOST is {settings.host}: the chat speaks plain http, so only a TLS proxy on this machine "
            "may reach it; set it to 127.0.0.1."
        )
    if not settings.exit_url.startswith("https://"):
        yield "OBERIH_EXIT_URL must start with https://: quick exit opens it."


def _state(settings: Settings) -> Iterator[str]:
    if settings.var.exists() and stat.S_IMODE(settings.var.stat().st_mode) & 0o077:
        yield f"{settings.var} is open to other users of this machine: run chmod 700 {settings.var}."


def _site(settings: Settings) -> Iterator[str]:
    try:
        site = load_site(settings.site)
    except SiteError as error:
        yield str(error)
        return
    if site is None:
        yield f"There is no {settings.site}: copy deploy/site.example.yml, fill it in, or name yours in OBERIH_SITE."
        return
    try:
        founded = frozenset(key_folder.read(settings.key_folder).pins.chains)
    except (KeyFolderError, PinError) as error:
        yield str(error)
        return
    if {desk.id for desk in training_site().desks} & founded:
        yield (
            f"{settings.var} holds a demo's training desk: give production a folder of its own in OBERIH_VAR, "
            "and run `oberih init`."
        )
        return
    for desk in site.desks:
        if desk.id not in founded:
            yield f"Desk {desk.id} stands in {settings.site} but has no keys: take it out, or found the site anew."


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
