"""Who translates: a LibreTranslate server of the site's own, or somebody else whom `site.yml` names with a reason."""

import ipaddress
import os
import socket
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional
from urllib.parse import urlsplit

from bot.settings import Settings, SettingsError
from bot.site import Site, TranslationProvider

_LOCAL = tuple(
    map(ipaddress.ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)
"""Loopback and the private networks of RFC 1918 and RFC 4193; not link-local ones, where clouds keep their secrets."""
_LONGEST_KEY = 500
_SECONDS = 2.0


@dataclass(frozen=True)
class Provider:
    """Who translates.

    Attributes:
        name: one of `TranslationProvider`.
        url: where LibreTranslate listens, without a slash at the end; None: the provider's own address.
        near: whether it may only be reached on this machine or in a private network.
        key: its API key, if it wants one.
    """

    name: str
    url: Optional[str]
    near: bool
    key: Optional[str] = field(default=None, repr=False)


def provider_of(settings: Settings, site: Optional[Site]) -> Optional[Provider]:
    """Return who translates, or None: nobody, which is the default.

    Raises:
        SettingsError: the settings contradict each other or the site, or the key cannot be read.
    """
    named = site.translation if site else None
    if settings.translate_url is not None and named is not None:
        raise SettingsError(
            "Both OBERIH_TRANSLATE_URL and translation in site.yml name somebody who translates: take one of them out."
        )
    if settings.translate_url is None and named is None:
        return None
    key = _key(settings.translate_key_file) if settings.translate_key_file else None
    if named is not None:
        if named.needs_key and key is None:
            raise SettingsError(
                f"{named.provider.value} wants a key: write it into a file, close it with chmod 600, and name the file "
                "in OBERIH_TRANSLATE_KEY_FILE."
            )
        return Provider(named.provider.value, named.url, near=False, key=key)
    assert settings.translate_url is not None
    host = urlsplit(settings.translate_url).hostname or ""
    if _is_address(host) and not is_near(host):
        raise SettingsError(_far(host))
    return Provider(TranslationProvider.LIBRETRANSLATE.value, settings.translate_url, near=True, key=key)


def is_near(address: str) -> bool:
    """Return whether an IP address is on this machine or in a private network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in network for network in _LOCAL)


def finding(settings: Settings, site: Optional[Site]) -> str:
    """Say for `doctor` who translates, and whether a server of the site's own answers; nobody else is called."""
    try:
        provider = provider_of(settings, site)
    except SettingsError as error:
        return str(error)
    if provider is None:
        return "fine: off"
    if not provider.near or provider.url is None:
        return f"fine: {provider.name}, outside this site, for the reason in site.yml"
    parts = urlsplit(provider.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        return f"fine: on, but nothing knows the name {host} of OBERIH_TRANSLATE_URL just now"
    if not all(map(is_near, addresses)):
        return _far(host)
    with socket.socket(socket.AF_INET6 if ":" in min(addresses) else socket.AF_INET) as probe:
        probe.settimeout(_SECONDS)
        answers = probe.connect_ex((min(addresses), port)) == 0
    return f"fine: {provider.url}" if answers else f"fine: on, but {provider.url} does not answer just now"


def _far(host: str) -> str:
    return (
        f"OBERIH_TRANSLATE_URL leads to {host}, which is not on this machine or in a private network: what people "
        "wrote would leave the site. Use a server of your own, or name it under translation in site.yml, with a reason."
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _key(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, encoding="ascii") as file:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                raise SettingsError(f"{path} is open to other users of this machine: run chmod 600 {path}.")
            key = file.read(_LONGEST_KEY).strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path} cannot be read: write the translation server's key into it.") from None
    if not key:
        raise SettingsError(f"{path} is empty: write the translation server's key into it.")
    return key
