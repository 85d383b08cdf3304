"""A founded site with its console in this process, and a browser's side of it."""

import base64
import os
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Optional

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.desk import app, second_factor
from bot.desk.guard import Console
from bot.desk.opening import BackOff, Opening
from bot.desk.sessions import Sessions
from bot.privacy.vouching import vouching_key
from bot.reports.rating import rated
from bot.reports.ticket import Ticket
from bot.runtime import founding, key_folder
from bot.runtime.bodies import clear_fields, seal_body
from bot.settings import Settings, load
from bot.site import load_site
from bot.store.records import TicketRecord
from tests.command_line.reporting_site import PASSPHRASES, ReportingSite, at

PASSPHRASE = PASSPHRASES["hotline"]
NAME = "olha"


class Clock:
    """A clock that goes only when it is told to; waiting on it makes it go."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@dataclass
class DeskSite:
    """The site of `reporting_site` with the console over it."""

    reporting: ReportingSite
    console: Console
    clock: Clock
    count: int = field(default=0)

    @cached_property
    def application(self) -> FastAPI:
        return app.create_app(self.console)

    def browser(self, base: str = "http://127.0.0.1:8081", *, raise_errors: bool = True) -> TestClient:
        return TestClient(self.application, base_url=base, follow_redirects=False, raise_server_exceptions=raise_errors)

    def send(self, ticket: Ticket, desk: str = "hotline") -> str:
        """Put a ticket, sealed as the chat does it, on a desk; return its id."""
        self.count += 1
        identifier = f"{self.count:032x}"
        self.tickets().insert(stored(self.console.settings, identifier, rated(ticket), desk), [])
        return identifier

    def recipient(self, desk: str) -> str:
        return key_folder.read(self.console.settings.key_folder).pins.current(desk).recipient

    def tickets(self):  # type: ignore[no-untyped-def]
        return self.console.doors.tickets


def stored(
    settings: Settings, identifier: str, ticket: Ticket, desk: str, reporter: Optional[str] = None
) -> TicketRecord:
    """A ticket as the chat of a site stores it; `reporter`: the public half of its receipt's key, else nobody's."""
    keys, tag = key_folder.read(settings.key_folder), os.urandom(32)
    recipient = keys.pins.current(desk).recipient
    receipt = tag, reporter or recipient
    return TicketRecord(
        id=identifier,
        desk=desk,
        **clear_fields(ticket),
        state="new",
        sealed_body=seal_body(identifier, 1, ticket, receipt, vouching_key(keys.pepper), recipient),
        receipt_tag=tag,
        question_recipient=receipt[1],
        generation=1,
    )


def settings_in(folder: Path) -> Settings:
    return load({"OBERIH_VAR": str(folder / "var"), "OBERIH_SITE": str(folder / "site.yml")})


def found(folder: Path) -> None:
    at(folder)
    settings = settings_in(folder)
    site = load_site(settings.site)
    assert site is not None
    founding.found(settings, site, {desk: founding.FirstMember(NAME, words) for desk, words in PASSPHRASES.items()})


def opened(folder: Path) -> DeskSite:
    return console_of(ReportingSite(folder), settings_in(folder))


def console_of(reporting: ReportingSite, settings: Settings) -> DeskSite:
    clock, built = Clock(), app.build(settings)
    opening = Opening(built.doors, BackOff(clock), clock.sleep)
    return DeskSite(reporting, replace(built, sessions=Sessions(clock), opening=opening), clock)


def csrf(page: str) -> str:
    return re.search('name="csrf" value="([0-9a-f]{64})"', page).group(1)  # type: ignore[union-attr]


def log_in(browser: TestClient, desk: str = "hotline", code: str = "", name: str = NAME, **changed: str):  # type: ignore[no-untyped-def]
    fields = {"desk": desk, "name": name, "passphrase": PASSPHRASES.get(desk, PASSPHRASE), "code": code, **changed}
    return browser.post("/login", data=fields)


def secret_on(page: str) -> bytes:
    return base64.b32decode(re.search('id="secret">([^<]+)<', page).group(1).replace(" ", ""))  # type: ignore[union-attr]


def code_of(secret: bytes, at: float | None = None) -> str:
    """The code that a phone with this secret shows."""
    moment = datetime.now(timezone.utc).timestamp() if at is None else at
    return TOTP(secret, second_factor.DIGITS, SHA1(), second_factor.STEP_SECONDS).generate(int(moment)).decode()


def enrol(browser: TestClient) -> tuple[bytes, list[str]]:
    """Set up the second factor; return its secret and the recovery codes."""
    page = browser.get("/second-factor").text
    secret = secret_on(page)
    done = browser.post("/second-factor", data={"csrf": csrf(page), "code": code_of(secret)})
    assert done.status_code == 200
    return secret, re.findall("<li><code>([^<]+)</code>", done.text)


def at_work(browser: TestClient, desk: str = "hotline") -> str:
    """Log in as far as the queue; return its page."""
    assert log_in(browser, desk).headers["location"] == "/"
    page = browser.get("/second-factor")
    if page.status_code == 200:
        browser.post("/second-factor/later", data={"csrf": csrf(page.text)})
    return unescape(browser.get("/").text)
