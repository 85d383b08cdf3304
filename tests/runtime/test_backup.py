"""A backup is ciphertext, restores exactly, and never brings back what has ended."""

import base64
import os
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.privacy.derive import KEY_BYTES
from bot.privacy.recovery import Recovery, new_recovery
from bot.privacy.seal import SealError, generate_identity, open_sealed
from bot.privacy.sealed_stream import seal_stream
from bot.runtime import backup_file, desk_session, founding, key_folder
from bot.runtime.backup import back_up, restore
from bot.runtime.backup_file import BackupError
from bot.runtime.endings import Endings, EndingsError
from bot.runtime.housekeeping import housekeeping_of
from bot.runtime.reporting import reporting_of
from bot.settings import Settings, load
from bot.store import dump, migrate, tables
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.invitations import Invitations
from bot.store.records import HoldRecord, TicketRecord
from bot.store.tickets import Tickets
from bot.store.watch import Watches
from tests.databases import needs_postgresql
from tests.databases import url as url
from tests.faults.killing import die
from tests.stored import DESK, RECIPIENT, a_question, a_ticket, an_invitation, an_outbox_row

NOW = datetime.now(timezone.utc)
TODAY = NOW.date()
PASSPHRASE = "seven quiet herons at dawn"
SITE = """
operator: {name: Aid, contact: office}
responsible: {name: Olha, role: head, contact: office}
desks:
  - {id: hotline-ua, name: Helpline, kind: hotline, default: true}
"""


@dataclass(frozen=True)
class Place:
    settings: Settings
    recovery: Recovery
    folder: Path

    @property
    def database(self) -> Database:
        return Database(self.settings.database_url)

    @property
    def tickets(self) -> Tickets:
        return Tickets(self.database)

    def store(self, **changes: Any) -> TicketRecord:
        ticket = a_ticket(**changes)
        self.tickets.insert(ticket, [an_outbox_row(ticket)], urgent=NOW)
        self.tickets.add_message(a_question(ticket))
        return ticket

    def back_up(self, name: str = "backup.age") -> Path:
        assert back_up(self.settings, self.folder / name) == (self.folder / name).stat().st_size
        return self.folder / name

    def restore(self, path: Path, *, to: str = "", replace_it: bool = True, without_endings: bool = False) -> Any:
        settings = replace(self.settings, database_url=to) if to else self.settings
        return restore(settings, path, self.recovery, replace=replace_it, without_endings=without_endings)


@pytest.fixture
def place(url: str, tmp_path: Path) -> Iterator[Place]:
    """A founded site with tickets in all states."""
    (tmp_path / "site.yml").write_text(SITE)
    settings = replace(load(), var=tmp_path / "var", site=tmp_path / "site.yml", database_url=url)
    site = founding.site_of(settings)
    assert site is not None
    recovery = founding.found(settings, site, {"hotline-ua": founding.FirstMember("olha", PASSPHRASE)})
    place = Place(settings, recovery, tmp_path)
    for _ in range(3):
        place.store()
    taken_up, withdrawn = place.store(), place.store()
    place.tickets.set_state(taken_up.id, "accepted", TODAY)
    place.tickets.hold(HoldRecord(taken_up.id, TODAY, "investigation"))
    place.tickets.withdraw(withdrawn.id, TODAY)
    Invitations(place.database).add(an_invitation())
    desk_session.log_in(settings, "hotline-ua", "olha", PASSPHRASE)
    yield place


def everything(database: Database) -> dict[str, Any]:
    """All that is stored, but for the watch, which a restored database begins anew."""
    found: dict[str, Any] = {}
    with database.read() as connection:
        for table, row in dump.rows(connection):
            found.setdefault(table, []).append(row)
    found.pop("watch", None)
    return found


def test_a_restored_backup_is_what_was_backed_up(place: Place) -> None:
    before, path = everything(place.database), place.back_up()
    assert {"desk", "member", "invitation", "ticket", "outbox", "message", "hold"} <= set(before)
    place.store()
    with place.database.write() as connection:
        connection.execute(update(tables.member).values(name="someone"))
    done = place.restore(path)
    assert everything(place.database) == before and (done.made, done.ended) == (TODAY.isoformat(), 0)
    assert {name: len(rows) for name, rows in before.items()} == {n: c for n, c in done.rows.items() if n != "watch"}
    place.database.check()
    assert Watches(place.database).all() == {}
    assert len(desk_session.log_in(place.settings, "hotline-ua", "olha", PASSPHRASE).tickets()) == 5


