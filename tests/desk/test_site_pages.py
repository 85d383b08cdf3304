"""The administrator's pages say what is so: from the site's file, the database, the directory, the signs, doctor."""

import re
from datetime import date, datetime, timedelta, timezone
from html import unescape
from pathlib import Path

import pytest

from bot.desk import site_view
from bot.knowledge.countries import load_countries
from bot.privacy.powers import Role
from bot.reports.gate import hour_of
from bot.runtime.housekeeping import housekeeping_of
from bot.store import tables
from tests.desk.site import DeskSite
from tests.desk.staff import Staff, signed_in
from tests.reports.tickets import ticket

NOW = datetime.now(timezone.utc)


def shown(site: DeskSite, staff: Staff, path: str) -> str:
    browser, _ = signed_in(site, staff, Role.ADMIN)
    answer = browser.get(path)
    assert answer.status_code == 200
    return unescape(re.sub(r"<[^>]+>", " ", answer.text))


def test_desks_and_routing_are_those_of_the_site_s_file(changing: DeskSite, own_staff: Staff) -> None:
    page = shown(changing, own_staff, "/site/desks")
    for words in (
        "Aid Berlin",
        "Germany",
        "Helpline",
        "all places that no desk names",
        "Police",
        "receives what others",
    ):
        assert words in page, words
    assert str(changing.console.settings.site) in page and "office" in page


def test_the_gate_says_what_happens_when(changing: DeskSite, own_staff: Staff) -> None:
    login, urgent = hour_of(NOW - timedelta(hours=20)), hour_of(NOW - timedelta(hours=6))
    with changing.console.doors.database.write() as connection:
        connection.execute(tables.watch.delete())
        row = {"desk": "hotline", "last_login": login, "urgent_since": urgent, "paged": None}
        connection.execute(tables.watch.insert(), [row])
    gates = site_view.gates(changing.console.site, changing.console.doors.database, NOW)
    by_name = {gate.name: gate for gate in gates}
    assert set(by_name) == {"Helpline", "Aid Berlin"}
    assert by_name["Helpline"].state == "asleep" and by_name["Helpline"].overdue == urgent + timedelta(hours=4)
    assert by_name["Helpline"].closes == urgent + timedelta(hours=5)
    assert by_name["Aid Berlin"].last_login is None and by_name["Aid Berlin"].overdue is None
    page = shown(changing, own_staff, "/site/gate")
    assert f"since the hour of {urgent:%Y-%m-%d %H:%M UTC}" in page and "asleep, intake closed" in page
    assert "Nobody has ever logged in: intake is closed." in page and "Nobody is told" in page
    assert "Not awake: Aid Berlin, Helpline." in shown(changing, own_staff, "/site")


def test_numbers_that_are_due_for_a_check_come_first(changing: DeskSite, own_staff: Staff) -> None:
    lines = [line for country in load_countries(site_view._DATA).values() for line in country.lines]
    first = min(line.next_check_due for line in lines)
    found = site_view.numbers(first)
    assert len(found) == len(lines) and found[0].next_check == first and found[0].due == "soon"
    later = site_view.numbers(first + timedelta(days=1))
    assert later[0].due == "overdue" and {number.due for number in site_view.numbers(date(2020, 1, 1))} == {"later"}
    page = shown(changing, own_staff, "/site/numbers")
    assert all(line.name in page for line in lines)


def test_the_version_of_the_signs_is_that_of_their_files(changing: DeskSite, own_staff: Staff) -> None:
    signs = site_view.signs(changing.console.indicators.rules_version)
    page = shown(changing, own_staff, "/site/signs")
    assert f" {signs.signs} " in page and signs.fingerprint in page and signs.rules_version in page
    files = {path.name for path in (site_view._DATA / "signs").rglob("*.yml")}
    assert {Path(pack.file).name for pack in signs.packs} == files and len(
        {pack.fingerprint for pack in signs.packs}
    ) > 5


def test_retention_tells_its_last_run_and_what_is_due(changing: DeskSite, own_staff: Staff) -> None:
    settings = changing.console.settings
    assert "Not carried out yet" in shown(changing, own_staff, "/site/retention")
    long_ago = (NOW - timedelta(days=40)).replace(microsecond=0)
    for _ in range(2):
        changing.send(ticket(created=long_ago))
    assert re.search(r"erased unread\s+2\s", shown(changing, own_staff, "/site/retention"))
    housekeeping = housekeeping_of(settings)
    assert housekeeping is not None
    housekeeping.tick(NOW)
    page = shown(changing, own_staff, "/site/retention")
    assert re.search(rf"Last\s+{NOW.date()}\s+erased unread\s+2\s", page)
    assert f"On {NOW.date() + timedelta(days=1)} (UTC)" in page
    assert f"Last carried out on {NOW.date()}." in shown(changing, own_staff, "/site")


def test_health_is_what_doctor_finds(changing: DeskSite, own_staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real doctor, in a process of its own, on this site."""
    for name, value in changing.reporting.environment.items():
        monkeypatch.setenv(name, value)
    browser, token = signed_in(changing, own_staff, Role.ADMIN)
    page = unescape(browser.post("/site/health", data={"csrf": token}).text)
    assert "desks pinned: hotline, ngo, police" in page and "3 desks, 2 of them take reports" in page


def test_one_asks_doctor_at_a_time(changing: DeskSite, own_staff: Staff) -> None:
    changing.application.state.examining = True
    browser, token = signed_in(changing, own_staff, Role.ADMIN)
    answer = browser.post("/site/health", data={"csrf": token})
    assert answer.status_code == 503 and "somebody else" in answer.text
