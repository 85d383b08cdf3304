"""The format of a backup: an age file to the recovery key R of lines of JSON, the last of which vouches for the rest.

- The first line says of which site, which keys, which tables and which day the backup is (`Header`).
- Each further line is one row: the name of its table and its values (`bot/store/dump.py`).
- The last line holds the number of rows, and an HMAC-SHA256 of all lines before it under a key made of the pepper.
  Whoever has R's public half can seal a file to it; only who has the pepper can make one that is restored.

What is inside is ciphertext once more, except the clear columns (`bot/store/columns.py`).
"""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Optional

from bot.privacy.derive import hkdf
from bot.privacy.seal import SealError
from bot.privacy.sealed_stream import open_stream
from bot.runtime.key_folder import SiteKeys

VERSION = 1
_CHECK_BYTES = 8
"""Of a key-check value: enough to tell keys apart, and no help in guessing 32 random bytes."""
Row = dict[str, Any]


class BackupError(Exception):
    """A backup cannot be made or restored; nothing was changed, and the message says what to do."""


@dataclass(frozen=True)
class Header:
    """The first line of a backup.

    Attributes:
        version: of this format.
        made: the day, in UTC.
        revision: of the tables.
        root: the public half of the recovery key's root.
        salt, pepper: key-check values.
        desks: each pinned desk's public key V.
        endings: how many endings were on the list of endings.
    """

    version: int
    made: str
    revision: str
    root: str
    salt: str
    pepper: str
    desks: dict[str, str]
    endings: int


def header_for(keys: SiteKeys, made: date, revision: str, endings: int) -> Header:
    """Return the first line of a backup that is made now under these keys."""
    desks = {desk: keys.pins.current(desk).verify_key for desk in sorted(keys.pins.chains)}
    salt, pepper = _check_value(keys.site_salt, "salt"), _check_value(keys.pepper, "pepper")
    return Header(VERSION, made.isoformat(), revision, keys.root, salt, pepper, desks, endings)


def need_same_keys(header: Header, keys: SiteKeys) -> None:
    """Return if a backup belongs to the keys that this site has now.

    Raises:
        BackupError: it does not; the message names the file of `var/keys` to restore first.
    """
    now = header_for(keys, date.fromisoformat(header.made), header.revision, header.endings)
    then = f"that belongs to this backup of {header.made}"
    if header.root != now.root:
        raise BackupError(f"This is a backup of another site: restore the key folder {then}, then try again.")
    for name, file in (("salt", "site_salt"), ("pepper", "pepper")):
        if getattr(header, name) != getattr(now, name):
            raise BackupError(
                f"This backup was made under another {name}, and its receipts would find nothing: restore var/keys/"
                f"{file} {then}, then try again."
            )
    for desk, key in header.desks.items():
        if now.desks.get(desk) != key:
            raise BackupError(
                f"Desk {desk} had other keys when this backup was made, and could not open it: restore var/keys/"
                f"pins.json {then}, then try again."
            )


def lines(header: Header, rows: Iterator[tuple[str, Row]], keys: SiteKeys) -> Iterator[bytes]:
    """Yield the lines of a backup."""
    mac, count = _mac(keys), 0
    for content in _contents(header, rows):
        line = _line(content)
        mac.update(line)
        count += 1
        yield line
    yield _line({"rows": count - 1, "mac": mac.hexdigest()})


def read(path: Path, identity: str, keys: SiteKeys, begin: Callable[[Header], None], take: Callable[..., None]) -> None:
    """Read a backup; hand its header, then each row with its table, to the two functions, once the keys are the same.

    Until this returns nothing is certain: make no change that cannot be undone.

    Raises:
        BackupError: it does not open, is damaged, or does not belong to these keys.
    """
    reading = _Reading(keys, begin, take)
    try:
        with path.open("rb") as source:
            open_stream(source, reading.take, identity)
    except FileNotFoundError:
        raise BackupError(f"There is no backup {path}.") from None
    except SealError:
        raise BackupError(
            f"{path} does not open with this recovery code: it is another site's backup, or damaged."
        ) from None
    reading.need_end()


class _Reading:
    """Puts pieces together to lines, and checks these."""

    def __init__(self, keys: SiteKeys, begin: Callable[[Header], None], take: Callable[..., None]) -> None:
        self._keys, self._begin, self._take = keys, begin, take
        self._mac = _mac(keys)
        self._rest = b""
        self._count = 0
        self._end: Optional[dict[str, Any]] = None

    def take(self, piece: bytes) -> None:
        *whole, self._rest = (self._rest + piece).split(b"\n")
        for line in whole:
            self._take_line(line + b"\n")

    def need_end(self) -> None:
        """Return if the last line was read and vouches for all others."""
        end = self._end or {}
        vouched = hmac.compare_digest(str(end.get("mac")), self._mac.hexdigest())
        if self._rest or not vouched or end.get("rows") != self._count - 1:
            raise _damaged()

    def _take_line(self, line: bytes) -> None:
        content = _parsed(line)
        if self._end is not None:
            raise _damaged()
        if isinstance(content, dict) and self._count:
            self._end = content
            return
        self._mac.update(line)
        self._count += 1
        if self._count == 1:
            self._begin(self._header(content))
        elif isinstance(content, list) and len(content) == 2:
            self._take(*content)
        else:
            raise _damaged()

    def _header(self, content: Any) -> Header:
        if not isinstance(content, dict) or content.get("version") != VERSION:
            raise BackupError("This is no backup that this version can read: restore it with the version that made it.")
        try:
            header = Header(**content)
            need_same_keys(header, self._keys)
        except (TypeError, ValueError, AttributeError):
            raise _damaged() from None
        return header


def _contents(header: Header, rows: Iterator[tuple[str, Row]]) -> Iterator[Any]:
    yield asdict(header)
    yield from (list(row) for row in rows)


def _line(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii") + b"\n"


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise _damaged() from None


def _damaged() -> BackupError:
    return BackupError("This backup is damaged, or was made by someone without this site's pepper: use another one.")


def _mac(keys: SiteKeys) -> Any:
    return hmac.new(hkdf(keys.pepper, "oberih/v1/backup/mac"), digestmod="sha256")


def _check_value(secret: bytes, name: str) -> str:
    return hkdf(secret, f"oberih/v1/backup/{name}")[:_CHECK_BYTES].hex()
