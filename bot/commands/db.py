"""`oberih db …`: looking after the database of desks and tickets."""

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import typer

from bot.commands import asking
from bot.privacy.recovery import parse_recovery
from bot.reports.visible import json_line
from bot.runtime.backup import back_up
from bot.runtime.backup import restore as restore_backup
from bot.runtime.desk_session import open_store
from bot.runtime.housekeeping import Housekeeping, housekeeping_of
from bot.runtime.key_folder import KeyFolderError
from bot.runtime.safe_start import settings_for_keys
from bot.settings import Settings
from bot.store.database import Database
from bot.store.retention import Done

BackupFile = typer.Argument(..., help="The backup's file.", show_default=False)
db = typer.Typer(no_args_is_help=True, help="Look after the database of desks and tickets.")


@db.command()
def upgrade() -> None:
    """Make the database if it is missing, and bring its tables to this version's form."""
    settings = settings_for_keys()
    settings.make_var()
    store = Database(settings.database_url)
    store.upgrade()
    typer.echo(f"The database {store.name} is up to date.")


@db.command()
def retain(
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would be erased."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object on one line."),
) -> None:
    """Erase what has been kept for its term (`retention` in site.yml); the running server does so once a day."""
    chores, now = _chores(settings_for_keys()), datetime.now(timezone.utc)
    asking.progress("looking …" if dry_run else "erasing …")
    done = chores.look(now) if dry_run else chores.retain(now)
    typer.echo(json_line({"dry_run": dry_run, **_object(done)}) if as_json else "\n".join(_report(done, dry_run)))


@db.command()
def backup(file: Path = BackupFile) -> None:
    """Write a backup that only the recovery code opens, while the chat goes on; keep var/keys elsewhere."""
    settings = settings_for_keys()
    asking.progress("reading …")
    size = back_up(settings, file)
    typer.echo(
        f"{file}: {size} bytes, sealed to the recovery key. Keep it away from this machine, and apart from "
        f"{settings.key_folder}. Copy {settings.endings} too, each day anew: without it, a restored backup would bring "
        "back what people took back."
    )


@db.command()
def restore(
    file: Path = BackupFile,
    replace: bool = typer.Option(False, "--replace", help="Also where the database holds something: that is lost."),
    without_endings: bool = typer.Option(
        False, "--without-endings", help="Also where the list of endings is lost: what was taken back comes back."
    ),
) -> None:
    """Put a backup in the place of the database, less what has ended since; asks for the recovery code."""
    settings = settings_for_keys()
    recovery = parse_recovery(asking.passphrase("Recovery code, from the paper"))
    asking.progress("checking …")
    done = restore_backup(settings, file, recovery, replace=replace, without_endings=without_endings)
    typer.echo(
        f"Restored, as of {done.made}: {done.rows.get('desk', 0)} desks, {done.rows.get('ticket', 0)} tickets. "
        f"{done.ended} of them had ended since and stay erased.\n"
        "Not in the backup is what came or was decided after it: reports, states, members, and holds, which desks must "
        "set again before the next `oberih db retain`. Intake opens with the next login."
    )


def _chores(settings: Settings) -> Housekeeping:
    open_store(settings)
    chores = housekeeping_of(settings)
    if chores is None:
        raise KeyFolderError(f"There is no {settings.site}: put it back, it says how long what is kept.")
    return chores


def _object(done: Done) -> dict[str, object]:
    ids = {name: list(found) for name, found in vars(done.plan).items()}
    return {**ids, "invitations": done.invitations, "scrubbed": done.scrubbed}


def _report(done: Done, dry_run: bool) -> Iterator[str]:
    """Return a line for each rule, and the ids below it; ids are all that is said of a ticket."""
    erased, removed = ("would be erased", "that would be removed") if dry_run else ("erased", "removed")
    plan = done.plan
    for title, ids in (
        (f"{erased}, because nobody took them up in time", plan.unread),
        (f"{erased}, because their desk has not needed them here for their term", plan.closed),
        (f"index entries {removed}: what links these was kept for its term, they themselves stay", plan.index),
        (f"tombstones {removed}", plan.tombstones),
        ("kept by a hold", plan.held),
        ("not taken up for long: their desk must see to them, or they will be erased", plan.alerts),
    ):
        yield f"{len(ids)} {title}"
        yield from (f"  {identifier}" for identifier in ids)
    yield f"{done.invitations} expired invitations {removed}"
    if not done.scrubbed:
        yield "The old bytes are still being read by someone: run `oberih db retain` again in a minute."
