"""The sheets of a desk at work: opened, changed and sealed again in a member's session.

Everybody can seal to a desk, so inside the seal stands the desk's signature before the content: a sheet that somebody
else made does not count, nor one under the keys before, which is signed anew when the desk changes them.
"""

from collections.abc import Callable
from typing import Optional

from bot.privacy import signing
from bot.privacy.roster import OpenDesk
from bot.privacy.seal import Label, SealError, mark_of, open_field, seal_field
from bot.privacy.signing import SignatureError
from bot.reports import desk_sheet, worksheet
from bot.reports.desk_sheet import DeskSheet
from bot.reports.worksheet import WorkError, Worksheet
from bot.runtime.desk_session import DeskSession
from bot.store.errors import StoreRefused
from bot.store.records import SheetRecord
from bot.store.sheets import Sheets

_VERSION = 1
_PURPOSE = "sheet"
_SIGNATURE_BYTES = 64
_TRIES = 20
"""How often a change is made again because someone else changed the sheet meanwhile."""


class DeskSheets:
    """What one desk keeps for itself, under its present keys."""

    def __init__(self, session: DeskSession) -> None:
        self._desk = session.desk
        self._opened = session.opened
        self._store = Sheets(session.database)

    def on_ticket(self, ticket: str) -> Worksheet:
        """Return the worksheet on a ticket of this desk; an empty one where there is none.

        Raises:
            WorkError: `damaged`: it does not open, or the desk did not write it.
        """
        return self.read(self._store.on_ticket(ticket))

    def read(self, record: Optional[SheetRecord]) -> Worksheet:
        """Return a worksheet as it was stored; errors as `on_ticket`."""
        if record is None:
            return worksheet.EMPTY
        return worksheet.from_bytes(self._open(_on_ticket(record.of), record))

    def of_desk(self) -> DeskSheet:
        """Return the desk's own sheet.

        Raises:
            WorkError: `damaged`: it does not open, or the desk did not write it.
        """
        return self._of_desk(self._store.of_desk(self._desk))

    def change(self, ticket: str, change: Callable[[Worksheet], Worksheet]) -> bool:
        """Change the worksheet on a ticket; return whether that made a difference.

        Raises:
            WorkError: `gone`: the ticket is this desk's no longer; `busy`: others change it all the time; `damaged`;
                or what `change` raises, which may be called several times.
        """
        for _ in range(_TRIES):
            record = self._store.on_ticket(ticket)
            before = self.read(record)
            after = change(before)
            if after == before:
                return False
            label, content = _on_ticket(ticket), worksheet.to_bytes(after)
            if self._put(self._store.put_on_ticket, label, content, record):
                return True
            if self._store.on_ticket(ticket) == record:
                raise WorkError("gone")
        raise WorkError("busy")

    def change_of_desk(self, change: Callable[[DeskSheet], DeskSheet]) -> bool:
        """Change the desk's own sheet; return whether that made a difference. Errors as `change`."""
        for _ in range(_TRIES):
            record = self._store.of_desk(self._desk)
            before = self._of_desk(record)
            after = change(before)
            if after == before:
                return False
            if self._put(self._store.put_of_desk, _of_desk(self._desk), desk_sheet.to_bytes(after), record):
                return True
        raise WorkError("busy")

    def seal_anew(self, earlier: OpenDesk) -> None:
        """Seal and sign under the present keys what is so under those before; anything else stays as it is."""
        generation = self._opened.pin.generation
        on_tickets, own = self._store.behind(self._desk, generation)
        if own is not None:
            self._store.put_of_desk(self._anew(_of_desk(own.of), own, earlier), own.sealed)
        # What others change or erase meanwhile is left to them, or to the next session.
        while sum(
            self._store.put_on_ticket(self._anew(_on_ticket(record.of), record, earlier), record.sealed)
            for record in on_tickets
        ):
            on_tickets, _ = self._store.behind(self._desk, generation)

    def _of_desk(self, record: Optional[SheetRecord]) -> DeskSheet:
        if record is None:
            return desk_sheet.EMPTY
        return desk_sheet.from_bytes(self._open(_of_desk(record.of), record))

    def _open(self, label: Label, record: SheetRecord) -> bytes:
        try:
            return _opened(label, record.sealed, self._opened)
        except (SealError, SignatureError):
            raise WorkError("damaged") from None

    def _put(
        self,
        put: Callable[[SheetRecord, Optional[bytes]], bool],
        label: Label,
        content: bytes,
        before: Optional[SheetRecord],
    ) -> bool:
        record = self._record(label, _sealed(label, content, self._opened))
        try:
            return put(record, before.sealed if before else None)
        except StoreRefused:
            # The desk's keys were changed meanwhile: this session ends with its next request.
            raise WorkError("gone") from None

    def _anew(self, label: Label, record: SheetRecord, earlier: OpenDesk) -> SheetRecord:
        try:
            sealed = _sealed(label, _opened(label, record.sealed, earlier), self._opened)
        except (SealError, SignatureError):
            sealed = record.sealed
        return self._record(label, sealed)

    def _record(self, label: Label, sealed: bytes) -> SheetRecord:
        return SheetRecord(label.ticket, self._desk, self._opened.pin.generation, sealed)


def _sealed(label: Label, content: bytes, desk: OpenDesk) -> bytes:
    return seal_field(label, desk.sign(_PURPOSE, _signed(label, content)) + content, [desk.keys.recipient])


def _opened(label: Label, sealed: bytes, desk: OpenDesk) -> bytes:
    opened = open_field(label, sealed, desk.keys.identity)
    signature, content = opened[:_SIGNATURE_BYTES], opened[_SIGNATURE_BYTES:]
    signing.verify(desk.keys.verify_key, _PURPOSE, _signed(label, content), signature)
    return content


def _signed(label: Label, content: bytes) -> bytes:
    return mark_of(label) + b"\0" + content


def _on_ticket(ticket: str) -> Label:
    return Label(ticket, "worksheet", _VERSION)


def _of_desk(desk: str) -> Label:
    return Label(desk, "desk sheet", _VERSION)
