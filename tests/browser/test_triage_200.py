"""A worker triages 200 mixed tickets by keyboard alone, in a real browser; everybody is told the right thing, once."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.privacy import letters
from bot.privacy.seal import generate_identity, recipient_of
from bot.reports import notes
from bot.reports.child import referral
from bot.reports.notes import OUTCOMES, TOLD_OUTCOMES
from bot.reports.rating import rated
from bot.reports.ticket import Age, Identifier, Moment, Place, Stage, Ticket, When
from bot.runtime import key_folder
from bot.runtime.audit_log import AuditLog
from bot.runtime.founding import found_training_site
from bot.settings import Settings
from bot.store.database import Database
from bot.store.letters import letter_of
from bot.store.tickets import Tickets
from tests.browser.test_desk import SERVE, log_in_quickly
from tests.desk.site import stored
from tests.reports.tickets import ticket
from tests.server import running, settings_in

NOW = datetime.now(timezone.utc)
TICKETS = 200
TWICE_SECONDS = 0.21
"""From here on a second press of one key is meant (TWICE_MS in keys.js)."""
_PATIENCE = 300
_NOT_TAKEN_UP = ("duplicate", "insufficient", "malicious")


@dataclass
class Worked:
    """A desk with its tickets: for each id what the worker does about it, and the key that only its receipt gives."""

    base: str
    passphrase: str
    settings: Settings
    plan: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)

    @property
    def tickets(self) -> Tickets:
        return Tickets(Database(self.settings.database_url))


def mixed(number: int) -> Ticket:
    """Every fifth is a child's, a departure, something going on now, an offer with contacts, or a few words."""
    created = NOW - timedelta(hours=3 * number)
    kinds: tuple[Ticket, ...] = (
        referral(created, where=Place(country="CZ")),
        ticket(created=created, deadline=(NOW + timedelta(days=2)).date(), when=When(moment=Moment.LEAVING)),
        ticket(created=created, when=When(moment=Moment.NOW), stage=Stage.EXPLOITATION, concern="labour", level="high"),
        ticket(
            created=created,
            offer=f"Робота на складі {number}, паспорт залишається у нас",
            identifiers=(Identifier(value=f"+38050{number:07d}", type="phone"),),
            place=Place(country="DE", words="Магдебург"),
            level="elevated",
        ),
        ticket(created=created, narrative=f"Сусідка розповіла {number}", age=Age.ADULT),
    )
    return kinds[number % len(kinds)].copy(update={"recipients": ("training",)})


@pytest.fixture(scope="module")
def worked(tmp_path_factory) -> Iterator[Worked]:
    folder = tmp_path_factory.mktemp("triage")
    settings = settings_in(folder)
    member = found_training_site(settings)
    assert member is not None
    doings = ["a"] * 90 + ["q"] * 10 + [outcome for outcome in OUTCOMES for _ in range(13)][: TICKETS - 100]
    Random(6).shuffle(doings)
    with running(folder, SERVE, OBERIH_SITE=str(folder / "none.yml")) as server:
        made = Worked(server.base, member.passphrase, settings)
        for number, doing in enumerate(doings):
            id, identity = os.urandom(16).hex(), generate_identity()
            record = stored(settings, id, rated(mixed(number)), "training", recipient_of(identity))
            made.tickets.insert(record, [])
            made.plan[id], made.receipts[id] = doing, identity
        yield made


