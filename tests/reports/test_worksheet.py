"""What a desk may write on a worksheet and on its own sheet."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import desk_sheet, worksheet
from bot.reports.desk_sheet import DeskSheet, View
from bot.reports.visible import unmasked
from bot.reports.worksheet import WorkError, WorkNote, Worksheet

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)


def note(text: str = "words", member: str = "m1", id: str = "n1") -> WorkNote:
    return WorkNote(id=id, at=NOW, member=member, name="olha", text=text)


def view(name: str, owner: str | None = "m1") -> View:
    return View(id=f"id of {name} {owner}", name=name, owner=owner, choice={"query": name, "urgent": False, "page": 0})


def test_only_whoever_wrote_a_note_edits_it() -> None:
    sheet = Worksheet(notes=(note(), note(id="n2", member="m2")))
    changed = worksheet.with_note_edited(sheet, "n1", "m1", "other words", NOW)
    assert [each.text for each in changed.notes] == ["other words", "words"] and changed.notes[0].edited == NOW
    for id, member in (("n2", "m1"), ("n3", "m1")):
        with pytest.raises(WorkError, match="note_not_yours"):
            worksheet.with_note_edited(sheet, id, member, "other words", NOW)


@pytest.mark.parametrize("typed, reason", [("", "note_empty"), (" \r\n ", "note_empty"), ("x" * 2001, "note_long")])
def test_a_note_has_words_and_not_too_many(typed: str, reason: str) -> None:
    with pytest.raises(WorkError, match=reason):
        worksheet.note_text(typed)
    assert worksheet.note_text(" one\r\ntwo ") == "one\ntwo"


@pytest.mark.parametrize("typed", ["Berlin  West", " BERLIN west ", "ｂｅｒｌｉｎ west"])
def test_one_tag_however_it_is_typed(typed: str) -> None:
    assert worksheet.tag_of(typed) == "berlin west"


@pytest.mark.parametrize("typed", ["", "  ", "x" * 31, "\u202e" * 9])
def test_what_is_no_tag(typed: str) -> None:
    with pytest.raises(WorkError, match="tag_unfit"):
        worksheet.tag_of(typed)


@given(st.text(max_size=40))
def test_tags_are_one_plainly_visible_line(typed: str) -> None:
    try:
        tag = worksheet.tag_of(typed)
    except WorkError:
        return
    assert unmasked(tag) == tag == " ".join(tag.split()) and 0 < len(tag) <= worksheet.LONGEST_TAG


def test_there_is_room_for_so_many_and_no_more() -> None:
    full = Worksheet(tags=tuple(map(str, range(worksheet.MOST_TAGS))), notes=(note(),) * worksheet.MOST_NOTES)
    with pytest.raises(WorkError, match="tags_full"):
        worksheet.with_tag(full, "one more")
    with pytest.raises(WorkError, match="notes_full"):
        worksheet.with_note(full, note())
    views = DeskSheet(views=tuple(view(str(number)) for number in range(desk_sheet.MOST_VIEWS)))
    with pytest.raises(WorkError, match="views_full"):
        desk_sheet.with_view(views, view("one more"), "m1")
    assert desk_sheet.with_view(views, view("theirs", "m2"), "m2")


def test_a_member_sees_and_removes_their_own_views_and_the_desk_s() -> None:
    sheet = DeskSheet(views=(view("mine"), view("desk", None), view("theirs", "m2")))
    assert [each.name for each in desk_sheet.views_of(sheet, "m1")] == ["mine", "desk"]
    for each in sheet.views:
        sheet = desk_sheet.without_view(sheet, each.id, "m1")
    assert [each.name for each in sheet.views] == ["theirs"]


def test_a_view_saved_again_takes_its_own_place() -> None:
    sheet = DeskSheet(views=(view("mine"),))
    again = view("mine").copy(update={"id": "new", "choice": {"query": "other"}})
    assert desk_sheet.with_view(sheet, again, "m1").views == (again,)


def test_sheets_are_read_as_they_were_written_and_nothing_else_is() -> None:
    sheet, own = Worksheet(notes=(note(),), tags=("a",)), DeskSheet(views=(view("mine"),), tags=("a",))
    assert worksheet.from_bytes(worksheet.to_bytes(sheet)) == sheet
    assert desk_sheet.from_bytes(desk_sheet.to_bytes(own)) == own
    for content in (b"", b"{", b'{"secret": 1}', b"\xff"):
        for read in (worksheet.from_bytes, desk_sheet.from_bytes):
            with pytest.raises(WorkError, match="damaged") as refused:
                read(content)
            assert "secret" not in str(refused.value)
