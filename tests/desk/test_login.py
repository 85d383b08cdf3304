"""Coming in: by passphrase and code alone, never locked out, never told what was wrong; going out leaves nothing."""

import asyncio
import sqlite3
import threading
import time
from dataclasses import replace

import pytest

from bot.desk import opening
from bot.desk.opening import BackOff, Busy, Opening
from bot.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS
from bot.privacy import member_keys
from bot.runtime import desk_session, rotating
from bot.store.database import Database
from bot.store.watch import Watches
from tests.command_line.reporting_site import PASSPHRASES
from tests.desk.site import (
    NAME,
    PASSPHRASE,
    Clock,
    DeskSite,
    at_work,
    code_of,
    console_of,
    csrf,
    enrol,
    log_in,
)

WORDS = "nobody-types-these-words"


def test_the_right_passphrase_opens_the_desk(site: DeskSite) -> None:
    assert "No new tickets" in at_work(site.browser())


@pytest.mark.parametrize(
    "wrong",
    [
        {"passphrase": "seven loud herons at dawn"},
        {"passphrase": PASSPHRASES["ngo"]},
        {"name": "nobody"},
        {"name": "<b>"},
        {"name": ""},
        {"desk": "unknown"},
        {"desk": "", "name": "", "passphrase": ""},
    ],
)
def test_what_was_wrong_is_not_told_and_costs_the_same(site: DeskSite, monkeypatch, wrong: dict[str, str]) -> None:
    stretched = []
    real = member_keys.stretch
    monkeypatch.setattr(member_keys, "stretch", lambda *given: stretched.append(given[1:]) or real(*given))
    first = log_in(site.browser(), passphrase=WORDS)
    refused = log_in(site.browser(), **wrong)
    assert refused.status_code == first.status_code == 403 and refused.text == first.text
    assert "set-cookie" not in refused.headers
    # One hash each, of the same cost: what takes the time is the same.
    assert len(stretched) == 2 and stretched[0][1:] == stretched[1][1:]


def test_nothing_that_was_typed_comes_back(site: DeskSite) -> None:
    browser = site.browser()
    answers = [
        log_in(browser, name=WORDS, passphrase=WORDS, code=WORDS, desk=WORDS),
        browser.post("/login", data={"name": WORDS * 100}),
        browser.post("/login", json={"name": WORDS}),
        browser.post("/login", content=f"name={WORDS}&name={WORDS}", headers={"content-type": FORM}),
        browser.post("/login", content=f"{WORDS}\xff".encode("latin-1"), headers={"content-type": FORM}),
        browser.post("/login", content=f"name={WORDS}&" + "a=1&" * 30, headers={"content-type": FORM}),
        browser.get(f"/{WORDS}"),
        browser.get(f"/tickets/{WORDS}"),
        browser.put("/login", data={"name": WORDS}),
        browser.post("/login", content=b"name=" + WORDS.encode() * 20_000, headers={"content-type": FORM}),
    ]
    assert [answer.status_code for answer in answers] == [403, 400, 400, 400, 400, 400, 404, 303, 405, 413]
    assert not [answer for answer in answers if WORDS in answer.text or WORDS in str(answer.headers)]


FORM = "application/x-www-form-urlencoded"


def test_the_second_factor_is_asked_of_whoever_has_one(own_site: DeskSite) -> None:
    browser = own_site.browser()
    assert log_in(browser).headers["location"] == "/"
    assert browser.get("/").headers["location"] == "/second-factor"
    secret, recovery = enrol(browser)
    assert browser.get("/").status_code == 200
    assert browser.get("/second-factor").headers["location"] == "/"

    next_code = code_of(secret, time.time() + 30)
    for wrong in ("", "000000", WORDS):
        assert log_in(own_site.browser(), code=wrong).status_code == 403
    assert log_in(own_site.browser(), code=recovery[0]).status_code == 303
    assert log_in(own_site.browser(), code=recovery[0]).status_code == 403
    assert log_in(own_site.browser(), code=next_code).status_code == 303
    assert log_in(own_site.browser(), code=next_code).status_code == 403
    # A wrong passphrase uses no code up.
    assert log_in(own_site.browser(), code=recovery[1], passphrase=WORDS).status_code == 403
    assert log_in(own_site.browser(), code=recovery[1]).status_code == 303
    # The factor is one member's, at one desk.
    assert log_in(own_site.browser(), "ngo").status_code == 303


