"""The key folder, `var/keys`: the site's salt and pepper, the root's public half, and the pin file.

It holds no private key. The pepper is secret: without it, a stolen database does not tell which receipts
exist. The other files are public, but whoever changes them decides to whom reports are sealed: compare the
root's public half with the one on the recovery paper. Beside them lies how far each desk's audit log goes,
so that a log that was cut off or made anew in the database is noticed.
"""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from bot.privacy import pins as pin_book
from bot.privacy.audit_chain import START, Head
from bot.privacy.derive import KEY_BYTES
from bot.privacy.pins import Pin, PinError, Pins

_SALT, _PEPPER, _ROOT, _PINS = "site_salt", "pepper", "root.pub", "pins.json"
_HEADS, _NEXT_ROOT = "audit.json", "root.next"


class KeyFolderError(Exception):
    """The key folder is missing, incomplete, or open to others."""


@dataclass(frozen=True)
class SiteKeys:
    """What the key folder holds.

    Attributes:
        folder: where it is.
        site_salt: 32 bytes under which this site's receipts are stretched.
        pepper: 32 secret bytes under which receipts are looked up.
        root: the public half of the recovery key's root, 64 hexadecimal digits.
        pins: the desks' public keys, verified.
    """

    folder: Path
    site_salt: bytes
    pepper: bytes = field(repr=False)
    root: str
    pins: Pins

    def pin_now(self, desk: str) -> Pin:
        """Return a desk's pin as the pin file has it now: its keys may have changed since this was read.

        Raises:
            KeyFolderError, PinError: the folder is damaged, or the desk is not pinned.
        """
        return self.pins_now().current(desk)

    def pins_now(self) -> Pins:
        """Return the pins as the pin file has them now.

        Raises:
            KeyFolderError, PinError: the folder is damaged.
        """
        return read(self.folder).pins


def exists(folder: Path) -> bool:
    """Return whether a key folder was made here."""
    return (folder / _PEPPER).exists()


def begun(folder: Path) -> bool:
    """Return whether any part of a key folder is here: if it is not whole, something was lost."""
    return any((folder / name).exists() for name in (_SALT, _PEPPER, _ROOT, _PINS))


def need(folder: Path) -> None:
    """Return if a site was founded here.

    Raises:
        KeyFolderError: none was, or the pepper is lost.
    """
    if not exists(folder):
        if begun(folder):
            raise KeyFolderError(f"{folder / _PEPPER} is missing: restore it from a backup.")
        raise KeyFolderError(f"{folder} holds no keys yet: run `oberih init`.")


def create(folder: Path, root: str, pins: Pins) -> SiteKeys:
    """Make the key folder of a new site.

    Raises:
        KeyFolderError: there is one already; it is never overwritten.
        PinError: the pins are not signed by this root.
    """
    if exists(folder):
        raise KeyFolderError(f"{folder} holds keys already: every report and receipt would be lost without them.")
    pin_book.from_json(pin_book.to_json(pins), root)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write(folder / _SALT, secrets.token_bytes(KEY_BYTES).hex() + "\n")
    _write(folder / _ROOT, root + "\n")
    _write(folder / _PINS, pin_book.to_json(pins))
    # Last, because it is what says that the folder is complete.
    _write(folder / _PEPPER, secrets.token_bytes(KEY_BYTES).hex() + "\n")
    return read(folder)


def read(folder: Path) -> SiteKeys:
    """Return the site's keys, permissions and signatures checked.

    Raises:
        KeyFolderError: a file is missing or damaged, or others can read the pepper or write to a file.
        PinError: a pin is not signed as it must be.
    """
    need(folder)
    _refuse_loose(folder, 0o022, "700")
    for name, refused in ((_SALT, 0o022), (_ROOT, 0o022), (_PINS, 0o022), (_PEPPER, 0o077)):
        _refuse_loose(folder / name, refused, "600")
    if (folder / _NEXT_ROOT).exists():
        _refuse_loose(folder / _NEXT_ROOT, 0o022, "600")
    root, pins = _verified(folder)
    return SiteKeys(
        folder=folder,
        site_salt=_secret(folder / _SALT),
        pepper=_secret(folder / _PEPPER),
        root=root,
        pins=pins,
    )