class Worker:
    """Works by keyboard alone."""

    def __init__(self, page: Page, worked: Worked) -> None:
        self.page = page
        self.worked = worked
        self._last = ("", 0.0)

    def press(self, key: str) -> None:
        """Press a key; the same one again not so soon that it would count as a slip."""
        before, at = self._last
        if key == before and time.monotonic() - at < TWICE_SECONDS:
            self.page.wait_for_timeout(1000 * (TWICE_SECONDS - (time.monotonic() - at)))
        self.page.keyboard.press(key)
        self._last = key, time.monotonic()

    def focused(self) -> str:
        """Return the ticket whose line has the focus, moving there by keyboard where none has.

        A key that is pressed while a page still loads is lost, and a person presses it again.
        """
        for _ in range(_PATIENCE):
            found = self.page.evaluate("document.activeElement?.closest('[data-line]')?.dataset.line ?? ''")
            if found:
                return str(found)
            self.page.keyboard.press("j")
            self.page.wait_for_timeout(100)
        raise AssertionError(f"No line takes the focus: {self.page.inner_text('body')[:400]}")

    def decide(self) -> str:
        """Decide about the ticket in focus as planned; return its id once its line has gone."""
        id = self.focused()
        doing = self.worked.plan[id]
        if doing == "q":
            self._look_and_accept(id)
        elif doing == "a":
            self.press("a")
            # A slip: the key goes down twice. The second must decide about nothing.
            self.page.keyboard.press("a")
        else:
            self.press("c")
            self.page.keyboard.press(str(OUTCOMES.index(doing) + 1))
        self.page.wait_for_selector(f"[data-line='{id}']", state="detached")
        return id

    def _look_and_accept(self, id: str) -> None:
        self.press("q")
        self.page.wait_for_url(f"**/tickets/{id}#ask")
        self.page.wait_for_load_state("load")
        self.page.locator("body").press("Escape")
        self.page.evaluate("document.activeElement?.blur()")
        self.press("a")
        expect(self.page.locator(".happened")).to_have_text("Accepted.")
        self.page.wait_for_load_state("load")
        self.press("u")
        self.page.wait_for_url(self.worked.base + "/")
        self.page.wait_for_load_state("load")


def test_200_tickets_are_triaged_with_three_keys(browser: Browser, worked: Worked) -> None:
    context = browser.new_context(locale="en")
    context.set_default_timeout(30_000)
    page, trouble = context.new_page(), []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    log_in_quickly(page, worked)
    page.get_by_text("Not now").click()
    expect(page.locator(".line").first).to_be_visible()
    page.wait_for_load_state("load")
    # A second window that nobody looks at while the first one is worked in.
    stale = context.new_page()
    stale.goto(worked.base)
    stale.wait_for_load_state("load")

    worker = Worker(page, worked)
    started = time.monotonic()
    order = [worker.decide() for _ in range(TICKETS)]
    print(f"{TICKETS} tickets in {time.monotonic() - started:.0f} s")
    expect(page.locator(".empty")).to_have_text("No new tickets.")
    assert len(set(order)) == TICKETS and trouble == []

    # The second window still shows what is decided: nothing can be decided there again.
    stale.keyboard.press("j")
    stale.keyboard.press("a")
    expect(stale.locator("#happened")).to_contain_text("Nothing was changed")
    expect(stale.locator(".empty")).to_have_text("No new tickets.")
    context.close()
    assert_everybody_was_told_once(worked)


def assert_everybody_was_told_once(worked: Worked) -> None:
    pins = key_folder.read(worked.settings.key_folder).pins
    acts: Counter[tuple[str, str]] = Counter()
    for id, doing in worked.plan.items():
        record = worked.tickets.get(id)
        assert record is not None
        taken_up = doing not in _NOT_TAKEN_UP
        acts["accept" if taken_up else "reject", id] += 1
        told: list[tuple[str, str | None]] = [("accepted" if taken_up else "rejected", None)]
        if doing in OUTCOMES:
            acts["close", id] += 1
            told.append(("done", doing if doing in TOLD_OUTCOMES else None))
        assert (record.state, record.outcome) == (told[-1][0], doing if doing in OUTCOMES else None)
        read = [letters.read_with_receipt(letter_of(message), worked.receipts[id], pins.verify_keys)
                for message in worked.tickets.messages(id)]  # fmt: skip
        said = [notes.from_bytes(each.content, each.desk) for each in sorted(read)]
        assert [(note.state, note.outcome) for note in said] == told and not any(note.member for note in said)
    log = AuditLog(worked.settings.key_folder, Database(worked.settings.database_url))
    entries, wrong = log.examine("training", pins)
    assert not wrong
    assert Counter((e.action, e.subject) for e in entries if e.action in ("accept", "reject", "close")) == acts
