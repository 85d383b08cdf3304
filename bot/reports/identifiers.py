"""Identifiers in the one form in which two reports can be compared.

A name is no identifier here: too many people share one. What stands on the curated list of
`data/common_identifiers.yml` is left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Optional, Protocol
from urllib.parse import parse_qs, urlsplit

from bot.knowledge.common import Common
from bot.privacy.spans import SpanFinder

_TELEGRAM = frozenset({"t.me", "telegram.me"})
_PHONE_LINKS = frozenset({"wa.me", "viber.me"})
_LOOK_ALIKES = str.maketrans("АВЕІКМНОРСТУХ", "ABEIKMHOPCTYX")
"""Letters of Cyrillic number plates that were chosen because they look the same in Latin ones."""
_BEFORE_HOST = re.compile(r"^(?:www\.|m\.|[a-z]{2}(?:-[a-z]{2})?\.(?=.*\.))+")
"""What says how or in which language a host is to be shown."""
_LEAST_PHONE_DIGITS = 6


@dataclass(frozen=True)
class Lead:
    """An identifier in its normal form.

    `kind` is `phone` (E.164 where the country is known), `email`, `handle` (lower case, without @), `domain`
    (registered), `page` (host and path, on hosts that many share), `iban`, `card`, `wallet` or `plate`.
    """

    kind: str
    value: str


class Named(Protocol):
    """An identifier as it was given: of a whole ticket, or of one at a glance."""

    @property
    def type(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def url(self) -> Optional[str]: ...


class Naming(Protocol):
    """Whatever names identifiers."""

    @property
    def identifiers(self) -> Sequence[Named]: ...


class Leads:
    """Brings identifiers to their normal form; built once, because the public suffix list takes a moment."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._domain = SpanFinder().domain

    def of(self, ticket: Naming) -> tuple[Lead, ...]:
        """Return a ticket's leads, each once, in its order."""
        found = (lead for identifier in ticket.identifiers for lead in self._forms(identifier))
        return tuple(dict.fromkeys(found))

    def _forms(self, identifier: Named) -> Iterator[Lead]:
        lead = self._form(identifier.type, identifier.value.strip())
        if lead is not None:
            yield lead
        if identifier.url and (page := self._address(identifier.url.strip())):
            yield page

    def _form(self, kind: str, value: str) -> Optional[Lead]:
        if kind == "phone":
            return self._phone(value)
        if kind == "email":
            return Lead("email", value.lower().removeprefix("mailto:"))
        if kind == "handle":
            return self._handle(value)
        if kind == "url":
            return self._address(value)
        if kind in ("iban", "card"):
            return Lead(kind, re.sub(r"\W", "", value).upper())
        if kind == "wallet":
            return Lead(kind, value if value[:1] == "T" else value.lower())
        if kind == "plate":
            return Lead(kind, re.sub(r"[\W_]", "", value).upper().translate(_LOOK_ALIKES))
        return None

    def _phone(self, value: str) -> Optional[Lead]:
        digits = re.sub(r"\D", "", value)
        if len(digits) < _LEAST_PHONE_DIGITS or digits in self._common.phones:
            return None
        return Lead("phone", f"+{digits}" if value.startswith("+") else digits)

    def _handle(self, value: str) -> Optional[Lead]:
        if "/" in value:
            return self._address(value)
        name = value.lower().lstrip("@")
        return Lead("handle", name) if name and name not in self._common.handles else None

    def _address(self, value: str) -> Optional[Lead]:
        """A page on a host that many share is a lead by its path; any other host by its registered domain."""
        try:
            parts = urlsplit(value if "//" in value else f"//{value}")
            host = _BEFORE_HOST.sub("", (parts.hostname or "").lower())
        except ValueError:
            return None
        if not any(host == shared or host.endswith(f".{shared}") for shared in self._common.hosts):
            domain = self._domain(host) or host
            return Lead("domain", domain) if domain else None
        path = parts.path.strip("/").lower()
        if not path:
            # Some hosts give everyone a name of their own before theirs: evil.wordpress.com.
            return None if host in self._common.hosts else Lead("page", host)
        if host in _TELEGRAM and not path.startswith(("+", "joinchat", "c/")):
            return self._handle(path.removeprefix("s/").partition("/")[0])
        if host in _PHONE_LINKS and path.lstrip("+").isdigit():
            return self._phone(f"+{path.lstrip('+')}")
        return Lead("page", "/".join((host, path)) + _profile(parts.query))


def _profile(query: str) -> str:
    """Some pages are told apart by a number behind the question mark only."""
    numbers: Iterable[str] = parse_qs(query).get("id", ())
    return "".join(f"?id={number}" for number in numbers)
