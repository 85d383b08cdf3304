"""The database's file on this machine, closed to everyone but its owner."""

import os
import stat
from pathlib import Path

from bot.store.errors import StoreUnavailable

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_private(path: Path) -> None:
    """Make the file (0600) and its folder (0700) where they are missing, and close the file to others.

    A folder that exists is not closed here: it may be shared, such as `/tmp`, and closing it would break others.

    Raises:
        StoreUnavailable: the folder is open to others, or the file cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.parent.stat().st_mode & _OTHERS:
            raise StoreUnavailable(
                f"The folder {path.parent} is open to others on this machine: run `chmod 700 {path.parent}`,"
                " or keep the database in a folder of its own."
            )
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreUnavailable(f"The database {path} cannot be made: {error.strerror}.") from None