@needs_postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_backup_moves_a_site_from_one_kind_of_database_to_the_other(place: Place) -> None:
    before, here = everything(place.database), f"sqlite:///{place.folder / 'var' / 'oberih.db'}"
    place.restore(place.back_up(), to=here, replace_it=False)
    assert everything(Database(here)) == before
    there = replace(place.settings, database_url=here)
    back_up(there, place.folder / "second.age")
    place.restore(place.folder / "second.age")
    assert everything(place.database) == before


def test_a_stolen_backup_is_ciphertext_and_closed_to_others(place: Place) -> None:
    path = place.back_up()
    content = path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n") and content.count(b"-> X25519") == 1
    for word in ("hotline-ua", "olha", "trafficking", place.tickets.of_desk("hotline-ua")[0].id):
        assert word.encode() not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and not list(place.folder.glob("*.part"))
    with pytest.raises(SealError):
        open_sealed(content, generate_identity())
    opened = open_sealed(content, place.recovery.identity)
    keys = key_folder.read(place.settings.key_folder)
    assert keys.pepper.hex().encode() not in opened and keys.site_salt.hex().encode() not in opened


def test_an_older_backup_is_never_written_over(place: Place) -> None:
    content = place.back_up().read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        place.back_up()
    assert (place.folder / "backup.age").read_bytes() == content


def test_a_backup_that_stops_half_way_leaves_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(connection: Any) -> Iterator[Any]:
        yield from list(rows(connection))[:2]
        raise StoreUnavailable("The database has gone.")

    rows = dump.rows
    monkeypatch.setattr(dump, "rows", stops)
    before = sorted(place.folder.iterdir())
    with pytest.raises(BackupError, match="stopped half-way"):
        place.back_up()
    assert sorted(place.folder.iterdir()) == before


def test_a_backup_is_of_one_moment_while_reports_come_in(place: Place) -> None:
    stop = threading.Event()

    def write() -> None:
        tickets = place.tickets
        while not stop.is_set():
            ticket = a_ticket()
            tickets.insert(ticket, [an_outbox_row(ticket), an_outbox_row(ticket)])

    with place.database.write() as connection:
        connection.execute(tables.hold.delete())
    writing = threading.Thread(target=write)
    writing.start()
    try:
        paths = [place.back_up(f"{number}.age") for number in range(4)]
    finally:
        stop.set()
        writing.join()
    for path in paths:
        place.restore(path)
        found = everything(place.database)
        known = {row["id"] for row in found["ticket"]}
        waiting = [row["ticket"] for row in found["outbox"]]
        assert set(waiting) <= known
        assert {waiting.count(row["id"]) for row in found["ticket"] if row["state"] == "new"} <= {1, 2}
        assert len([id for id in known if waiting.count(id) == 1]) == 4


def test_what_has_ended_since_stays_ended(place: Place) -> None:
    taken_back, unread, kept = place.store(), place.store(day=TODAY - timedelta(days=40)), place.store()
    path = place.back_up()
    housekeeping = housekeeping_of(place.settings)
    assert housekeeping is not None
    assert place.tickets.withdraw(taken_back.id, TODAY) == "new"
    assert housekeeping.retain(NOW).plan.unread == (unread.id,)
    # The database is lost altogether: only the list of endings is left.
    done = place.restore(path)
    found = {id: place.tickets.get(id) for id in (taken_back.id, unread.id, kept.id)}
    assert {id: (row.state, row.sealed_body is None) for id, row in found.items() if row} == {
        taken_back.id: ("revoked", True),
        unread.id: ("new", True),
        kept.id: ("new", False),
    }
    assert done.ended == 2 and not place.tickets.messages(taken_back.id)


