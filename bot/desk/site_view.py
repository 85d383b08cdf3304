"""How the site is set up and how it is: what the administrator's pages show. Reading only; all of this blocks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Optional

from bot import PROJECT_ROOT
from bot.knowledge.countries import Country, load_countries
from bot.knowledge.files import state_of
from bot.knowledge.signs import load_catalogue
from bot.reports.gate import Watch, awake, overdue_at
from bot.site import Gate, Retention, Site
from bot.store.database import Database
from bot.store.records import RetentionRecord
from bot.store.retention import Done, Retainer
from bot.store.watch import Watches

_DATA = PROJECT_ROOT / "data"
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Gated:
    """A desk that takes reports: `state` is a word of `Awake`; moments are in UTC, None where there is none."""

    name: str
    state: str
    last_login: Optional[datetime]
    urgent_since: Optional[datetime]
    told: Optional[datetime]
    overdue: Optional[datetime]
    closes: Optional[datetime]


@dataclass(frozen=True)
class Number:
    """A number of the directory; `due` is `overdue`, `soon` or `later`."""

    country: str
    name: str
    home: Optional[str]
    abroad: Optional[str]
    status: str
    next_check: date
    due: str


@dataclass(frozen=True)
class Pack:
    """A file of the signs, the number of signs or languages' wordings in it, and the start of its SHA-256."""

    file: str
    fingerprint: str


@dataclass(frozen=True)
class Signs:
    """Which signs are loaded; `fingerprint` is that of all the files together."""

    signs: int
    sources: int
    languages: tuple[str, ...]
    rules_version: str
    fingerprint: str
    packs: tuple[Pack, ...]


@dataclass(frozen=True)
class Kept:
    """Retention: its terms, what it did last, what is due now, and the day of the next run."""

    terms: Retention
    last: Optional[RetentionRecord]
    due: Done
    next_day: date


def gates(site: Site, database: Database, now: datetime) -> tuple[Gated, ...]:
    """Return how it stands with each desk that takes reports.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    watches = Watches(database).all()
    return tuple(
        _gated(desk.name, watches.get(desk.id, Watch(desk.id)), site.gate, now)
        for desk in site.desks
        if desk.takes_reports
    )


def numbers(today: date) -> tuple[Number, ...]:
    """Return the numbers of the directory, the one that is due first before the others.

    Raises:
        KnowledgeError: a file does not fit.
    """
    found = [
        Number(country.code, line.name, line.home, line.abroad, line.status.value, line.next_check_due, due)
        for country in _directory().values()
        for line in country.lines
        for due in (_due(line.next_check_due, today),)
    ]
    return tuple(sorted(found, key=lambda number: (number.next_check, number.country, number.name)))


def signs(rules_version: str) -> Signs:
    """Return which signs there are; read again once their files were changed. `rules_version`: the indicators'.

    Raises:
        KnowledgeError: a file does not fit.
    """
    return _signs(rules_version, state_of(_DATA / "signs"))


@lru_cache(maxsize=1)
def _signs(rules_version: str, state: object) -> Signs:
    catalogue, folder = load_catalogue(_DATA), _DATA / "signs"
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yml"))}
    packs = tuple(Pack(name, _fingerprint(content)) for name, content in contents.items())
    together = "\n".join(f"{pack.file} {pack.fingerprint}" for pack in packs).encode()
    return Signs(
        signs=len(catalogue.signs),
        sources=len(catalogue.sources),
        languages=tuple(sorted(catalogue.languages)),
        rules_version=rules_version,
        fingerprint=_fingerprint(together),
        packs=packs,
    )


def kept(site: Site, database: Database, now: datetime) -> Kept:
    """Return how retention stands. It runs once a day, in the first minute of the day (UTC) or at the server's start.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    retainer = Retainer(database, site.retention)
    last = retainer.last()
    ran_today = last is not None and last.day == now.date()
    return Kept(site.retention, last, retainer.look(now), now.date() + timedelta(days=1 if ran_today else 0))


@lru_cache(maxsize=1)
def _directory() -> Mapping[str, Country]:
    return load_countries(_DATA)


def _gated(name: str, watch: Watch, limits: Gate, now: datetime) -> Gated:
    overdue = overdue_at(watch, limits)
    return Gated(
        name=name,
        state=awake(watch, limits, now).value,
        last_login=watch.last_login,
        urgent_since=watch.urgent_since,
        told=watch.paged,
        overdue=overdue,
        closes=overdue + timedelta(minutes=limits.grace_minutes) if overdue else None,
    )


def _due(day: date, today: date) -> str:
    if day < today:
        return "overdue"
    return "soon" if day <= today + _SOON else "later"


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
