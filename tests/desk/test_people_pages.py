"""Inviting, coming in and being admitted in the console; taking out; lost codes; one's own keys."""

import re
import time
from datetime import datetime, timezone
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.desk import people_pages, second_factor
from bot.privacy.powers import Role
from bot.runtime import desk_session, key_folder
from bot.runtime.audit_log import AuditLog
from bot.store import tables
from bot.store.database import Database
from bot.store.desks import Desks
from bot.store.invitations import Invitations
from bot.store.second_factors import SecondFactors
from bot.store.watch import Watches
from tests.desk.site import NAME, PASSPHRASE, DeskSite, code_of, csrf, log_in, secret_on
from tests.desk.staff import STAFF, Staff, signed_in
from tests.reports.tickets import ticket

NEW = "nine paper boats going south"


def done(site: DeskSite) -> list[str]:
    settings = site.console.settings
    log = AuditLog(settings.key_folder, Database(settings.database_url))
    entries, wrong = log.examine("hotline", key_folder.read(settings.key_folder).pins)
    assert not wrong
    return [entry.action for entry in entries]


def members(site: DeskSite) -> dict[str, str]:
    return {member.name: member.id for member in Desks(site.console.doors.database).members("hotline")}


def invited(site: DeskSite, staff: Staff, by: Role, role: str = "hotline") -> str:
    browser, token = signed_in(site, staff, by)
    page = browser.post("/people/invite", data={"csrf": token, "role": role})
    assert page.status_code == 200
    return re.search('id="invitation">([^<]+)<', page.text).group(1)  # type: ignore[union-attr]


def asks(site: DeskSite, code: str, name: str = "oksana", **changed: str):  # type: ignore[no-untyped-def]
    browser = site.browser()
    fields = {"invitation": code, "name": name, "passphrase": NEW, "again": NEW, **changed}
    return browser, browser.post("/join", data=fields)


def comes_in(site: DeskSite, code: str, name: str = "oksana") -> tuple[bytes, list[str], str]:
    """Come to the desk as far as the number to tell; return the phone's secret, the recovery codes, and the number."""
    browser, sent = asks(site, code, name)
    assert sent.headers["location"] == "/join/codes"
    page = browser.get("/join/codes").text
    secret = secret_on(page)
    end = browser.post("/join/codes", data={"csrf": csrf(page), "code": code_of(secret)})
    assert end.status_code == 200
    return secret, re.findall("<li><code>([^<]+)</code>", end.text), number_on(end.text)


def number_on(page: str) -> str:
    return re.search('id="number">([^<]+)<', page).group(1)  # type: ignore[union-attr]


def waiting(site: DeskSite) -> str:
    [record] = Invitations(site.console.doors.database).of_desk("hotline", datetime.now(timezone.utc))
    return record.id


def people(browser: TestClient) -> str:
    return unescape(browser.get("/people").text)


def test_an_administrator_invites_a_member_admits_and_the_newcomer_logs_in_with_their_phone(
    changing: DeskSite, own_staff: Staff
) -> None:
    secret, recovery, number = comes_in(changing, invited(changing, own_staff, Role.ADMIN))
    assert len(recovery) == second_factor.RECOVERY_CODES
    assert log_in(changing.browser(), name="oksana", passphrase=NEW).status_code == 403
    browser, token = signed_in(changing, own_staff, Role.INVESTIGATOR)
    assert "oksana" in people(browser) and number not in people(browser)
    wrong = browser.post(f"/people/{waiting(changing)}/admit", data={"csrf": token, "number": "0000 0000"})
    assert wrong.headers["location"] == "/people" and "another number" in people(browser)
    assert "oksana" not in members(changing)
    browser.post(f"/people/{waiting(changing)}/admit", data={"csrf": token, "number": number})
    assert "Admitted." in people(browser) and "oksana" in members(changing)
    newcomer = changing.browser()
    assert log_in(newcomer, name="oksana", passphrase=NEW).status_code == 403
    assert log_in(newcomer, name="oksana", passphrase=NEW, code=code_of(secret, time.time() + 30)).status_code == 303
    assert newcomer.get("/").status_code == 200
    assert log_in(changing.browser(), name="oksana", passphrase=NEW, code=recovery[0]).status_code == 303
    assert done(changing)[-5:] == ["invite", "admit", "log_in", "list", "log_in"]


def test_one_time_codes_can_wait_for_the_first_login(changing: DeskSite, own_staff: Staff) -> None:
    browser, _ = asks(changing, invited(changing, own_staff, Role.INTAKE, "auditor"))
    page = browser.get("/join/codes").text
    number = number_on(browser.post("/join/later", data={"csrf": csrf(page)}).text)
    assert browser.get("/join/codes").headers["location"] == "/join"
    admitting, token = signed_in(changing, own_staff, Role.HOTLINE)
    admitting.post(f"/people/{waiting(changing)}/admit", data={"csrf": token, "number": number.replace(" ", "")})
    newcomer = changing.browser()
    assert log_in(newcomer, name="oksana", passphrase=NEW).status_code == 303
    assert newcomer.get("/").headers["location"] == "/audit"
    assert newcomer.get("/audit").headers["location"] == "/second-factor"