def test_a_wrong_first_code_sets_nothing_up(site: DeskSite) -> None:
    browser = site.browser()
    log_in(browser)
    page = browser.get("/second-factor").text
    refused = browser.post("/second-factor", data={"csrf": csrf(page), "code": "123"})
    assert refused.status_code == 403 and "not the code" in refused.text
    assert browser.get("/").headers["location"] == "/second-factor"


def test_production_has_no_way_round_the_second_factor(own_site: DeskSite) -> None:
    settings = replace(own_site.console.settings, demo=False, desk_url="https://desk.example.org")
    browser = console_of(own_site.reporting, settings).browser("https://desk.example.org")
    assert log_in(browser).status_code == 303
    page = browser.get("/second-factor").text
    assert "/later" not in page
    assert browser.post("/second-factor/later", data={"csrf": csrf(page)}).status_code == 403
    assert browser.get("/").headers["location"] == "/second-factor"


def test_the_cookie_is_this_host_s_alone(own_site: DeskSite) -> None:
    settings = replace(own_site.console.settings, demo=False, desk_url="https://desk.example.org")
    production = log_in(console_of(own_site.reporting, settings).browser("https://desk.example.org"))
    demo = log_in(own_site.browser())
    name, _, rest = production.headers["set-cookie"].partition("=")
    assert name == "__Host-oberih-desk" and "Secure" in rest
    assert demo.headers["set-cookie"].startswith("oberih-desk=")
    for answer in (production, demo):
        parts = answer.headers["set-cookie"].lower()
        assert "httponly" in parts and "samesite=strict" in parts and "path=/" in parts
        assert "domain" not in parts and "max-age" not in parts and "expires" not in parts


def test_a_session_that_was_there_before_is_not_taken_over(site: DeskSite) -> None:
    browser = site.browser()
    browser.cookies.set("oberih-desk", "00" * 32)
    planted = log_in(browser).headers["set-cookie"]
    assert "oberih-desk=" + "00" * 32 not in planted
    second = log_in(browser).headers["set-cookie"]
    assert second != planted and len(site.console.sessions._kept) == 1


def test_logging_out_ends_the_session_everywhere(site: DeskSite) -> None:
    browser = site.browser()
    page = at_work(browser)
    stolen = dict(browser.cookies)
    gone = browser.post("/logout", data={"csrf": csrf(page)})
    assert gone.headers["location"] == "/login" and not site.console.sessions._kept
    for name, value in stolen.items():
        browser.cookies.set(name, value)
    assert browser.get("/").headers["location"] == "/login"


def test_a_locked_session_needs_the_passphrase_and_no_code(own_site: DeskSite) -> None:
    browser = own_site.browser()
    log_in(browser)
    enrol(browser)
    own_site.clock.now += IDLE_SECONDS
    for path in ("/", "/second-factor", "/tickets/" + "0" * 32):
        assert browser.get(path).headers["location"] == "/locked"
    page = browser.get("/locked").text
    assert NAME in page
    assert browser.post("/locked", data={"csrf": csrf(page), "passphrase": WORDS}).status_code == 403
    assert browser.post("/locked", data={"passphrase": PASSPHRASE}).status_code == 403
    assert browser.get("/").headers["location"] == "/locked"
    assert browser.post("/locked", data={"csrf": csrf(page), "passphrase": PASSPHRASE}).headers["location"] == "/"
    assert browser.get("/").status_code == 200


def test_a_member_can_lock_at_once(site: DeskSite) -> None:
    browser = site.browser()
    page = at_work(browser)
    assert browser.post("/lock", data={"csrf": csrf(page)}).headers["location"] == "/locked"
    assert browser.get("/").headers["location"] == "/locked"


def test_an_hour_later_one_logs_in_anew(site: DeskSite) -> None:
    browser = site.browser()
    at_work(browser)
    site.clock.now += LONGEST_SECONDS
    assert browser.get("/").headers["location"] == "/login"
    assert browser.get("/locked").headers["location"] == "/login"


