"""The desk's console over HTTP with many tickets, sealed for real, on both databases.

For each size, a training site is founded and filled: tickets of a year, in the words of `evaluation/data/offers.jsonl`,
each edited so that none is a copy of another, one in four still new. Then the console is served as it always is, in a
process of its own, a member logs in, and every page is asked for in turn by one browser. `index_tickets_per_second`
counts from the first page after the login until the queue is shown. On top, a flood: 10,000 reports edited from 50
templates over 20 real ones, once plain and once loud (`evaluation/floods.py`).
"""

import contextlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import httpx
import psutil
from sqlalchemy import create_engine, text

from bot import PROJECT_ROOT
from bot.privacy.index_tags import seal_tags
from bot.reports.rating import rated
from bot.reports.ticket import Identifier, Moment, Place, Stage, Ticket, When
from bot.runtime import founding
from bot.runtime.bodies import clear_fields, seal_body
from bot.runtime.desk_session import DeskSession, log_in
from bot.runtime.linking import tagged
from bot.settings import Settings, load
from bot.store import tables
from bot.store.database import Database
from evaluation.bench_chat import free_port
from evaluation.floods import REAL, edited, flood, real
from evaluation.records import read

SIZES = {"postgresql": (1_000, 100_000), "sqlite": (1_000, 10_000)}
FLOOD = 10_000
ROUNDS = 25
_SERVER = os.environ.get("OBERIH_TEST_POSTGRES", "postgresql://127.0.0.1:5432/test")
_AT_ONCE = 2_000
_STATES = ("new", "accepted", "rejected", "done")
_FIRST_SCREEN = 25
_READY_SECONDS = 300.0


@dataclass(frozen=True)
class Filled:
    """A site with tickets: its settings, and who may log in."""

    settings: Settings
    member: founding.FirstMember
    ids: tuple[str, ...]


def measure(sizes: Mapping[str, tuple[int, ...]] = SIZES, flooded: int = FLOOD) -> dict[str, Any]:
    """Measure; times in milliseconds are medians, `growth` is that of the slowest growing page."""
    groups: dict[str, Any] = {}
    for kind, several in sizes.items():
        for count in several:
            with _site(kind) as settings:
                filled = _fill(settings, _ordinary(count))
                groups[f"{kind} {count}"] = _figures(filled)
    for loud in (False, True):
        with _site("sqlite") as settings:
            groups[f"flood {'loud' if loud else 'plain'}"] = _first_screen(settings, flooded, loud=loud)
    return {**_worst(groups, sizes), **groups}


