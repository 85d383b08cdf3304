"""A desk's sheets: sealed to it alone, changed by one at a time, gone with their ticket, and sealed anew with it."""

import threading
from datetime import datetime, timezone

import pytest
from sqlalchemy import select

from bot.privacy import roster
from bot.privacy.seal import Label, SealError, mark_of, open_field, seal_field
from bot.reports import desk_sheet, worksheet
from bot.reports.desk_sheet import View
from bot.reports.worksheet import Taken, WorkError, WorkNote, Worksheet
from bot.runtime import desk_session, handing_on, rotating
from bot.runtime.desk_session import DeskSession
from bot.runtime.desk_sheets import DeskSheets
from bot.store import tables
from bot.store.errors import StoreRefused
from bot.store.sheets import Sheets
from bot.store.types import AGE_HEADER
from tests.desks import PASSPHRASE, TODAY, Site

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
VIEW = View(id="v1", name="Berlin", choice={"state": "new", "urgent": True, "page": 0})


def tag(sheets: DeskSheets, ticket: str, word: str) -> bool:
    return sheets.change(ticket, lambda sheet: worksheet.with_tag(sheet, word))


def written(session: DeskSession, text: str) -> WorkNote:
    return WorkNote(id="n1", at=NOW, member=session.member.id, name=session.member.name, text=text)


def stored(site: Site) -> list[bytes]:
    with site.database.read() as connection:
        return list(connection.execute(select(tables.worksheet.c.sealed)).scalars())


def test_notes_tags_and_who_is_on_it_are_read_as_they_were_written(site: Site) -> None:
    ticket, session = site.report(), site.at_work()
    sheets, note = DeskSheets(session), written(session, "Говорила з консулом.\nЧекаємо.")
    taken = Taken(member=session.member.id, name="olha", at=NOW)
    assert sheets.on_ticket(ticket) == Worksheet()
    assert sheets.change(ticket, lambda sheet: worksheet.with_note(sheet, note))
    assert tag(sheets, ticket, "berlin") and not tag(sheets, ticket, "berlin")
    assert sheets.change(ticket, lambda sheet: worksheet.taken_by(sheet, taken))
    read = DeskSheets(site.at_work()).on_ticket(ticket)
    assert read == Worksheet(notes=(note,), tags=("berlin",), taken=taken)


def test_equal_tags_cannot_be_linked_and_nothing_written_lies_open(site: Site) -> None:
    sheets = DeskSheets(site.at_work())
    for _ in range(2):
        tag(sheets, site.report(), "the-ring-of-viktor")
    first, second = stored(site)
    assert first[22:] != second[22:]
    assert b"viktor" not in first + second


def test_other_desks_open_none_of_it_and_cannot_put_it_on_another_ticket(site: Site) -> None:
    ticket, other = site.report(), site.report()
    sheets = DeskSheets(site.at_work())
    tag(sheets, ticket, "berlin")
    [sealed] = stored(site)
    with pytest.raises(SealError):
        open_field(Label(ticket, "worksheet", 1), sealed, site.at_work("hotline").opened.keys.identity)
    with site.database.write() as connection:
        connection.execute(
            tables.worksheet.insert(), [{"ticket": other, "desk": "ngo", "generation": 1, "sealed": sealed}]
        )
    with pytest.raises(WorkError, match="damaged"):
        sheets.on_ticket(other)
    with pytest.raises(WorkError, match="gone"):
        tag(DeskSheets(site.at_work("hotline")), site.report(), "theirs")


