"""What the server does by itself: it calls whoever is on duty, closes intake, and erases what is due."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.conversation.reporting.draft import ReportDraft
from bot.privacy.receipts import new_code
from bot.reports.ticket import Ticket
from bot.runtime import desk_session, founding
from bot.runtime.doctor import examine
from bot.runtime.endings import Endings
from bot.runtime.housekeeping import Housekeeping, housekeeping_of
from bot.runtime.reporting import Reporting, reporting_of
from bot.settings import Settings, load
from bot.site import load_site
from bot.store.database import Database
from bot.store.tickets import Tickets
from bot.store.watch import Watches
from tests.server import running, settings_in
from tests.smtp import MailServer, mail_server

NOW = datetime.now(timezone.utc)
PASSPHRASE = "seven quiet herons at dawn"
DESK = "helpline"
SITE = """
operator: {{name: Aid, contact: office}}
responsible: {{name: Olha, role: head, contact: office}}
desks:
  - {{id: helpline, name: Helpline, kind: hotline, default: true}}
  - {{id: police-pl, name: Police, kind: police, countries: [PL]}}
gate: {{on_duty: duty@example.org}}
mail: {{host: 127.0.0.1, port: {port}, security: none, sender: bot@help.example}}
"""


def founded(folder: Path, port: int) -> Settings:
    """A founded site in production."""
    (folder / "site.yml").write_text(SITE.format(port=port))
    settings = load(
        {
            "OBERIH_MODE": "production",
            "OBERIH_PUBLIC_URL": "https://help.example.org",
            "OBERIH_VAR": str(folder / "var"),
            "OBERIH_SITE": str(folder / "site.yml"),
        }
    )
    site = load_site(settings.site)
    assert site is not None
    first = founding.FirstMember("olha", PASSPHRASE)
    founding.found(settings, site, {desk.id: first for desk in site.desks})
    return settings


@pytest.fixture
def post() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, post: MailServer) -> Settings:
    return founded(tmp_path, post.port)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url)
    yield database
    database.close()


@pytest.fixture
def watches(database: Database) -> Watches:
    return Watches(database)


@pytest.fixture
def chores(settings: Settings) -> Housekeeping:
    found = housekeeping_of(settings)
    assert found is not None
    return found


def reporting(settings: Settings) -> Reporting:
    found = reporting_of(settings)
    assert found is not None
    return found


def send(settings: Settings, *, urgent: bool = False, days_ago: int = 0) -> str:
    """Pass a report on; return its receipt code."""
    created = (NOW - timedelta(days=days_ago)).replace(microsecond=0)
    code = new_code()
    draft = ReportDraft(code, code.zfill(32), created.isoformat())
    ticket = Ticket(created=created, recipients=(DESK,), urgent=urgent)
    assert reporting(settings).send(draft, ticket) == "sent"
    return code


def takes_reports(settings: Settings) -> bool:
    site = reporting(settings)
    assert site.open() == bool(site.desks()), "what is offered and what is begun must agree"
    return site.open()


def test_intake_opens_with_the_first_login_and_closes_when_nobody_comes_back(
    settings: Settings, watches: Watches
) -> None:
    assert not takes_reports(settings)
    desk_session.log_in(settings, DESK, "olha", PASSPHRASE)
    assert takes_reports(settings)
    assert [desk.id for desk in reporting(settings).desks()] == ["helpline", "police-pl"]
    watches.note_login(DESK, NOW - timedelta(hours=50))
    assert not takes_reports(settings)
    assert len(reporting(settings).desks(asleep=True)) == 2
    desk_session.log_in(settings, DESK, "olha", PASSPHRASE)
    assert takes_reports(settings)


def test_doctor_says_who_is_awake(settings: Settings, watches: Watches) -> None:
    assert examine(settings)["intake"] == "helpline is asleep"
    watches.note_login(DESK, NOW)
    assert examine(settings)["intake"] == "fine: helpline is awake"
    watches.note_login(DESK, NOW - timedelta(hours=48, minutes=1))
    lines = settings.site.read_text().splitlines()
    settings.site.write_text("\n".join(line for line in lines if not line.startswith(("gate", "mail"))))
    assert str(examine(settings)["intake"]).endswith("nobody is told, because site.yml names no gate on_duty")
    assert str(examine(replace(settings, demo=True))["intake"]).startswith("fine")


def test_a_police_desk_needs_no_login_and_opens_nothing(settings: Settings, watches: Watches) -> None:
    desk_session.log_in(settings, "police-pl", "olha", PASSPHRASE)
    assert not takes_reports(settings)


def test_a_demo_never_closes(settings: Settings) -> None:
    assert takes_reports(replace(settings, demo=True))


def test_something_urgent_that_nobody_looks_at_closes_intake(
    settings: Settings, watches: Watches, chores: Housekeeping, post: MailServer
) -> None:
    watches.note_login(DESK, NOW)
    send(settings)
    assert watches.of(DESK).urgent_since is None
    send(settings, urgent=True)
    since = watches.of(DESK).urgent_since
    assert since is not None and takes_reports(settings)
    chores.tick(since + timedelta(hours=3, minutes=59))
    assert post.given == []
    chores.tick(since + timedelta(hours=4))
    assert len(post.given) == 1
    desk_session.log_in(settings, DESK, "olha", PASSPHRASE)
    assert watches.of(DESK).urgent_since is None and takes_reports(settings)


def test_the_contact_is_told_once_and_nothing_of_what_waits(
    settings: Settings, watches: Watches, chores: Housekeeping, post: MailServer
) -> None:
    code = send(settings, urgent=True)
    watches.note_login(DESK, NOW)
    since = watches.of(DESK).last_login
    assert since is not None
    for hours in (48, 48.5, 49, 60):
        chores.tick(since + timedelta(hours=hours))
    other = housekeeping_of(settings)
    assert other is not None
    other.tick(since + timedelta(hours=61))
    [(_, to, message)] = post.given
    said = message.as_string()
    closes = since + timedelta(hours=49)
    assert to == ["TO:<duty@example.org>"] and message["Subject"] == "Tickets are waiting"
    assert f"before {closes:%H:%M} UTC" in said
    for word in (code, code.zfill(32), DESK, "Helpline", "urgent", "Aid"):
        assert word not in said, word
    watches.note_login(DESK, since + timedelta(hours=61))
    chores.tick(since + timedelta(hours=61 + 49))
    assert len(post.given) == 2


def test_a_mail_server_that_refuses_is_tried_again_and_intake_closes_all_the_same(
    settings: Settings, watches: Watches, chores: Housekeeping, post: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    watches.note_login(DESK, NOW - timedelta(hours=50))
    post.answer = "451 later"
    with caplog.at_level(logging.ERROR, "oberih.housekeeping"):
        chores.tick(NOW)
    assert "code 451" in caplog.text and post.given == [] and not takes_reports(settings)
    post.answer = "250 taken"
    chores.tick(NOW)
    chores.tick(NOW)
    assert len(post.given) == 1


def test_a_mail_server_that_is_gone_stops_no_retention(
    settings: Settings, chores: Housekeeping, watches: Watches, post: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, waiting = send(settings, days_ago=30), send(settings, days_ago=20)
    watches.note_login(DESK, NOW - timedelta(hours=50))
    post.answer = "451 later"
    chores.tick(NOW)
    told = {code: reporting(settings).follow_up.find(code) for code in (old, waiting)}
    assert [found.status for found in told.values() if found] == ["expired", "new"]
    monkeypatch.setattr(Housekeeping, "retain", lambda *_: pytest.fail("once a day is enough"))
    chores.tick(NOW)


def test_the_running_server_erases_by_itself(tmp_path: Path) -> None:
    here = settings_in(tmp_path)
    assert founding.found_training_site(here)
    created = (NOW - timedelta(days=31)).replace(microsecond=0)
    draft = ReportDraft(new_code(), "a" * 32, created.isoformat())
    assert reporting(here).send(draft, Ticket(created=created, recipients=("training",))) == "sent"
    with running(tmp_path):
        tickets = Tickets(Database(here.database_url))
        for _ in range(600):
            if tickets.endings():
                break
            time.sleep(0.1)
    assert [ending.ticket for ending in tickets.endings()] == ["a" * 32]


def test_without_a_contact_intake_closes_alone(settings: Settings, watches: Watches, post: MailServer) -> None:
    lines = settings.site.read_text().splitlines()
    settings.site.write_text("\n".join(line for line in lines if not line.startswith(("gate", "mail"))))
    alone = housekeeping_of(settings)
    assert alone is not None
    watches.note_login(DESK, NOW - timedelta(hours=50))
    alone.tick(NOW)
    assert post.given == [] and watches.of(DESK).paged is None and not takes_reports(settings)


def test_a_database_that_is_gone_stops_nothing_else(
    settings: Settings, chores: Housekeeping, caplog: pytest.LogCaptureFixture
) -> None:
    path = settings.var / "oberih.db"
    path.rename(settings.var / "away.db")
    with caplog.at_level(logging.ERROR, "oberih.housekeeping"):
        chores.tick(NOW)
    assert "run `oberih db upgrade`" in caplog.text
    (settings.var / "away.db").rename(path)
    chores.tick(NOW)


def test_retention_once_a_day_and_a_receipt_that_says_so(
    settings: Settings, chores: Housekeeping, database: Database, watches: Watches, post: MailServer
) -> None:
    watches.note_login(DESK, NOW)
    codes = {days: send(settings, days_ago=days) for days in (0, 14, 30)}
    chores.tick(NOW)
    told = {days: reporting(settings).follow_up.find(code) for days, code in codes.items()}
    assert {days: found.status for days, found in told.items() if found} == {0: "new", 14: "new", 30: "expired"}
    [(_, _, message)] = post.given
    assert "they are erased unread" in message.as_string()
    [ending] = Endings(settings.endings).all()
    assert (ending.ticket, ending.state, ending.day) == (codes[30].zfill(32), "new", NOW.date())
    late = send(settings, days_ago=31)
    chores.tick(NOW)
    found = reporting(settings).follow_up.find(late)
    assert found is not None and found.status == "new"
    watches.note_login(DESK, NOW + timedelta(days=1))
    chores.tick(NOW + timedelta(days=1))
    found = reporting(settings).follow_up.find(late)
    assert found is not None and found.status == "expired"
    assert len(Tickets(database).endings()) == 2 == len(Endings(settings.endings).all())


def test_a_withdrawal_is_on_the_list_of_endings_at_once(settings: Settings) -> None:
    code = send(settings)
    assert reporting(settings).follow_up.withdraw(code.zfill(32), held=False)[0] == "withdrawn"
    [ending] = Endings(settings.endings).all()
    assert (ending.ticket, ending.state) == (code.zfill(32), "revoked")
    assert code.zfill(32) not in {row.ticket for row in Endings(settings.endings).all()[1:]}


def test_a_list_that_cannot_be_written_stops_no_withdrawal(settings: Settings, chores: Housekeeping) -> None:
    code = send(settings)
    settings.endings.mkdir()
    assert reporting(settings).follow_up.withdraw(code.zfill(32), held=False)[0] == "withdrawn"
    settings.endings.rmdir()
    chores.retain(NOW)
    [ending] = Endings(settings.endings).all()
    assert (ending.ticket, ending.state) == (code.zfill(32), "revoked")