def _worst(groups: Mapping[str, Any], sizes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """Return the figures of the larger sizes, the worse of both databases."""
    large = [groups[f"{kind} {several[-1]}"] for kind, several in sizes.items()]
    small = [groups[f"{kind} {several[0]}"] for kind, several in sizes.items()]
    timed = ("queue_ms", "ticket_ms", "search_ms")
    growth = max(many[name] / few[name] for many, few in zip(large, small, strict=True) for name in timed)
    return {
        "rows": max(many["rows"] for many in large),
        **{name: max(many[name] for many in large) for name in timed},
        "index_tickets_per_second": min(many["index_tickets_per_second"] for many in large),
        "memory_mb": max(many["memory_mb"] for many in large),
        "growth": round(growth, 2),
    }


@contextlib.contextmanager
def _site(kind: str) -> Iterator[Settings]:
    """Give the settings of a site of its own, in an empty database."""
    with tempfile.TemporaryDirectory(prefix="oberih-bench-") as folder:
        own = {"OBERIH_VAR": f"{folder}/var", "OBERIH_SITE": f"{folder}/none.yml", "OBERIH_DESK_PORT": str(free_port())}
        if kind == "sqlite":
            yield load(own)
            return
        schema = f"bench_{uuid.uuid4().hex}"
        _run(f"CREATE SCHEMA {schema}")
        try:
            yield load({**own, "OBERIH_DATABASE": f"{_SERVER}?options=-csearch_path%3D{schema}"})
        finally:
            _run(f"DROP SCHEMA {schema} CASCADE")


def _run(statement: str) -> None:
    engine = create_engine(_SERVER, future=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _ordinary(count: int) -> Iterator[tuple[Ticket, str, date]]:
    """Yield tickets of a year, with their state and the day of their last change."""
    chance, now = random.Random(1), datetime.now(timezone.utc).replace(microsecond=0)
    adverts = [row["text"] for row in read("offers", None)]
    words = " ".join(adverts).split()
    for number in range(count):
        created = now - timedelta(days=365 * number / count)
        phone = Identifier(value=f"+38050{chance.randrange(count):07}", type="phone")
        ticket = Ticket(
            created=created,
            offer=edited(" ".join(chance.sample(adverts, 2)), words, chance, 0.5),
            narrative=" ".join(chance.sample(words, 40)),
            place=Place(country=chance.choice(("DE", "PL", "UA", "CZ")), words=" ".join(chance.sample(words, 3))),
            when=When(moment=chance.choice((None, *Moment))),
            stage=chance.choice((None, *Stage)),
            identifiers=(phone,),
        )
        yield rated(ticket), chance.choice(_STATES), created.date()


def _fill(settings: Settings, tickets: Iterable[tuple[Ticket, str, date]]) -> Filled:
    """Found a training site and store tickets as the chat does it, each as far behind as a desk at work leaves it."""
    member = founding.found_training_site(settings)
    if member is None:
        raise OSError("The bench needs an empty database.")
    session = log_in(settings, "training", member.name, member.passphrase)
    database, ids, rows = Database(settings.database_url), [], []
    for ticket, state, day in tickets:
        rows.append((os.urandom(16).hex(), ticket, state, day))
        ids.append(rows[-1][0])
        if len(rows) == _AT_ONCE:
            _store(database, session, rows)
            rows.clear()
    _store(database, session, rows)
    if database.path is None:
        _run_analyze(settings)
    database.close()
    return Filled(settings, member, tuple(ids))


def _run_analyze(settings: Settings) -> None:
    """What the server does by itself some minutes after so many rows came in."""
    engine = create_engine(settings.database_url, future=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _store(database: Database, session: DeskSession, rows: list[tuple[str, Ticket, str, date]]) -> None:
    if not rows:
        return
    recipient, key = session.opened.keys.recipient, session.opened.keys.index_key
    tags = [os.urandom(32) for _ in rows]
    with database.write() as connection:
        connection.execute(
            tables.ticket.insert(),
            [
                {
                    "id": id, "desk": session.desk, **clear_fields(ticket), "state": state, "touched": day,
                    "sealed_body": seal_body(id, 1, ticket, (tag, recipient), session.vouching_key, recipient),
                    "receipt_tag": tag, "question_recipient": recipient, "generation": 1,
                    "indexed": "shared" if state == "accepted" else "desk",
                }
                for (id, ticket, state, day), tag in zip(rows, tags, strict=True)
            ],
        )  # fmt: skip
        entries = [
            {"ticket": id, "own": seal_tags(key, id, tagged(key, session.leads.of(ticket)))}
            for id, ticket, _, _ in rows
        ]
        connection.execute(tables.index_entry.insert(), entries)


def _figures(filled: Filled) -> dict[str, Any]:
    with _served(filled.settings) as process, _browser(filled) as browser:
        began = time.perf_counter()
        csrf = _until_read(browser)
        built = time.perf_counter() - began
        chance = random.Random(2)
        ids, words = chance.sample(filled.ids, ROUNDS), [row["text"].split()[2] for row in read("offers", None)]
        return {
            "rows": len(filled.ids),
            "queue_ms": _median(lambda _: browser.get("/"), ids),
            "ticket_ms": _median(lambda id: browser.get(f"/tickets/{id}"), ids),
            "search_ms": _median(
                lambda word: browser.post("/queue", data={"csrf": csrf, "state": "new", "query": word}, headers=_HTMX),
                chance.sample(words, ROUNDS),
            ),
            "filter_ms": _median(
                lambda country: browser.post("/queue", data={"csrf": csrf, "country": country}, headers=_HTMX),
                ["DE", "PL", "UA", "CZ", ""] * (ROUNDS // 5),
            ),
            "index_tickets_per_second": round(len(filled.ids) / built),
            "memory_mb": round(psutil.Process(process.pid).memory_info().rss / 2**20),
        }


_HTMX = {"hx-request": "true"}


def _median(ask: Any, values: list[str]) -> float:
    """Return how long an answer takes, in milliseconds; the first one is not counted."""
    times = []
    for value in values:
        began = time.perf_counter()
        answer = ask(value)
        times.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise OSError(f"The desk answered {answer.status_code}.")
    return round(statistics.median(times[1:]), 1)


def _first_screen(settings: Settings, count: int, *, loud: bool) -> dict[str, Any]:
    """Return how many of the real reports are on the first screen over a flood, and how many lines that flood takes."""
    now = datetime.now(timezone.utc).replace(microsecond=0)
    tickets = [*real(now), *flood(count, now, random.Random(3), loud=loud)]
    filled = _fill(settings, ((ticket, "new", now.date()) for ticket in tickets))
    with _served(settings), _browser(filled) as browser:
        began = time.perf_counter()
        _until_read(browser)
        built = time.perf_counter() - began
        page = browser.get("/").text
        shown = re.findall(r'class="open" href="/tickets/([0-9a-f]{32})"', page)
        lines = re.search(r"of (\d+) lines", page)
        return {
            "rows": count,
            "real_on_first_screen": len(set(shown[:_FIRST_SCREEN]) & set(filled.ids[:REAL])),
            "lines": int(lines.group(1)) if lines else len(shown),
            "queue_ms": _median(lambda _: browser.get("/"), ["", ""] * 5),
            "index_tickets_per_second": round(len(filled.ids) / built),
        }


@contextlib.contextmanager
def _served(settings: Settings) -> "Iterator[subprocess.Popen[bytes]]":
    """Serve the console in a process of its own, as it always is, until the block ends."""
    environment = {
        **os.environ,
        "OBERIH_VAR": str(settings.var), "OBERIH_SITE": str(settings.site), "OBERIH_DATABASE": settings.database_url,
        "OBERIH_DESK_PORT": str(settings.desk_port),
    }  # fmt: skip
    program = "from bot.desk.app import serve; from bot.settings import load; serve(load())"
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", program], cwd=PROJECT_ROOT, env=environment)
    try:
        _wait(f"http://127.0.0.1:{settings.desk_port}/health", process)
        yield process
    finally:
        process.terminate()
        process.wait(15)


def _wait(health: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(health).status_code == 200:
                return
        time.sleep(0.1)
    raise OSError(f"The desk was not ready in {_READY_SECONDS:.0f} s.")


@contextlib.contextmanager
def _browser(filled: Filled) -> Iterator[httpx.Client]:
    """Give a member's browser, logged in."""
    with httpx.Client(base_url=f"http://127.0.0.1:{filled.settings.desk_port}", timeout=600) as browser:
        fields = {"desk": "training", "name": filled.member.name, "passphrase": filled.member.passphrase}
        browser.post("/login", data=fields)
        browser.post("/second-factor/later", data={"csrf": _csrf(browser.get("/second-factor").text)})
        yield browser


def _until_read(browser: httpx.Client) -> str:
    """Ask for the queue until every ticket is read, as the page does it; return the session's token for forms."""
    page = browser.get("/").text
    csrf = _csrf(page)
    reading = 'id="reading"' in page
    while reading:
        answer = browser.post("/reading", data={"csrf": csrf}, headers=_HTMX)
        reading = "hx-redirect" not in answer.headers
    if 'id="results"' not in browser.get("/").text:
        raise OSError("The desk shows no queue.")
    return csrf


def _csrf(page: str) -> str:
    found = re.search('csrf"(?: value=|: )"([0-9a-f]{64})"', page)
    if found is None:
        raise OSError("The desk shows no form.")
    return found.group(1)
