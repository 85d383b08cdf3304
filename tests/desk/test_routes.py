"""Every route, for every role, desk and state of a ticket answers what `routes.yml` says, and no route is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from bot.desk import app, permits
from bot.privacy.powers import Role
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.store.database import Database
from tests.desk.site import DeskSite
from tests.desk.staff import DESK, Staff, copy_of, signed_in, site_of
from tests.reports.tickets import ticket

TABLE = yaml.safe_load((Path(__file__).parent / "routes.yml").read_text())
STATES = TABLE["tickets"]
NOBODY, LOCKED = "nobody", "locked"
WHO = (*(role.value for role in Role), NOBODY, LOCKED)
NONE = "f" * 32
WORDS = "wordsthatarenotrepeated"
FORM = {"content-type": "application/x-www-form-urlencoded"}
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    who: Any
    answer: Any
    form: dict[str, str] = field(default_factory=dict)
    locked: Optional[int] = None
    home: bool = False
    slow: bool = False

    def may(self, who: str) -> bool:
        if self.who == "anybody":
            return True
        return who in WHO[:5] if self.who == "session" else who in self.who

    def at(self, ticket: str = NONE) -> str:
        return re.sub(r"\{[^}]+\}", ticket, self.path)


ROWS = {name: Row(*name.split(" ", 1), **given) for name, given in TABLE["routes"].items()}
POSTS = [name for name, row in ROWS.items() if row.method == "POST"]
GUARDED = [name for name in POSTS if ROWS[name].who != "anybody"]


@pytest.fixture(scope="module")
def site(staff: Staff, tmp_path_factory: pytest.TempPathFactory) -> DeskSite:
    """A copy: forms that work leave something behind."""
    return site_of(copy_of(staff, tmp_path_factory.mktemp("routes") / "site"))


def ask(browser: TestClient, row: Row, csrf: str = "", path: str = "", **headers: str) -> Any:
    form = {**row.form, "csrf": csrf} if csrf else row.form
    return browser.request(row.method, path or row.at(), data=form or None, headers={**FORM, **headers})


def browser_of(site: DeskSite, staff: Staff, who: str) -> tuple[TestClient, str]:
    if who == NOBODY:
        return site.browser(), "0" * 64
    return signed_in(site, staff, Role.INTAKE if who == LOCKED else Role(who), locked=who == LOCKED)


def test_the_table_has_every_route_and_no_other(site: DeskSite) -> None:
    routes = [route for route in app.create_app(site.console).routes if isinstance(route, APIRoute)]
    assert set(ROWS) == {f"{method} {route.path}" for route in routes for method in route.methods}


def test_a_route_without_a_named_act_keeps_the_console_from_starting(site: DeskSite, monkeypatch) -> None:
    made = app.create_app(site.console)
    made.add_api_route("/hidden", lambda: None)
    with pytest.raises(permits.UnnamedRoute, match="GET /hidden names no act"):
        permits.refuse_unnamed(made)
    monkeypatch.setattr(permits, "ROUTES", {**permits.ROUTES, "GET /gone": permits.Free.OPEN})
    with pytest.raises(permits.UnnamedRoute, match="GET /gone stands in"):
        app.create_app(site.console)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.slow])
def test_a_route_answers_each_role_as_the_table_says(site: DeskSite, staff: Staff, name: str, who: str) -> None:
    row = ROWS[name]
    for path, expected in expectations(site, row, who):
        browser, csrf = browser_of(site, staff, who)
        answer = ask(browser, row, csrf, path)
        assert (answer.status_code, path) == (expected, path)
        if not row.may(who) and expected == 303 and row.locked is None:
            assert answer.headers["location"] == elsewhere(row, who)


def expectations(site: DeskSite, row: Row, who: str) -> Iterator[tuple[str, int]]:
    """Yield addresses to try, and the status that each must answer."""
    if row.who == "session" and who == LOCKED:
        assert row.locked is not None
        yield row.at(), row.locked
    elif not row.may(who):
        refused = 303 if who in (NOBODY, LOCKED) or row.home else 403
        yield row.at(in_state(site, "new") if "{identifier}" in row.path else NONE), refused
    elif "{identifier}" in row.path:
        for state in STATES:
            yield row.at(in_state(site, state)), row.answer[state]
            yield row.at(in_state(site, state, "ngo")), 404
        for strange in (NONE, "0", "%00", "A" * 32):
            yield row.at(strange), 404
    else:
        yield row.at(), row.answer


def elsewhere(row: Row, who: str) -> str:
    if who == NOBODY:
        return "/login"
    if who == LOCKED:
        return "/locked"
    return "/audit" if who == Role.AUDITOR.value else "/people"


def in_state(site: DeskSite, state: str, desk: str = DESK) -> str:
    """Put a ticket of this state on a desk."""
    tickets, id = site.tickets(), next_ticket(site, desk)
    if state == "revoked":
        assert tickets.withdraw(id, TODAY)
    elif state != "new":
        assert tickets.set_state(id, "rejected" if state == "rejected" else "accepted", TODAY)
        if state == "done":
            assert tickets.set_state(id, "done", TODAY, "actionable")
    return id


def next_ticket(site: DeskSite, desk: str) -> str:
    site.count += 1
    return site.send(ticket(), desk)


@pytest.mark.parametrize("name", POSTS)
def test_a_form_of_another_site_is_refused_and_does_nothing(site: DeskSite, staff: Staff, name: str) -> None:
    row, before = ROWS[name], entries(site)
    who = Role.INTAKE.value
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}):
        browser, csrf = browser_of(site, staff, who)
        assert ask(browser, row, csrf, **headers).status_code == (303 if row.path in JOINING else 403)
    assert entries(site) == before


JOINING = ("/join/codes", "/join/later")
"""Without what a person began at /join they lead there, whoever asks."""


@pytest.mark.parametrize("name", GUARDED)
def test_a_form_without_the_sessions_own_token_is_refused_and_does_nothing(
    site: DeskSite, staff: Staff, name: str
) -> None:
    row, before = ROWS[name], entries(site)
    _, others = signed_in(site, staff, Role.HOTLINE)
    for csrf in ("0" * 64, others, "ÿ"):
        browser, _ = browser_of(site, staff, Role.INTAKE.value)
        enrolling = row.path.startswith("/second-factor")
        assert ask(browser, row, csrf).status_code == 403 or enrolling
    assert entries(site) == before


@pytest.mark.parametrize("name", POSTS)
def test_nothing_that_was_sent_comes_back_in_what_is_refused(site: DeskSite, staff: Staff, name: str) -> None:
    row = ROWS[name]
    if row.slow:
        return
    browser, csrf = browser_of(site, staff, Role.INTAKE.value)
    fields = {**dict.fromkeys(row.form, WORDS), WORDS: WORDS, "csrf": csrf}
    answers = [
        browser.post(row.at(), data=fields),
        browser.post(row.at(), data={**fields, "csrf": WORDS}),
        browser.post(row.at(), json=fields),
        browser.post(row.at(), content=f"{WORDS}={WORDS}&{WORDS}={WORDS}", headers=FORM),
        browser.post(row.at(), content=b"\xff" + WORDS.encode(), headers=FORM),
        browser.post(row.at(), data={**fields, WORDS: WORDS * 100}),
        browser.put(row.at(), data=fields),
    ]
    if "{" in row.path:
        answers.append(browser.post(row.at(WORDS), data={**row.form, "csrf": csrf}))
    for answer in answers:
        assert WORDS not in answer.text and WORDS not in str(answer.headers), answer.url
        assert answer.status_code != 422 and answer.status_code < 500


@pytest.mark.parametrize("name", ROWS)
def test_every_answer_forbids_frames_and_keeping(site: DeskSite, staff: Staff, name: str) -> None:
    browser, _ = browser_of(site, staff, Role.INTAKE.value)
    answer = ask(browser, ROWS[name])
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy
    assert "unsafe" not in policy and "form-action 'self'" in policy
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_cookie_that_was_planted_never_becomes_a_session(site: DeskSite, staff: Staff) -> None:
    planted = "ab" * 32
    for name in POSTS:
        browser = site.browser()
        browser.cookies.set("oberih-desk", planted)
        ask(browser, ROWS[name], "0" * 64)
        assert site.console.sessions.find(planted) is None


def entries(site: DeskSite) -> int:
    settings = site.console.settings
    log = AuditLog(settings.key_folder, Database(settings.database_url))
    found, wrong = log.examine(DESK, key_folder.read(settings.key_folder).pins)
    assert not wrong
    return len(found)


def test_routers_are_all_included(site: DeskSite) -> None:
    """A module with routes that is not included would have neither rows nor acts, and work nowhere."""
    import importlib
    import pkgutil

    from bot import desk

    paths = {route.path for route in app.create_app(site.console).routes if isinstance(route, APIRoute)}
    for module in pkgutil.iter_modules(desk.__path__):
        router = getattr(importlib.import_module(f"bot.desk.{module.name}"), "router", None)
        if isinstance(router, APIRouter):
            assert {route.path for route in router.routes if isinstance(route, APIRoute)} <= paths
