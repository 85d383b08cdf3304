"""Writing a desk's audit log, and finding out whether it still is what was written."""

from datetime import date, datetime, timezone
from pathlib import Path
from typing import Optional

from bot.privacy import audit_chain
from bot.privacy.audit_chain import Entry
from bot.privacy.delegates import Writer
from bot.privacy.pins import Pins
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import Label, SealError, open_field, seal_field
from bot.runtime import key_folder
from bot.store.audit import Audit
from bot.store.database import Database

BROKEN = "The audit log in the database is not the one that was written: run `oberih desk audit`."


class AuditLog:
    """The audit logs of a site; how far each goes is kept in the key folder too."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._store = Audit(database)

    def append(self, desk: Writer, member: str, action: str, subject: str = "", reason: str = "") -> bool:
        """Write an entry, signed. It stands before whatever it tells of is shown or done.

        Return False where the log in the database does not go on from the record in the key folder: that record
        then stays as it is, so that the break can be found.

        Raises:
            StoreUnavailable: it was not written.
            KeyFolderError: the record in the key folder is damaged.
        """
        salted = audit_chain.salted(reason) if reason else b""
        with key_folder.locked(self._folder, "audit"):
            outside = key_folder.read_head(self._folder, desk.pin.desk)
            same = self._store.entry(desk.pin.desk, outside.number) if outside else None
            whole = audit_chain.continues(same, outside)
            last = audit_chain.head_of(self._store.last(desk.pin.desk))
            now = datetime.now(timezone.utc)
            entry = audit_chain.next_entry(last, desk, now, member, action, subject, salted)
            sealed = seal_field(_label(entry), salted, [desk.pin.recipient]) if reason else None
            self._store.append(entry, sealed)
            if whole:
                key_folder.write_head(self._folder, desk.pin.desk, audit_chain.head_of(entry))
        return whole

    def examine(self, desk: str, pins: Pins) -> tuple[list[Entry], tuple[str, ...]]:
        """Return a desk's entries and, one sentence each, what is wrong with them."""
        entries = self._store.of_desk(desk)
        verify_keys = {signed.pin.generation: signed.pin.verify_key for signed in pins.chains.get(desk, ())}
        outside = key_folder.read_head(self._folder, desk)
        start = key_folder.read_start(self._folder, desk)
        return entries, audit_chain.examine(entries, verify_keys, outside, start)

    def entries(self, desk: str) -> list[Entry]:
        """Return a desk's entries as they stand, unexamined."""
        return self._store.of_desk(desk)

    def expire(self, desk: str, pins: Pins, day: date) -> None:
        """Remove what a desk's log says of the time before a day (UTC); the newest entry always stays.

        Nothing goes from a log in which anything is wrong: it may show what happened.
        """
        newest, outside = self._store.before(desk, day), key_folder.read_head(self._folder, desk)
        if newest is None or outside is None or self.examine(desk, pins)[1]:
            return
        last = newest if newest.number < outside.number else self._store.entry(desk, outside.number - 1)
        if last is None:
            return
        with key_folder.locked(self._folder, "audit"):
            # First where the log begins: if the removal fails, the entries before there are passed over.
            key_folder.write_start(self._folder, desk, audit_chain.head_of(last))
            self._store.remove(desk, last.number)

    def today(self, desk: str, member: str, action: str) -> int:
        """Return how often a member did something today (UTC)."""
        return self._store.count(desk, member, action, datetime.now(timezone.utc).date())

    def about(self, desk: str, subject: str) -> list[Entry]:
        """Return what a desk's log says of one ticket, as the database has it: only `examine` tells if it is whole."""
        return self._store.about(desk, subject)

    def reasons(self, desk: OpenDesk, entries: list[Entry]) -> dict[int, Optional[str]]:
        """Return the reasons that were given, by the number of their entry; None where one is not what was given."""
        sealed = self._store.reasons(desk.pin.desk)
        return {entry.number: _reason(entry, sealed.get(entry.number), desk) for entry in entries if entry.reason}

    def seal_anew(self, desk: OpenDesk, earlier: OpenDesk) -> None:
        """Seal the reasons to the desk's present key; those that are so already, or open with no key, stay."""
        entries = {entry.number: entry for entry in self._store.of_desk(desk.pin.desk)}
        sealed_anew = {}
        for number, sealed in self._store.reasons(desk.pin.desk).items():
            try:
                content = open_field(_label(entries[number]), sealed, earlier.keys.identity)
            except SealError:
                continue
            sealed_anew[number] = seal_field(_label(entries[number]), content, [desk.keys.recipient])
        self._store.replace_reasons(desk.pin.desk, sealed_anew)


def _reason(entry: Entry, sealed: Optional[bytes], desk: OpenDesk) -> Optional[str]:
    try:
        content = open_field(_label(entry), sealed or b"", desk.keys.identity)
    except SealError:
        return None
    return audit_chain.unsalted(content) if audit_chain.reason_hash(content) == entry.reason else None


def _label(entry: Entry) -> Label:
    return Label(entry.desk, "audit reason", entry.number)