def test_what_was_taken_back_stays_so_where_only_the_list_survived(place: Place, tmp_path: Path) -> None:
    ticket = place.store()
    path = place.back_up()
    reporting = reporting_of(place.settings)
    assert reporting is not None and reporting.follow_up.withdraw(ticket.id, held=False)[0] == "withdrawn"
    new = f"sqlite:///{tmp_path / 'var' / 'new.db'}"
    assert place.restore(path, to=new, replace_it=False).ended == 1
    found = Tickets(Database(new)).get(ticket.id)
    assert found is not None and found.state == "revoked" and found.sealed_body is None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_bytes_of_what_was_taken_back_are_in_no_file_after_a_restore(place: Place) -> None:
    mark = os.urandom(16)
    ticket = place.store(sealed_body=a_ticket().sealed_body[:40] + mark * 60)
    path = place.back_up()
    place.tickets.withdraw(ticket.id, TODAY)
    place.restore(path)
    assert place.database.path
    assert mark not in b"".join(each.read_bytes() for each in place.database.path.parent.iterdir() if each.is_file())


def test_a_list_of_endings_that_is_lost_or_cut_is_asked_for(place: Place) -> None:
    path, endings = place.back_up(), place.settings.endings
    before, content = everything(place.database), endings.read_text()
    assert len(Endings(endings).all()) == 1
    endings.write_text("")
    with pytest.raises(EndingsError, match="lists 0 endings, but there were 1"):
        place.restore(path)
    endings.unlink()
    with pytest.raises(EndingsError, match="copy it back"):
        place.restore(path)
    assert everything(place.database) == before
    assert place.restore(path, without_endings=True).ended == 0
    assert endings.read_text() == content, "what the database still knows is put on the list again"


def test_a_database_that_holds_something_is_only_replaced_when_told_so(place: Place) -> None:
    path, before = place.back_up(), everything(place.database)
    with pytest.raises(BackupError, match="say --replace"):
        place.restore(path, replace_it=False)
    assert everything(place.database) == before


def other(secret: Path) -> None:
    secret.write_text(os.urandom(KEY_BYTES).hex() + "\n")


@pytest.mark.parametrize(
    "file, says",
    [
        ("pepper", "made under another pepper, .* restore var/keys/pepper"),
        ("site_salt", "made under another salt, .* restore var/keys/site_salt"),
    ],
)
def test_a_backup_made_under_other_secrets_is_refused(place: Place, file: str, says: str) -> None:
    path, before = place.back_up(), everything(place.database)
    other(place.settings.key_folder / file)
    with pytest.raises(BackupError, match=says) as refused:
        place.restore(path)
    assert str(refused.value).count("\n") == 0 and everything(place.database) == before


def test_a_backup_from_before_a_desk_changed_its_keys_is_refused(place: Place) -> None:
    from bot.privacy import pins as pin_book
    from bot.privacy.roster import found_desk

    path, before = place.back_up(), everything(place.database)
    keys = key_folder.read(place.settings.key_folder)
    changed = pin_book.add_by_root(keys.pins, "hotline-ua", found_desk("hotline-ua").keys, place.recovery)
    key_folder.write_pins(place.settings.key_folder, changed)
    with pytest.raises(BackupError, match=r"Desk hotline-ua had other keys .* restore var/keys/pins\.json"):
        place.restore(path)
    assert everything(place.database) == before


def test_a_backup_of_another_site_is_refused(place: Place) -> None:
    path = place.folder / "other.age"
    elsewhere = new_recovery()
    keys = key_folder.read(place.settings.key_folder)
    header = replace(backup_file.header_for(keys, TODAY, "0001", 0), root=elsewhere.verify_key)
    write(path, place, header, [])
    with pytest.raises(BackupError, match="backup of another site"):
        place.restore(path)
    write(path, replace(place, recovery=elsewhere), header, [])
    with pytest.raises(BackupError, match="does not open with this recovery code"):
        place.restore(path)
    with pytest.raises(BackupError, match="another site's recovery code"):
        restore(place.settings, path, elsewhere, replace=True, without_endings=False)


def write(path: Path, place: Place, header: Any, rows: list[Any], pepper: bytes = b"") -> None:
    """Make a backup of any content; with another pepper, as someone who only knows R's public half can."""
    keys = key_folder.read(place.settings.key_folder)
    keys = replace(keys, pepper=pepper) if pepper else keys
    with path.open("wb") as target:
        seal_stream(backup_file.lines(header, iter(rows), keys), target, [place.recovery.recipient])


