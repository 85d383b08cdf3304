"""Keys under load, on a founded site in a temporary folder, everything sealed as it really is.

On SQLite and, where a server answers, on PostgreSQL: how long somebody takes to join a desk with many tickets; how
many tickets are sealed anew in a second when somebody leaves; how long a real receipt takes while made-up ones pour in.
And, once each, how much memory twenty people take who log in at the same moment: in the desk's console, and on the
command line, one process each.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import text

from bot import PROJECT_ROOT
from bot.conversation.reporting.draft import ReportDraft
from bot.privacy import receipts
from bot.privacy.powers import Role
from bot.privacy.vouching import vouching_key
from bot.reports.ticket import Identifier, Ticket
from bot.runtime import desk_session, founding, joining, key_folder, people, rotating
from bot.runtime.bodies import clear_fields, seal_body
from bot.runtime.founding import FirstMember
from bot.runtime.reporting import Reporting, reporting_of
from bot.runtime.upkeep import bring_up
from bot.settings import Settings, load
from bot.site import training_site
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.records import TicketRecord
from bot.store.tables import ticket as ticket_table
from evaluation.bench_chat import free_port

SERVER = os.environ.get("OBERIH_TEST_POSTGRES", "postgresql://127.0.0.1:5432/test")
TICKETS = 10_000
LOGINS = 20
FLOOD_A_SECOND = 1_000
FLOOD_SECONDS = 20.0
LOOKUPS = 8
_DESK, _LEAD, _LEAVER = "training", "lead", "leaver"
_WORDS_OF_ALL = "seven quiet herons at dawn"
"""The members' passphrase: nobody's but this bench's."""
_WORDS = "Він забрав її паспорт і не відпускає з роботи, а гроші обіцяє через місяць. " * 6
_INSERTED_AT_ONCE = 500
_READY_SECONDS = 60.0


def measure(tickets: int = TICKETS) -> dict[str, Any]:
    """Return seconds to join, tickets sealed anew a second, seconds for a receipt under flood, and MB of logins."""
    figures: dict[str, Any] = {"tickets": tickets, "logins_at_once": LOGINS}
    for name, address in _databases():
        with tempfile.TemporaryDirectory(prefix="oberih-bench-") as folder, address as url:
            figures[name] = _figures(_found(Path(folder), url), tickets)
    with tempfile.TemporaryDirectory(prefix="oberih-bench-") as folder:
        settings = _found(Path(folder), f"sqlite:///{folder}/var/oberih.db")
        environment = {**os.environ, **_environment(settings)}
        figures["logins"] = {
            "console": _console_logins(environment),
            "command_line": _command_line_logins(environment),
        }
    return figures


def _databases() -> Iterator[tuple[str, Any]]:
    yield "sqlite", _file()
    try:
        with Database(SERVER).read():
            pass
    except StoreUnavailable:
        return
    yield "postgresql", _schema()


@contextmanager
def _file() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="oberih-bench-") as folder:
        yield f"sqlite:///{folder}/private/oberih.db"


@contextmanager
def _schema() -> Iterator[str]:
    name = f"bench_{uuid.uuid4().hex}"
    _run(f"CREATE SCHEMA {name}")
    try:
        yield f"{SERVER}?options=-csearch_path%3D{name}"
    finally:
        _run(f"DROP SCHEMA {name} CASCADE")


def _run(statement: str) -> None:
    with Database(SERVER).write() as connection:
        connection.execute(text(statement))


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "OBERIH_VAR": str(settings.var),
        "OBERIH_SITE": str(settings.site),
        "OBERIH_DATABASE": settings.database_url,
        "OBERIH_MODELS": str(load().model_folder),
    }


def _found(folder: Path, url: str) -> Settings:
    settings = replace(load(), var=folder / "var", site=folder / "none.yml", database_url=url, demo=True)
    founding.found(settings, training_site(), {_DESK: FirstMember(_LEAD, _WORDS_OF_ALL)})
    return settings


def _figures(settings: Settings, tickets: int) -> dict[str, float]:
    _fill(settings, tickets)
    session = desk_session.log_in(settings, _DESK, _LEAD, _WORDS_OF_ALL)
    started = time.perf_counter()
    bring_up(session)
    indexed = time.perf_counter() - started
    code = people.invite(session, Role.INTAKE)
    started = time.perf_counter()
    people.admit(session, joining.ask(settings, code, _LEAVER, _WORDS_OF_ALL).invitation)
    join = time.perf_counter() - started
    started, worked = time.perf_counter(), time.process_time()
    resealed = rotating.leave(session, _LEAVER)
    leave, work = time.perf_counter() - started, time.process_time() - worked
    return {
        "indexed_per_second": round(tickets / indexed, 1),
        "join_seconds": round(join, 2),
        "resealed_per_second": round(resealed / leave, 1),
        "resealed_per_cpu_second": round(resealed / work, 1),
        **_flood(settings),
    }