def write_pins(folder: Path, pins: Pins) -> None:
    """Replace the pin file, whole or not at all.

    Raises:
        KeyFolderError: the folder is incomplete.
        PinError: the pins are not signed as they must be.
    """
    text = pin_book.to_json(pins)
    pin_book.from_json(text, _verified(folder)[0])
    _write(folder / _PINS, text)


def replace_root(folder: Path, root: str, pins: Pins) -> None:
    """Replace the root's public half and the pin file, both or none.

    Raises:
        PinError: the pins are not signed by this root.
    """
    text = pin_book.to_json(pins)
    pin_book.from_json(text, root)
    _write(folder / _NEXT_ROOT, root + "\n")
    # From here on the pins are verified against the next root, whether or not the last step is reached.
    _write(folder / _PINS, text)
    (folder / _NEXT_ROOT).replace(folder / _ROOT)


def _verified(folder: Path) -> tuple[str, Pins]:
    """Return the root that signed the pins, and the pins."""
    text, root = _text(folder / _PINS), _text(folder / _ROOT).strip()
    try:
        return root, pin_book.from_json(text, root)
    except PinError:
        if not (folder / _NEXT_ROOT).exists():
            raise
    following = _text(folder / _NEXT_ROOT).strip()
    return following, pin_book.from_json(text, following)


@contextmanager
def locked(folder: Path, what: str) -> Iterator[None]:
    """Keep every other process from changing the `pins` or the `audit` heads until the block ends.

    Whoever needs both takes `pins` first.
    """
    with os.fdopen(os.open(folder / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_head(folder: Path, desk: str) -> Optional[Head]:
    """Return how far a desk's audit log went when it was last added to, or None where that was not kept.

    Raises:
        KeyFolderError: the record is damaged.
    """
    found = _heads(folder).get(desk)
    return Head(int(found["number"]), bytes.fromhex(found["hash"])) if found else None


def write_head(folder: Path, desk: str, head: Head) -> None:
    """Keep how far a desk's audit log goes; call it with the folder locked.

    Raises:
        KeyFolderError: the record is damaged.
    """
    _write_heads(folder, desk, _json(head))


def read_start(folder: Path, desk: str) -> Head:
    """Return the head after which a desk's audit log begins: what was older has expired.

    Raises:
        KeyFolderError: the record is damaged.
    """
    after = _heads(folder).get(desk, {}).get("after")
    return Head(int(after["number"]), bytes.fromhex(after["hash"])) if after else START


def write_start(folder: Path, desk: str, start: Head) -> None:
    """Keep where a desk's audit log begins; call it with the folder locked, before the entries up to there go.

    Raises:
        KeyFolderError: the record is damaged.
    """
    _write_heads(folder, desk, {"after": _json(start)})


def _write_heads(folder: Path, desk: str, changed: dict[str, Any]) -> None:
    heads = _heads(folder)
    content = {**heads, desk: {**heads.get(desk, {}), **changed}}
    _write(folder / _HEADS, json.dumps(content, indent=2, sort_keys=True) + "\n")


def _json(head: Head) -> dict[str, Any]:
    return {"number": head.number, "hash": head.hash.hex()}


def _heads(folder: Path) -> dict[str, Any]:
    path = folder / _HEADS
    if not path.exists():
        return {}
    try:
        content: dict[str, Any] = json.loads(_text(path))
        for head in content.values():
            for each in (head, head.get("after", head)):
                Head(int(each["number"]), bytes.fromhex(each["hash"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFolderError(
            f"{path} is damaged: restore it from a backup, or remove it if the audit log is known to be whole."
        ) from error
    return content


def _secret(path: Path) -> bytes:
    try:
        value = bytes.fromhex(_text(path))
    except ValueError:
        # Not chained: the message would quote the secret.
        value = b""
    if len(value) != KEY_BYTES:
        raise KeyFolderError(f"{path} is damaged: restore it from a backup.")
    return value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KeyFolderError(f"{path} is missing: restore it from a backup.") from error
    except OSError as error:
        raise KeyFolderError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise KeyFolderError(f"{path} is damaged: restore it from a backup.") from None


def _refuse_loose(path: Path, refused: int, wanted: str) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError as error:
        raise KeyFolderError(f"{path} is missing: restore it from a backup.") from error
    if mode & refused:
        raise KeyFolderError(f"{path} is open to other users of this machine: run chmod {wanted} {path}.")


def _write(path: Path, text: str) -> None:
    """Write beside and rename, so that a crash leaves the old file or the new one, readable by its owner alone."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