def test_what_is_wrong_with_a_request_is_told_and_does_not_use_the_code_up(
    changing: DeskSite, own_staff: Staff
) -> None:
    code = invited(changing, own_staff, Role.INTAKE)
    for changed, says in (
        ({"again": "another"}, "not the same"),
        ({"passphrase": "short", "again": "short"}, "too easy to guess"),
        ({"name": "<b>"}, "cannot be used"),
        ({"name": NAME}, "goes by that name already"),
        ({"invitation": code[:-1]}, "not an invitation code"),
    ):
        _, refused = asks(changing, **{"code": code, **changed})  # type: ignore[arg-type]
        assert refused.status_code == 400 and says in refused.text, says
        assert changed.get("name", "-----") not in refused.text and "set-cookie" not in refused.headers
    assert asks(changing, code)[1].status_code == 303
    assert "was used" in asks(changing, code)[1].text


def test_a_wrong_first_code_sets_nothing_up(changing: DeskSite, own_staff: Staff) -> None:
    browser, _ = asks(changing, invited(changing, own_staff, Role.INTAKE))
    page = browser.get("/join/codes").text
    assert "<svg" in page and "QR code" in page
    refused = browser.post("/join/codes", data={"csrf": csrf(page), "code": "123"})
    assert refused.status_code == 403 and "not the code" in refused.text
    assert secret_on(refused.text) == secret_on(page)
    assert browser.post("/join/codes", data={"code": code_of(secret_on(page))}).status_code == 403


def test_what_was_begun_at_the_join_page_opens_no_desk(changing: DeskSite, own_staff: Staff) -> None:
    browser, _ = asks(changing, invited(changing, own_staff, Role.INTAKE))
    for path in ("/", "/people", "/second-factor", "/locked", "/me", "/audit"):
        assert browser.get(path).headers["location"] == "/login"


def test_a_withdrawn_invitation_is_gone(changing: DeskSite, own_staff: Staff) -> None:
    code = invited(changing, own_staff, Role.ADMIN)
    browser, token = signed_in(changing, own_staff, Role.ADMIN)
    id = waiting(changing)
    assert "Not used yet" in people(browser)
    browser.post(f"/people/{id}/withdraw", data={"csrf": token})
    assert "The invitation is withdrawn." in people(browser)
    assert "was used" in asks(changing, code)[1].text
    browser.post(f"/people/{id}/withdraw", data={"csrf": token})
    assert "Nothing was changed" in people(browser)


def test_who_is_taken_out_is_out_at_once_and_the_tickets_are_sealed_anew(changing: DeskSite, own_staff: Staff) -> None:
    sent = [changing.send(ticket()) for _ in range(3)]
    leaver, _ = signed_in(changing, own_staff, Role.INVESTIGATOR)
    browser, token = signed_in(changing, own_staff, Role.INTAKE)
    assert leaver.get("/").status_code == 200
    browser.post(f"/people/members/{members(changing)['investigator']}/leave", data={"csrf": token})
    page = people(browser)
    assert "Taken out." in page and "investigator" not in members(changing)
    assert leaver.get("/").headers["location"] == "/login"
    assert log_in(changing.browser(), name="investigator", passphrase=STAFF).status_code == 403
    assert {changing.tickets().get(id).generation for id in sent} == {2}
    # Whoever did it goes on working; the others log in anew.
    assert browser.get("/").status_code == 200 and browser.get(f"/tickets/{sent[0]}").status_code == 200
    auditor = changing.browser()
    assert log_in(auditor, name="auditor", passphrase=STAFF).status_code == 303
    assert "sealed_anew" in done(changing)