def _fill(settings: Settings, count: int) -> None:
    """Put tickets on the desk, sealed as the chat does it; their receipts are nobody's."""
    keys = key_folder.read(settings.key_folder)
    pin, vouching, database = keys.pins.current(_DESK), vouching_key(keys.pepper), Database(settings.database_url)
    reporter, now = receipts.question_recipient(secrets.token_bytes(32)), datetime.now(timezone.utc)
    for start in range(0, count, _INSERTED_AT_ONCE):
        rows = []
        for number in range(start, min(start + _INSERTED_AT_ONCE, count)):
            phone = Identifier(type="phone", value=f"+38050{number % (count // 2 or 1):07d}")
            content = Ticket(created=now, recipients=(_DESK,), narrative=f"{number} {_WORDS}", identifiers=(phone,))
            id, tag = secrets.token_hex(16), secrets.token_bytes(32)
            body = seal_body(id, 1, content, (tag, reporter), vouching, pin.recipient)
            rows.append(_row(TicketRecord(
                id=id, desk=_DESK, **clear_fields(content), state="new", sealed_body=body, receipt_tag=tag,
                question_recipient=reporter, generation=pin.generation,
            )))  # fmt: skip
        with database.write() as connection:
            connection.execute(ticket_table.insert(), rows)


def _row(record: TicketRecord) -> dict[str, Any]:
    return dict(vars(record))


def _flood(settings: Settings) -> dict[str, float]:
    """Look a real receipt up, again and again, each time as somebody new, while made-up codes pour in.

    The made-up ones come from as many conversations as one may hold open, each trying over and over.
    """
    reporting = reporting_of(settings)
    assert reporting is not None
    code = receipts.new_code()
    content = Ticket(created=datetime.now(timezone.utc), recipients=(_DESK,), narrative=_WORDS)
    assert reporting.send(ReportDraft(code, secrets.token_hex(16), content.created.isoformat()), content) == "sent"
    stop, sent = threading.Event(), [0]
    flood = threading.Thread(target=_pour, args=(reporting, stop, sent))
    flood.start()
    time.sleep(2.0)
    began, before, waits = time.perf_counter(), sent[0], []
    for number in range(LOOKUPS):
        started = time.perf_counter()
        found = reporting.lookups.ask(f"real {number}", code).result()
        assert found is not None and found.ticket is not None
        waits.append(time.perf_counter() - started)
        time.sleep(max(0.0, FLOOD_SECONDS / LOOKUPS - waits[-1]))
    a_second = (sent[0] - before) / (time.perf_counter() - began)
    stop.set()
    flood.join()
    return {
        "bad_receipts_per_second": round(a_second, 1),
        "receipt_seconds": round(statistics.median(waits), 2),
        "slowest_receipt_seconds": round(max(waits), 2),
    }


def _pour(reporting: Reporting, stop: threading.Event, sent: list[int]) -> None:
    started = time.perf_counter()
    while not stop.is_set():
        due = int((time.perf_counter() - started) * FLOOD_A_SECOND)
        for _ in range(min(due - sent[0], FLOOD_A_SECOND)):
            session = f"flood {sent[0] % 50}"
            if not reporting.lookups.refuses(session):
                reporting.lookups.ask(session, receipts.new_code())
            sent[0] += 1
        time.sleep(0.005)


class _Peak:
    """The most memory that processes and their children had at the same moment, watched every few milliseconds."""

    def __init__(self, processes: list[psutil.Process]) -> None:
        self._processes = processes
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.bytes = 0

    def __enter__(self) -> "_Peak":
        self.bytes = self._now()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            self.bytes = max(self.bytes, self._now())

    def _now(self) -> int:
        total = 0
        for process in list(self._processes):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total


def _console_logins(environment: dict[str, str]) -> dict[str, float]:
    """Let people log in to the desk's console all at once, over HTTP."""
    port = free_port()
    environment = {**environment, "OBERIH_DESK_PORT": str(port)}
    command = [sys.executable, "-m", "bot.cli", "serve", "--desk"]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        _until_ready(f"{address}/login", server)
        before = psutil.Process(server.pid).memory_info().rss
        with _Peak([psutil.Process(server.pid)]) as peak, ThreadPoolExecutor(LOGINS) as people:
            started = time.perf_counter()
            answers = list(people.map(lambda _: _log_in(address), range(LOGINS)))
            seconds = time.perf_counter() - started
    finally:
        server.terminate()
        server.wait(15)
    return {
        "logged_in": sum(answers),
        "seconds": round(seconds, 1),
        "more_mb": round((peak.bytes - before) / 1e6),
        "in_all_mb": round(peak.bytes / 1e6),
    }


def _log_in(address: str) -> bool:
    fields = {"desk": _DESK, "name": _LEAD, "passphrase": _WORDS_OF_ALL, "code": ""}
    with httpx.Client(base_url=address, timeout=120) as client:
        answer = client.post("/login", data=fields, headers={"Origin": address})
        return answer.status_code == 303


def _until_ready(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise OSError(f"The desk's console ended with code {server.returncode} before it was ready.")
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise OSError(f"The desk's console was not ready in {_READY_SECONDS:.0f} s.")


def _command_line_logins(environment: dict[str, str]) -> dict[str, float]:
    """Let people list the desk's tickets on the command line all at once: each has a process of their own."""
    command = [sys.executable, "-m", "bot.cli", "tickets", "list", "--desk", _DESK]
    pipe = subprocess.PIPE
    started = time.perf_counter()
    people = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        for _ in range(LOGINS)
    ]
    with _Peak([psutil.Process(one.pid) for one in people]) as peak, ThreadPoolExecutor(LOGINS) as hands:
        list(hands.map(lambda one: one.communicate(f"{_WORDS_OF_ALL}\n".encode()), people))
    seconds = time.perf_counter() - started
    return {
        "logged_in": sum(one.returncode == 0 for one in people),
        "seconds": round(seconds, 1),
        "each_mb": round(peak.bytes / LOGINS / 1e6),
        "in_all_mb": round(peak.bytes / 1e6),
    }
