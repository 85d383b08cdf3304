"""In a flood of made-up receipts, memory stays bounded and whoever tries once is looked up at once."""

import threading
import time
from concurrent.futures import Future

import psutil
import pytest

from bot.conversation.reporting.draft import Receipt
from bot.privacy.receipts import new_code
from bot.reports.ticket import Ticket
from bot.runtime import lookups as module
from bot.runtime.lookups import MOST_WAITING, WORKERS, Lookups
from tests.command_line import reporting_site
from tests.command_line.reporting_site import ReportingSite
from tests.command_line.test_tickets import CREATED

A_SECOND, SECONDS = 1000, 5
FOUND = Receipt("new", "t" * 32)
MEBIBYTE = 1 << 20


class Desk:
    """One worker that is kept busy until it is told to go on; then it takes what waits, one after the other."""

    def __init__(self) -> None:
        self.now = 0.0
        self.taken: list[str] = []
        self._busy, self._go_on = threading.Event(), threading.Event()
        self.lookups = Lookups(self._find, lambda: self.now)
        self.stop()

    def _find(self, code: str) -> Receipt:
        if code == "held":
            self._busy.set()
            self._go_on.wait(10)
        else:
            self.taken.append(code)
        return FOUND if code == "real" else Receipt("unknown")

    def stop(self) -> None:
        """Let the worker be busy."""
        self._busy.clear()
        self._go_on.clear()
        self.taken.clear()
        self.lookups.ask("busy", "held")
        assert self._busy.wait(10)

    def work_off(self, answers: "list[Future[Receipt | None]]") -> list[str]:
        """Let everything be looked up, and return the codes in the order they were taken."""
        self._go_on.set()
        for answer in answers:
            answer.result(10)
        return list(self.taken)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(module, "WORKERS", 1)
    return Desk()


def test_fewest_tries_first_and_among_equals_the_newest(desk: Desk) -> None:
    asked = [desk.lookups.ask(session, f"{session} {n}") for n in range(2) for session in ("a", "b")]
    asked.append(desk.lookups.ask("c", "c 0"))
    assert desk.work_off(asked) == ["c 0", "b 0", "a 0", "b 1", "a 1"]


def test_tries_are_forgotten_with_time_and_after_a_found_receipt(desk: Desk) -> None:
    desk.work_off([desk.lookups.ask("tried", "bad"), desk.lookups.ask("found", "real")])
    desk.stop()
    asked = [desk.lookups.ask(session, session) for session in ("found", "tried")]
    assert desk.work_off(asked) == ["found", "tried"]
    desk.now += 60
    desk.stop()
    asked = [desk.lookups.ask(session, session) for session in ("found", "tried")]
    assert desk.work_off(asked) == ["tried", "found"]


def test_who_tried_most_is_sent_away_when_the_queue_is_full_and_nobody_else(desk: Desk) -> None:
    once = [desk.lookups.ask(f"s{number}", "once") for number in range(MOST_WAITING - 2)]
    often = [desk.lookups.ask("often", "often") for _ in range(3)]
    newest = desk.lookups.ask("new", "new")
    assert sum(answer.done() for answer in often) == 2 and not any(answer.done() for answer in (*once, newest))
    assert desk.lookups.refuses("often") and not desk.lookups.refuses("new")
    assert desk.work_off([*once, newest, *often])[0] == "new"
    assert not desk.lookups.refuses("often")


def test_a_failure_belongs_to_who_asked_and_the_queue_goes_on() -> None:
    def find(code: str) -> Receipt:
        if code == "breaks":
            raise RuntimeError
        return FOUND

    lookups = Lookups(find)
    for _ in range(WORKERS + 1):
        with pytest.raises(RuntimeError):
            lookups.ask("a", "breaks").result(10)
    assert lookups.ask("b", "works").result(10) == FOUND


def test_who_stopped_waiting_is_passed_over(desk: Desk) -> None:
    given_up, waiting = desk.lookups.ask("a", "a"), desk.lookups.ask("b", "b")
    assert given_up.cancel()
    assert desk.work_off([waiting]) == ["b"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReportingSite:
    founded = reporting_site.at(tmp_path_factory.mktemp("flood"))
    assert founded.init().returncode == 0
    return founded


def test_during_a_thousand_bad_receipts_a_second_a_real_one_works_within_five_seconds(
    site: ReportingSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real hash and the real store."""
    reporting = site.reporting
    codes = [new_code_of(site, number) for number in range(SECONDS)]
    process, before = psutil.Process(), psutil.Process().memory_info().rss
    real: list[Future[Receipt | None]] = []
    waits: list[float] = []
    most = before
    started = time.monotonic()
    for number in range(A_SECOND * SECONDS):
        reporting.lookups.ask(f"session {number % 500}", new_code())
        if number % A_SECOND == A_SECOND // 2:
            answer = reporting.lookups.ask(f"person {number}", codes[number // A_SECOND])
            asked = time.monotonic()
            answer.add_done_callback(lambda _, since=asked: waits.append(time.monotonic() - since))
            real.append(answer)
        if number % 50 == 0:
            most = max(most, process.memory_info().rss)
            time.sleep(max(0.0, started + number / A_SECOND - time.monotonic()))
    took = time.monotonic() - started
    found = [answer.result(5) for answer in real]
    with capsys.disabled():
        print(f"\n{A_SECOND * SECONDS} bad receipts in {took:.1f} s: real ones after at most {max(waits):.2f} s")
    assert [receipt.status if receipt else None for receipt in found] == ["new"] * SECONDS
    assert max(waits) < 5 and most - before < 64 * MEBIBYTE * (WORKERS + 1)


def new_code_of(site: ReportingSite, number: int) -> str:
    return site.send(f"{number:032x}", Ticket(created=CREATED, recipients=("ngo",)))
