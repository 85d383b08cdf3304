"""The key under which message ids are sealed: 32 random bytes in memory, never on a disk.

It lies in a file of a tmpfs, so that a restart of the program finds it and a restart of the machine does not. Where
there is no tmpfs, or the file is not ours alone, the key is in this process only, and a restart forgets what can be
erased.
"""

import hashlib
import logging
import os
import secrets
import stat
from pathlib import Path
from typing import Optional

from bot.privacy.derive import KEY_BYTES

_log = logging.getLogger("oberih.telegram.erasing")
TMPFS = Path("/dev/shm")  # noqa: S108


def erasing_key(var: Path, folder: Path = TMPFS) -> bytes:
    """Return the key of the installation whose state lies in `var`, made on first use."""
    if not folder.is_dir():
        return secrets.token_bytes(KEY_BYTES)
    path = key_path(var, folder)
    key = _read(path) or _make(path)
    if key is None:
        _log.warning("erasing key: not ours, kept in this process only")
        return secrets.token_bytes(KEY_BYTES)
    return key


def key_path(var: Path, folder: Path = TMPFS) -> Path:
    """Return where the key lies: the name tells installations of one machine apart."""
    return folder / f"oberih-{hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:16]}"


def _make(path: Path) -> Optional[bytes]:
    """Put a new key there; if another process of ours is making it just now, use that one."""
    key = secrets.token_bytes(KEY_BYTES)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, key)
    finally:
        os.close(descriptor)
    try:
        # A link appears whole or not at all, and never replaces a file that is there.
        os.link(beside, path)
    except FileExistsError:
        return _read(path)
    finally:
        beside.unlink()
    return key


def _read(path: Path) -> Optional[bytes]:
    """Return the key if the file is a plain one of ours that nobody else can open; the folder is everybody's."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        closed = stat.S_ISREG(found.st_mode) and not stat.S_IMODE(found.st_mode) & 0o077
        key = os.read(descriptor, KEY_BYTES + 1) if closed and found.st_uid == os.geteuid() else b""
    finally:
        os.close(descriptor)
    return key if len(key) == KEY_BYTES else None
