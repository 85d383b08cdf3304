"""The audit log in the console: who did what, and whether it is whole; for an auditor without a key to a ticket."""

import json
import re
import sqlite3
from html import unescape

from bot import PROJECT_ROOT
from bot.language.texts import load_english
from bot.privacy import delegates
from bot.privacy.pins import Pin
from bot.privacy.powers import Role
from bot.runtime import desk_session
from bot.store.records import ACTIONS
from tests.desk.site import NAME, PASSPHRASE, DeskSite
from tests.desk.staff import Staff, signed_in
from tests.reports.tickets import ticket

REASON = "the same van was seen in Lviv"


def rows(page: str) -> list[list[str]]:
    body = page.partition("<tbody>")[2]
    return [re.findall("<td[^>]*>(.*?)</td>", unescape(row)) for row in re.findall("<tr>(.*?)</tr>", body)]


def chosen(browser, token: str, **fields: str) -> list[list[str]]:  # type: ignore[no-untyped-def]
    assert browser.post("/audit", data={"csrf": token, **fields}).headers["location"] == "/audit"
    return rows(browser.get("/audit").text)


def test_an_auditor_sees_who_did_what_and_that_the_log_is_whole(changing: DeskSite, own_staff: Staff) -> None:
    id = changing.send(ticket())
    working, _ = signed_in(changing, own_staff, Role.HOTLINE)
    working.get(f"/tickets/{id}")
    browser, _ = signed_in(changing, own_staff, Role.AUDITOR)
    page = browser.get("/audit").text
    assert "Signed and whole" in page
    first, *others = (row[2:5] for row in rows(page))
    assert first == ["auditor", "read this log", ""]
    assert others[0] == ["hotline", "looked at a ticket", id[:8]]
    assert "Queue" not in page and browser.get(f"/tickets/{id}").status_code == 403


def test_filters_narrow_by_member_act_and_day(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.AUDITOR)
    everything = rows(browser.get("/audit").text)
    intake = own_staff.who[Role.INTAKE]["member"]
    theirs = chosen(browser, token, member=intake)
    assert theirs and {row[2] for row in theirs} == {NAME} and len(theirs) < len(everything)
    assert {row[3] for row in chosen(browser, token, action="admit")} == {"admitted a member"}
    today = everything[0][1][:10]
    assert len(chosen(browser, token, day=today, action="admit")) == 4
    assert (
        "No entry fits these filters."
        in browser.post("/audit", data={"csrf": token, "day": "2020-01-01"}, follow_redirects=True).text
    )
    for strange in ("2020-13-01", "20200101", "<b>"):
        assert "<b>" not in str(chosen(browser, token, day=strange, action=strange, member="<b>"))


def test_the_file_can_be_verified_without_this_program_s_database(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.AUDITOR)
    answer = browser.post("/audit/file", data={"csrf": token})
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-hotline-')
    found = json.loads(answer.text)
    assert found["whole"] and found["entries"][-1]["action"] == "audit_export"
    assert len(found["entries"][-1]["signature"]) == 2 * delegates.DELEGATED_BYTES
    pin = Pin("hotline", 1, "", found["verify_keys"]["1"])
    for entry in found["entries"]:
        said = [
            entry["desk"], entry["number"], entry["moment"], entry["member"], entry["action"], entry["subject"],
            entry["reason"] or "", entry["generation"], entry["before"],
        ]  # fmt: skip
        delegates.verify(pin, entry["member"], "audit", json.dumps(said).encode(), bytes.fromhex(entry["signature"]))


def test_a_reason_is_shown_to_who_opens_the_desk_and_sealed_for_the_auditor(
    changing: DeskSite, own_staff: Staff
) -> None:
    session = desk_session.log_in(changing.console.settings, "hotline", NAME, PASSPHRASE)
    session.note("others", "a" * 32, REASON)
    for role, shown in ((Role.AUDITOR, "a reason, sealed to the desk"), (Role.INTAKE, REASON)):
        browser, _ = signed_in(changing, own_staff, role)
        page = browser.get("/audit").text
        assert shown in page and (REASON in page) == (role is Role.INTAKE)


def test_a_log_whose_end_was_cut_is_told_in_words_and_stays_so(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.AUDITOR)
    browser.get("/audit")
    with sqlite3.connect(changing.console.settings.var / "oberih.db") as database:
        database.execute("DELETE FROM audit WHERE desk = 'hotline' AND number > 2")
    for _ in range(2):
        page = browser.get("/audit").text
        assert "This log is not the one that was written" in page and "Signed and whole" not in page
    assert not json.loads(browser.post("/audit/file", data={"csrf": token}).text)["whole"]


def test_an_act_that_somebody_put_into_the_database_is_found(changing: DeskSite, own_staff: Staff) -> None:
    browser, _ = signed_in(changing, own_staff, Role.AUDITOR)
    with sqlite3.connect(changing.console.settings.var / "oberih.db") as database:
        database.execute("UPDATE audit SET action = 'export' WHERE desk = 'hotline' AND number = 2")
    assert "Entry 2 is not signed by the desk as it stands" in browser.get("/audit").text


def test_every_act_has_words() -> None:
    words = load_english(PROJECT_ROOT / "data/texts/desk.yml")
    assert [action for action in ACTIONS if f"act_{action}" not in words] == []
