"""What was done at a desk stands in its log before it is shown, and whoever changes the log is found out."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from bot.runtime import key_folder, rotating
from bot.runtime.desk_session import DeskSession
from bot.runtime.key_folder import KeyFolderError
from bot.store.audit import Audit
from tests.desks import Site


def acts(session: DeskSession) -> list[str]:
    entries, wrong = session.log.examine(session.desk, key_folder.read(session.settings.key_folder).pins)
    assert wrong == ()
    return [entry.action for entry in entries]


def wrong(site: Site) -> str:
    session = site.at_work()
    return " ".join(session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)[1])


def change(site: Site, statement: str) -> None:
    with site.database.write() as connection:
        connection.execute(text(statement))


def test_a_log_goes_on_over_joining_and_new_keys(site: Site) -> None:
    site.joins("second")
    session = site.at_work()
    session.note("list")
    rotating.leave(session, "second")
    session.note("show", "aa11")
    assert acts(session) == ["found", "invite", "admit", "list", "leave", "sealed_anew", "show"]
    assert acts(site.at_work("hotline")) == ["found"]
    entry = Audit(site.database).last("ngo")
    assert entry and (entry.member, entry.subject, entry.generation) == (session.member.id, "aa11", 2)


def test_what_was_done_with_one_ticket_is_found_in_order(site: Site) -> None:
    session = site.at_work()
    for action, subject in (("show", "aa11"), ("list", ""), ("show", "aa112"), ("hold", "aa11")):
        session.note(action, subject)
    site.at_work("hotline").note("show", "aa11")
    assert [entry.action for entry in session.log.about("ngo", "aa11")] == ["show", "hold"]


def test_reasons_are_sealed_and_stay_readable_after_new_keys(site: Site) -> None:
    session = site.at_work()
    session.note("others", "aa11", "справа 12/26")
    rotating.rotate(session)
    entries, _ = session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)
    assert session.log.reasons(session.opened, entries) == {2: "справа 12/26"}
    change(site, "UPDATE audit SET sealed_reason = (SELECT sealed_shared_key FROM desk_secret WHERE desk = 'ngo')"
                 " WHERE reason IS NOT NULL")  # fmt: skip
    assert session.log.reasons(session.opened, entries) == {2: None}
    assert session.log.today("ngo", session.member.id, "others") == 1


@pytest.mark.parametrize(
    "statement, says",
    [
        ("DELETE FROM audit WHERE desk = 'ngo' AND number > 2", "its end was cut off"),
        ("DELETE FROM audit WHERE desk = 'ngo'", "its end was cut off"),
        ("DELETE FROM audit WHERE desk = 'ngo' AND number = 2", "Entries 2 to 2 are missing"),
        ("UPDATE audit SET member = 'someone' WHERE desk = 'ngo' AND number = 3", "Entry 3 is not signed"),
        ("UPDATE audit SET subject = 'another' WHERE desk = 'ngo' AND number = 4", "Entry 4 is not signed"),
        ("UPDATE audit SET desk = 'hotline', number = 9 WHERE desk = 'ngo' AND number = 4", "its end was cut off"),
    ],
)
def test_what_is_changed_in_the_database_is_found(site: Site, statement: str, says: str) -> None:
    session = site.at_work()
    for ticket in ("aa11", "bb22", "cc33"):
        session.note("show", ticket)
    change(site, statement)
    assert says in wrong(site)
    # Going on with the work does not heal it, and is not stopped by it.
    late = site.at_work()
    for _ in range(4):
        late.note("list")
    assert wrong(site)


def test_a_log_rebuilt_by_a_member_is_found(site: Site) -> None:
    session = site.at_work()
    session.note("show", "aa11")
    head = key_folder.read_head(site.settings.key_folder, "ngo")
    change(site, "DELETE FROM audit WHERE desk = 'ngo'")
    for _ in range(3):
        session.note("list")
    assert not session.log_is_whole and "was rebuilt" in wrong(site)
    assert key_folder.read_head(site.settings.key_folder, "ngo") == head


def test_what_is_older_than_the_site_says_goes_and_the_rest_holds(site: Site) -> None:
    session = site.at_work()
    for ticket in ("aa11", "bb22", "cc33"):
        session.note("show", ticket)
    pins, today = key_folder.read(site.settings.key_folder).pins, datetime.now(timezone.utc).date()
    session.log.expire("ngo", pins, today)
    assert acts(session) == ["found", "show", "show", "show"]
    session.log.expire("ngo", pins, today + timedelta(days=1))
    assert acts(session) == ["show"]
    session.note("list")
    assert acts(session) == ["show", "list"] and session.log_is_whole
    change(site, "DELETE FROM audit WHERE desk = 'ngo' AND number = 4")
    assert "Entries 4 to 4 are missing" in wrong(site)
    # Nothing more goes from a log that was tampered with.
    session.log.expire("ngo", pins, today + timedelta(days=1))
    assert "Entries 4 to 4 are missing" in wrong(site)


def test_a_damaged_record_outside_is_refused(site: Site) -> None:
    (site.settings.key_folder / "audit.json").write_text("{")
    with pytest.raises(KeyFolderError, match="is damaged: restore it"):
        site.at_work().note("list")


def test_two_sessions_write_one_after_the_other(site: Site) -> None:
    first, second = site.at_work(), site.at_work()
    for _ in range(3):
        first.note("list")
        second.note("list")
    assert acts(first) == ["found", *["list"] * 6]