def test_who_left_the_desk_is_out_at_the_next_request(own_site: DeskSite) -> None:
    browser = own_site.browser()
    at_work(browser)
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        database.execute("DELETE FROM member WHERE desk = 'hotline'")
    assert browser.get("/").headers["location"] == "/login"
    assert not own_site.console.sessions._kept


def test_a_desk_whose_keys_changed_is_closed(own_site: DeskSite) -> None:
    browser = own_site.browser()
    at_work(browser)
    rotating.rotate(desk_session.log_in(own_site.console.settings, "hotline", NAME, PASSPHRASE))
    assert browser.get("/").headers["location"] == "/login"


def test_a_login_tells_the_gate_that_somebody_is_awake(own_site: DeskSite) -> None:
    with sqlite3.connect(own_site.console.settings.var / "oberih.db") as database:
        database.execute("DELETE FROM watch")
    watches = Watches(Database(own_site.console.settings.database_url))
    browser = own_site.browser()
    log_in(browser, passphrase="not this one")
    assert watches.of("hotline").last_login is None
    at_work(browser)
    assert watches.of("hotline").last_login is not None and watches.of("ngo").last_login is None


def test_forms_of_other_pages_are_refused(site: DeskSite) -> None:
    browser = site.browser()
    page = at_work(browser)
    token = csrf(page)
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://other"}):
        assert browser.post("/logout", data={"csrf": token}, headers=headers).status_code == 403
        assert log_in_with(browser, headers).status_code == 403
    for wrong in ("", "0" * 64, token.upper()):
        assert browser.post("/logout", data={"csrf": wrong}).status_code == 403
    assert browser.get("/").status_code == 200


def log_in_with(browser, headers):  # type: ignore[no-untyped-def]
    fields = {"desk": "hotline", "name": NAME, "passphrase": PASSPHRASE}
    return browser.post("/login", data=fields, headers=headers)


def test_only_this_machine_s_own_names_are_served(site: DeskSite) -> None:
    for host, status in (
        ("127.0.0.1:8081", 200),
        ("localhost:8081", 200),
        ("evil.example:8081", 421),
        ("10.0.0.1", 421),
    ):
        assert site.browser().get("/login", headers={"host": host}).status_code == status


def test_every_answer_carries_the_headers(site: DeskSite) -> None:
    browser = site.browser()
    for path in ("/", "/login", "/health", "/nothing", "/locked"):
        headers = browser.get(path).headers
        assert "unsafe" not in headers["content-security-policy"] and headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert browser.get("/health").json() == {"status": "ok"}


def test_a_database_that_does_not_answer_is_said_plainly(own_site: DeskSite) -> None:
    browser = own_site.browser()
    (own_site.console.settings.var / "oberih.db").rename(own_site.console.settings.var / "away.db")
    answer = log_in(browser)
    assert (
        answer.status_code == 503
        and "oberih doctor" in answer.text
        and str(own_site.reporting.folder) not in answer.text
    )


def test_guessing_slows_every_answer_down_and_is_forgotten() -> None:
    clock = Clock()
    back_off = BackOff(clock)
    waits = []
    for _ in range(14):
        waits.append(back_off.seconds())
        back_off.note_wrong()
    assert waits == [0, 0, 0, 0, 0, 0, 0.5, 1, 2, 4, 8, 8, 8, 8]
    clock.now += 14 * BackOff.FORGET_SECONDS
    assert back_off.seconds() == 0


async def test_the_right_passphrase_still_opens_under_guessing(site: DeskSite) -> None:
    browser = site.browser()
    for _ in range(8):
        log_in(browser, passphrase=WORDS)
    assert log_in(browser).status_code == 303
    assert site.clock.waited[:6] == [0] * 6 and site.clock.waited[-1] > 0.5


async def test_passphrases_are_tried_two_at_a_time_and_a_crowd_is_turned_away() -> None:
    running, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    class Slow:
        def enter(self, *given: object) -> None:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            go.wait(10)
            with lock:
                running -= 1

    waiting = Opening(Slow(), BackOff())  # type: ignore[arg-type]
    crowd = [asyncio.create_task(waiting.open("a", "b", "c", None)) for _ in range(opening.WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await waiting.open("a", "b", "c", None)
    go.set()
    assert await asyncio.gather(*crowd) == [None] * opening.WAITING
    assert most <= opening.AT_ONCE