def test_how_many_tickets_are_still_to_be_sealed_is_shown_until_none_is(
    changing: DeskSite, own_staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        changing.send(ticket())
    browser, token = signed_in(changing, own_staff, Role.INTAKE)
    monkeypatch.setattr(people_pages, "_finish", lambda session: None)
    browser.post(f"/people/members/{members(changing)['auditor']}/leave", data={"csrf": token})
    assert "still to be sealed to the new keys: 2 of 2." in people(browser)
    assert 'hx-get="/people/sealing"' in browser.get("/people/sealing").text
    # The next look at the queue, here or by anybody who logs in, goes on with it.
    assert browser.get("/").status_code == 200
    assert "still to be sealed" not in people(browser)
    assert "hx-get" not in browser.get("/people/sealing").text and "auditor" not in members(changing)


def test_nobody_takes_themselves_or_a_stranger_out(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.INTAKE)
    for id in (members(changing)[NAME], "f" * 32):
        browser.post(f"/people/members/{id}/leave", data={"csrf": token})
        assert "Nothing was changed" in people(browser)
        browser.post(f"/people/members/{id}/reset", data={"csrf": token})
        assert "Nothing was changed" in people(browser)


def test_a_lost_second_factor_is_taken_away_by_another_member(changing: DeskSite, own_staff: Staff) -> None:
    factors = SecondFactors(changing.console.doors.database)
    lost = changing.browser()
    log_in(lost, name="hotline", passphrase=STAFF)
    page = lost.get("/second-factor").text
    lost.post("/second-factor", data={"csrf": csrf(page), "code": code_of(secret_on(page))})
    assert log_in(changing.browser(), name="hotline", passphrase=STAFF).status_code == 403
    browser, token = signed_in(changing, own_staff, Role.ADMIN)
    browser.post(f"/people/members/{members(changing)['hotline']}/reset", data={"csrf": token})
    assert "Their one-time codes are taken away." in people(browser)
    assert factors.get(members(changing)["hotline"]) is None and done(changing)[-1] == "reset_factor"
    again = changing.browser()
    assert log_in(again, name="hotline", passphrase=STAFF).status_code == 303
    assert again.get("/").headers["location"] == "/second-factor"


def test_a_member_changes_their_passphrase(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.AUDITOR)

    def sends(**fields: str):  # type: ignore[no-untyped-def]
        return browser.post(
            "/me/passphrase", data={"csrf": token, "passphrase": STAFF, "new": NEW, "again": NEW, **fields}
        )

    assert "not the same" in sends(again="other").text
    assert "too easy to guess" in sends(new="short", again="short").text
    assert sends(passphrase="not mine at all").status_code == 403
    assert log_in(changing.browser(), name="auditor", passphrase=NEW).status_code == 403
    assert "the new passphrase opens the desk" in sends().text
    assert log_in(changing.browser(), name="auditor", passphrase=STAFF).status_code == 403
    assert log_in(changing.browser(), name="auditor", passphrase=NEW).status_code == 303
    assert done(changing)[-2:] == ["passphrase", "log_in"]


def test_new_recovery_codes_take_the_place_of_the_old(changing: DeskSite, own_staff: Staff) -> None:
    browser, token = signed_in(changing, own_staff, Role.INVESTIGATOR)
    none = browser.post("/me/codes", data={"csrf": token, "passphrase": STAFF})
    assert none.status_code == 403 and "no one-time codes are set up" in none.text
    enrolled = changing.browser()
    log_in(enrolled, name="investigator", passphrase=STAFF)
    page = enrolled.get("/second-factor").text
    first = enrolled.post("/second-factor", data={"csrf": csrf(page), "code": code_of(secret_on(page))}).text
    [old, *_] = re.findall("<li><code>([^<]+)</code>", first)
    assert browser.post("/me/codes", data={"csrf": token, "passphrase": PASSPHRASE}).status_code == 403
    made = browser.post("/me/codes", data={"csrf": token, "passphrase": STAFF})
    [new, *_] = re.findall("<li><code>([^<]+)</code>", made.text)
    assert log_in(changing.browser(), name="investigator", passphrase=STAFF, code=old).status_code == 403
    assert log_in(changing.browser(), name="investigator", passphrase=STAFF, code=new).status_code == 303


def test_a_suggested_passphrase_has_six_words_and_is_another_each_time(changing: DeskSite) -> None:
    seen = {re.search('class="suggestion">([^<]+)<', changing.browser().get("/join").text).group(1) for _ in range(3)}  # type: ignore[union-attr]
    assert len(seen) == 3 and all(len(words.split()) == 6 for words in seen)


def test_who_reads_no_ticket_keeps_no_desk_awake_by_logging_in(changing: DeskSite) -> None:
    database = changing.console.doors.database
    with database.write() as connection:
        connection.execute(tables.watch.delete())
    log_in(changing.browser(), name="admin", passphrase=STAFF)
    assert Watches(database).of("hotline").last_login is None
    log_in(changing.browser(), name="investigator", passphrase=STAFF)
    assert Watches(database).of("hotline").last_login is not None


def test_an_auditors_session_holds_no_key_of_the_desk(changing: DeskSite, staff: Staff) -> None:
    secret = desk_session.log_in(changing.console.settings, "hotline", NAME, PASSPHRASE).opened.secret.hex()
    for role in (Role.AUDITOR, Role.ADMIN):
        assert secret not in str(staff.kept[role]) and set(staff.kept[role]) == {"generation", "seed"}
    assert secret in str(staff.kept[Role.INTAKE])
