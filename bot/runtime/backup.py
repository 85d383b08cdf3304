"""Backing the database up while it is in use, and restoring it without what has ended since."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timezone
from itertools import groupby
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.privacy.recovery import Recovery
from bot.privacy.seal import SealError
from bot.privacy.sealed_stream import seal_stream
from bot.runtime import backup_file, key_folder
from bot.runtime.backup_file import BackupError, Header
from bot.runtime.desk_session import open_store
from bot.runtime.endings import Endings, EndingsError
from bot.settings import Settings
from bot.store import dump, migrate, tables
from bot.store.database import Database
from bot.store.erase import erase
from bot.store.errors import StoreUnavailable
from bot.store.records import Ending
from bot.store.tickets import Tickets


@dataclass(frozen=True)
class Restored:
    """What was restored: the day of the backup, rows by table, and how many tickets in it had ended since."""

    made: str
    rows: dict[str, int]
    ended: int


def back_up(settings: Settings, path: Path) -> int:
    """Write a backup that only the recovery key opens; return its size in bytes.

    Raises:
        BackupError: the file is there already, or the database stopped answering.
        KeyFolderError, PinError, StoreUnavailable: the site is not in order.
    """
    keys, database = key_folder.read(settings.key_folder), open_store(settings)
    if path.exists():
        raise BackupError(f"{path} is there already: give another name, so that no backup is lost.")
    endings = Endings(settings.endings)
    endings.add_missing(Tickets(database).endings())
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            with database.snapshot() as connection:
                today = datetime.now(timezone.utc).date()
                revision = migrate.revision_of(connection) or ""
                header = backup_file.header_for(keys, today, revision, len(endings.all()))
                pieces = backup_file.lines(header, dump.rows(connection), keys)
                seal_stream(pieces, target, [keys.pins.recovery])
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    except SealError:
        raise BackupError(f"The backup stopped half-way: see that the database is up and {path} has room.") from None
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def restore(settings: Settings, path: Path, recovery: Recovery, *, replace: bool, without_endings: bool) -> Restored:
    """Put a backup in the place of the database, less what has ended since. Stop the chat before.

    Everything is checked first, and the change is one transaction.

    Args:
        replace: also where the database holds something.
        without_endings: also where the list of endings is lost: what was taken back since then comes back.

    Raises:
        BackupError, EndingsError: it cannot be restored; nothing was changed.
        KeyFolderError, PinError, StoreUnavailable, StoreRefused: the site is not in order.
    """
    keys = key_folder.read(settings.key_folder)
    if recovery.recipient != keys.pins.recovery:
        raise BackupError("This is another site's recovery code: compare it with the paper of this one.")
    found = _checked(path, recovery, keys)
    ended = _listed(settings, found, without_endings=without_endings)
    database = Database(settings.database_url)
    there = _what_is_there(database, replace=replace)
    Endings(settings.endings).add_missing(there)
    # As an empty one, if it is missing.
    settings.make_var()
    if database.path is not None and not database.path.exists():
        database.upgrade()
    counted: dict[str, int] = {}
    with database.write() as connection:
        loader = dump.Loader(connection)

        def take(table: str, row: backup_file.Row) -> None:
            counted[table] = counted.get(table, 0) + 1
            loader.add(table, row)

        backup_file.read(path, recovery.identity, keys, lambda header: loader.begin(header.revision), take)
        loader.finish()
        again = _end_again(connection, {ending.ticket: ending for ending in (*ended, *there)})
        # Whoever was at work then need not be now.
        connection.execute(delete(tables.watch))
    database.scrub()
    return Restored(found.made, counted, again)


def _checked(path: Path, recovery: Recovery, keys: key_folder.SiteKeys) -> Header:
    """Read the whole backup once without storing anything, and return its header."""
    headers: list[Header] = []
    backup_file.read(path, recovery.identity, keys, headers.append, lambda table, row: None)
    return headers[0]


def _listed(settings: Settings, header: Header, *, without_endings: bool) -> list[Ending]:
    endings = Endings(settings.endings)
    if without_endings:
        return endings.all() if endings.path.exists() else []
    ended = endings.all()
    if len(ended) < header.endings:
        raise EndingsError(
            f"{endings.path} lists {len(ended)} endings, but there were {header.endings} when this backup was made: "
            "copy the whole list back from where you keep its copies."
        )
    return ended


def _what_is_there(database: Database, *, replace: bool) -> list[Ending]:
    """Return what has ended by the database that is to be replaced; none where there is no usable one."""
    if database.path is not None and not database.path.exists():
        return []
    with database.read() as connection:
        empty = dump.is_empty(connection)
    if empty:
        return []
    if not replace:
        raise BackupError(
            f"The database {database.name} is in use: to lose what is in it and have the backup instead, "
            "say --replace, or name a new one in OBERIH_DATABASE."
        )
    try:
        database.check()
    except StoreUnavailable:
        # Of another version: then the list of endings must do.
        return []
    return Tickets(database).endings()


def _end_again(connection: Connection, ended: dict[str, Ending]) -> int:
    """Erase what has ended since the backup was made; return how many tickets that were."""
    ids = connection.execute(select(tables.ticket.c.id).where(tables.ticket.c.sealed_body.is_not(None))).scalars()
    again = sorted((ended[id] for id in ids if id in ended), key=_how)
    for (state, day), group in groupby(again, key=_how):
        erase(connection, [ending.ticket for ending in group], day, state=state)
    return len(again)


def _how(ending: Ending) -> tuple[str, date]:
    return ending.state, ending.day
