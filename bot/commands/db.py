"""`oberih db …`: looking after the database of desks and tickets."""

from collections.abc import Iterator
from datetime import datetime, timezone

import typer

from bot.commands import asking
from bot.reports.visible import json_line
from bot.runtime.desk_session import open_store
from bot.runtime.housekeeping import Housekeeping, housekeeping_of
from bot.runtime.key_folder import KeyFolderError
from bot.runtime.safe_start import settings_for_keys
from bot.settings import Settings
from bot.store.database import Database
from bot.store.retention import Done

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


def _chores(settings: Settings) -> Housekeeping:
    open_store(settings)
    chores = housekeeping_of(settings)
    if chores is None:
        raise KeyFolderError(f"There is no {settings.site}: put it back, it says how long what is kept.")
    return chores


def _object(done: Done) -> dict[str, object]:
    ids = {name: list(getattr(done.plan, name)) for name in ("unread", "closed", "tombstones", "held", "alerts")}
    return {**ids, "invitations": done.invitations, "scrubbed": done.scrubbed}


def _report(done: Done, dry_run: bool) -> Iterator[str]:
    """Return a line for each rule, and the ids below it; ids are all that is said of a ticket."""
    erased = "would be erased" if dry_run else "erased"
    plan = done.plan
    for title, ids in (
        (f"{erased}, because nobody took them up in time", plan.unread),
        (f"{erased}, because their desk has not needed them here for their term", plan.closed),
        (f"tombstones {'that would be ' if dry_run else ''}removed", plan.tombstones),
        ("kept by a hold", plan.held),
        ("not taken up for long: their desk must see to them, or they will be erased", plan.alerts),
    ):
        yield f"{len(ids)} {title}"
        yield from (f"  {identifier}" for identifier in ids)
    yield f"{done.invitations} expired invitations {'that would be ' if dry_run else ''}removed"
    if not done.scrubbed:
        yield "The old bytes are still being read by someone: run `oberih db retain` again in a minute."