@pytest.mark.parametrize("damage", ["cut", "changed", "plain", "forged", "no end", "more after the end", "no line"])
def test_a_damaged_or_forged_backup_changes_nothing(place: Place, damage: str) -> None:
    path, before = place.back_up(), everything(place.database)
    content = bytearray(path.read_bytes())
    opened = open_sealed(bytes(content), place.recovery.identity)
    keys = key_folder.read(place.settings.key_folder)
    header = backup_file.header_for(keys, TODAY, revision(place), 1)
    if damage == "cut":
        path.write_bytes(content[:-7])
    elif damage == "changed":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "plain":
        path.write_bytes(opened)
    elif damage == "forged":
        write(path, place, header, [("desk", {"id": "mine"})], pepper=b"0" * 32)
    else:
        lines = opened.splitlines(keepends=True)
        kept = {"no end": lines[:-1], "more after the end": [*lines, lines[1]], "no line": lines[:1] + lines[2:]}
        with path.open("wb") as target:
            seal_stream(iter(kept[damage]), target, [place.recovery.recipient])
    with pytest.raises(BackupError, match=r"damaged|does not open"):
        place.restore(path)
    assert everything(place.database) == before


def revision(place: Place) -> str:
    with place.database.read() as connection:
        return str(migrate.revision_of(connection))


def test_a_row_that_breaks_a_rule_undoes_the_whole_restore(place: Place) -> None:
    path, before = place.folder / "odd.age", everything(place.database)
    keys = key_folder.read(place.settings.key_folder)
    row = {**before["ticket"][0], "state": "lost"}
    rows = [("desk", before["desk"][0]), ("ticket", row)]
    write(path, place, backup_file.header_for(keys, TODAY, revision(place), 1), rows)
    Endings(place.settings.endings).add_missing(place.tickets.endings())
    with pytest.raises(Exception, match="This cannot be stored"):
        place.restore(path)
    write(path, place, backup_file.header_for(keys, TODAY, revision(place), 1), [("nothing", {"id": "a"})])
    with pytest.raises(Exception, match="does not fit its table"):
        place.restore(path)
    write(path, place, backup_file.header_for(keys, TODAY, "9999", 1), rows)
    with pytest.raises(StoreUnavailable, match="newer version"):
        place.restore(path)
    assert everything(place.database) == before


def test_a_backup_of_the_first_version_is_brought_up_to_this_one(place: Place) -> None:
    """Its rows have the tables and columns of then."""
    path, ticket = place.folder / "old.age", a_ticket()
    keys = key_folder.read(place.settings.key_folder)
    text = {name: base64.b64encode(os.urandom(32)).decode() for name in ("verify_key", "receipt_tag")}
    words = {name: getattr(ticket, name) for name in ("kind", "concern", "level", "platform_kind", "state")}
    body = base64.b64encode(ticket.sealed_body or b"").decode()
    rows = [
        ("desk", {"id": DESK.id, "sealed_secret": body, "recipient": RECIPIENT, "verify_key": text["verify_key"]}),
        (
            "ticket",
            {
                "id": ticket.id,
                "desk": DESK.id,
                **words,
                "day": "2026-11-01",
                "sealed_body": body,
                "receipt_tag": text["receipt_tag"],
                "question_recipient": RECIPIENT,
            },
        ),
    ]
    write(path, place, backup_file.header_for(keys, date(2026, 11, 1), "0001", 0), rows)
    Endings(place.settings.endings).add([])
    assert place.restore(path).made == "2026-11-01"
    place.database.check()
    [found] = everything(place.database)["ticket"]
    assert (found["id"], found["day"], found["sealed_body"]) == (ticket.id, "2026-11-01", body)


def test_a_restore_that_is_killed_changes_nothing(place: Place) -> None:
    path, before = place.back_up(), everything(place.database)
    for step in ("begin", "finish"):
        child = os.fork()
        if child == 0:
            original = getattr(dump.Loader, step)
            setattr(dump.Loader, step, lambda *given: (original(*given), die()))  # noqa: B023
            try:
                place.restore(path)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        place.database.check()
        assert everything(place.database) == before
    place.restore(path)
    assert everything(place.database) == before


def test_a_missing_backup_is_one_plain_sentence(place: Place) -> None:
    with pytest.raises(BackupError, match="There is no backup"):
        place.restore(place.folder / "nowhere.age")