def test_of_two_who_change_a_sheet_at_once_neither_loses_anything(site: Site) -> None:
    ticket, session = site.report(), site.at_work()
    words = [f"tag {number}" for number in range(6)]
    threads = [threading.Thread(target=tag, args=(DeskSheets(session), ticket, word)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DeskSheets(session).on_ticket(ticket).tags == tuple(words)


def test_one_ticket_is_taken_by_one_person_until_they_let_go_or_another_takes_it_over(site: Site) -> None:
    ticket, sheets = site.report(), DeskSheets(site.at_work())
    olha, petro = (Taken(member=name, name=name, at=NOW) for name in ("olha", "petro"))
    assert sheets.change(ticket, lambda sheet: worksheet.taken_by(sheet, olha))
    with pytest.raises(WorkError, match="taken"):
        sheets.change(ticket, lambda sheet: worksheet.taken_by(sheet, petro))
    assert not sheets.change(ticket, lambda sheet: worksheet.let_go(sheet, "petro"))
    assert sheets.change(ticket, lambda sheet: worksheet.taken_by(sheet, petro, over=True))
    assert sheets.change(ticket, lambda sheet: worksheet.let_go(sheet, "petro"))
    assert sheets.on_ticket(ticket).taken is None


def test_a_sheet_goes_with_its_ticket_whether_withdrawn_or_handed_on(site: Site) -> None:
    withdrawn, handed_on = site.report(), site.report(recipients=("ngo", "hotline"))
    session = site.at_work()
    for ticket in (withdrawn, handed_on):
        tag(DeskSheets(session), ticket, "ours alone")
    site.tickets.withdraw(withdrawn, TODAY)
    assert len(stored(site)) == 1
    handing_on.hand_on(session, handed_on, "hotline")
    assert stored(site) == [] and DeskSheets(site.at_work("hotline")).on_ticket(handed_on) == Worksheet()
    with pytest.raises(WorkError, match="gone"):
        tag(DeskSheets(session), withdrawn, "late")


def test_new_keys_open_every_sheet_and_the_earlier_ones_none(site: Site) -> None:
    site.joins("leaver")
    tickets, sheets = [site.report() for _ in range(3)], DeskSheets(site.at_work())
    for ticket in tickets:
        tag(sheets, ticket, "berlin")
    sheets.change_of_desk(lambda sheet: desk_sheet.with_view(sheet, VIEW, "m1"))
    leaver = desk_session.log_in(site.settings, "ngo", "leaver", PASSPHRASE)
    rotating.leave(site.at_work(), "leaver")
    now = DeskSheets(site.at_work())
    assert [now.on_ticket(ticket).tags for ticket in tickets] == [("berlin",)] * 3
    assert now.of_desk().views == (VIEW,)
    for reads in (lambda: DeskSheets(leaver).on_ticket(tickets[0]), DeskSheets(leaver).of_desk):
        with pytest.raises(WorkError, match="damaged"):
            reads()
    with pytest.raises(WorkError, match="gone"):
        tag(DeskSheets(leaver), site.report(), "late")
    rotating.rotate(site.at_work())
    assert DeskSheets(site.at_work()).on_ticket(tickets[0]).tags == ("berlin",)


def test_no_key_goes_while_a_sheet_is_sealed_to_it(site: Site) -> None:
    ticket, sheets = site.report(), DeskSheets(site.at_work())
    tag(sheets, ticket, "berlin")
    with pytest.raises(StoreRefused), site.database.write() as connection:
        connection.execute(tables.desk_secret.delete().where(tables.desk_secret.c.desk == "ngo"))
    record = Sheets(site.database).on_ticket(ticket)
    assert record is not None and not Sheets(site.database).put_on_ticket(record, AGE_HEADER)


def test_a_damaged_sheet_stays_as_it_is_and_does_not_hold_up_new_keys(site: Site) -> None:
    ticket, sheets = site.report(), DeskSheets(site.at_work())
    tag(sheets, ticket, "berlin")
    with site.database.write() as connection:
        damaged = stored(site)[0][:-1] + b"\0"
        connection.execute(tables.worksheet.update().values(sealed=damaged))
    rotating.rotate(site.at_work())
    assert stored(site) == [damaged]
    assert site.at_work().row().sealed_earlier is None


def test_what_somebody_else_sealed_to_the_desk_is_no_sheet_of_its_own(site: Site) -> None:
    ticket, session = site.report(), site.at_work()
    content = worksheet.to_bytes(worksheet.with_note(Worksheet(), written(session, "let them go")))
    for signature in (b"", bytes(64), roster.found_desk("ngo").sign("sheet", content)):
        sealed = seal_field(Label(ticket, "worksheet", 1), signature + content, [session.pin.recipient])
        with site.database.write() as connection:
            connection.execute(tables.worksheet.delete())
            row = {"ticket": ticket, "desk": "ngo", "generation": 1, "sealed": sealed}
            connection.execute(tables.worksheet.insert(), [row])
        with pytest.raises(WorkError, match="damaged"):
            DeskSheets(site.at_work()).on_ticket(ticket)
    rotating.rotate(site.at_work())
    assert stored(site) == [sealed]
    with pytest.raises(WorkError, match="damaged"):
        DeskSheets(site.at_work()).on_ticket(ticket)


def test_who_was_at_the_desk_before_its_keys_changed_can_sign_no_sheet_now(site: Site) -> None:
    ticket, before = site.report(), site.at_work()
    tag(DeskSheets(before), ticket, "berlin")
    rotating.rotate(site.at_work())
    now = site.at_work()
    with site.database.write() as connection:
        label = Label(ticket, "worksheet", 1)
        content = worksheet.to_bytes(Worksheet(tags=("moved",)))
        signed = before.opened.sign("sheet", mark_of(label) + b"\0" + content)
        sealed = seal_field(label, signed + content, [now.pin.recipient])
        connection.execute(tables.worksheet.update().values(sealed=sealed))
    with pytest.raises(WorkError, match="damaged"):
        DeskSheets(now).on_ticket(ticket)
