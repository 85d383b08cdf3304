"""Whether this machine can run Oberih: what is there, what is missing, and what to do about it."""

import platform
import shutil
import socket
import sys
from datetime import date, datetime, timezone
from typing import Any

from bot.channels.telegram.token import read_token
from bot.desk.translate.provider import finding
from bot.knowledge.files import KnowledgeError
from bot.language.embedding import E5Embedding, EmbeddingError
from bot.privacy.pins import PinError
from bot.reports.gate import Awake, Watch, awake
from bot.runtime import key_folder, models, safe_start
from bot.runtime.key_folder import KeyFolderError
from bot.runtime.services import load_knowledge
from bot.settings import Settings, SettingsError
from bot.site import SiteError, load_site
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.watch import Watches

_FREE_GIGABYTES = 1.0
_NEEDED = (
    "embedding",
    "knowledge",
    "disk",
    "site",
    "keys",
    "database",
    "private_keys",
    "production",
    "telegram",
    "translation",
    "desk",
)


def examine(settings: Settings) -> dict[str, Any]:
    """Return one line per matter; `ok` says whether the chat can run."""
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "embedding": _embedding(),
        "knowledge": _knowledge(),
        "models": _models(settings),
        "site": _site(settings),
        "keys": _keys(settings),
        "database": _database(settings),
        "intake": _intake(settings),
        "private_keys": " ".join(safe_start.private_keys(settings)) or "fine: none lies unencrypted on disk",
        "production": _production(settings),
        "telegram": _telegram(settings),
        "disk": _disk(settings),
        "port": _port(settings),
        "translation": _translation(settings),
        "desk": " ".join(safe_start.desk_way_in(settings)) or _desk(settings),
    }
    report["ok"] = all(str(report[name]).startswith("fine") for name in _NEEDED)
    return report


def _embedding() -> str:
    try:
        E5Embedding()(["test"])
    except EmbeddingError as error:
        return str(error)
    return "fine"


def _knowledge() -> str:
    try:
        knowledge = load_knowledge()
    except KnowledgeError as error:
        return str(error)
    due = sum(line.next_check_due < date.today() for country in knowledge.countries.values() for line in country.lines)
    overdue = f"; {due} numbers are due for a check" if due else ""
    return f"fine: {len(knowledge.catalogue.signs)} signs, {len(knowledge.countries)} countries{overdue}"


def _models(settings: Settings) -> str:
    where = (models.offers_path, models.danger_path, models.language_path, models.rasa_path)
    paths = [path(settings) for path in where]
    missing = [path.name for path in paths if not path.exists()]
    return f"missing {', '.join(missing)}: run `oberih train`" if missing else "fine"


def _site(settings: Settings) -> str:
    try:
        site = load_site(settings.site)
    except SiteError as error:
        return str(error)
    if site is None:
        return f"fine: reporting is closed, because there is no {settings.site}"
    taking = sum(desk.takes_reports for desk in site.desks)
    return f"fine: {len(site.desks)} desks, {taking} of them take reports"


def _keys(settings: Settings) -> str:
    if not key_folder.begun(settings.key_folder):
        return "fine: reporting is closed, because this site has no keys yet"
    try:
        keys = key_folder.read(settings.key_folder)
    except (KeyFolderError, PinError) as error:
        return str(error)
    pinned = ", ".join(sorted(keys.pins.chains)) or "none"
    return f"fine: desks pinned: {pinned}; compare the root with the recovery paper: {keys.root[:16]}…"


def _database(settings: Settings) -> str:
    if not key_folder.exists(settings.key_folder):
        return "fine: none is needed before this site has keys"
    try:
        database = Database(settings.database_url)
        database.check()
    except StoreUnavailable as error:
        return str(error)
    return f"fine: {database.name}"


def _intake(settings: Settings) -> str:
    """Say which desks are awake; not counted against the machine, because a new site has no login yet."""
    if settings.demo or not key_folder.exists(settings.key_folder):
        return "fine: no desk has to be awake here"
    try:
        site = load_site(settings.site)
        if site is None:
            return f"there is no {settings.site}"
        watches = Watches(Database(settings.database_url)).all()
    except (SiteError, StoreUnavailable) as error:
        return str(error)
    now = datetime.now(timezone.utc)
    states = {
        desk.id: awake(watches.get(desk.id, Watch(desk.id)), site.gate, now).value
        for desk in site.desks
        if desk.takes_reports
    }
    told = "" if site.gate.on_duty else "; nobody is told, because site.yml names no gate on_duty"
    said = ", ".join(f"{desk} is {state}" for desk, state in states.items()) or "no desk takes reports"
    return f"{'fine: ' if set(states.values()) <= {Awake.AWAKE.value} else ''}{said}{told}"


def _production(settings: Settings) -> str:
    if settings.demo:
        return "fine: this is a demo"
    return " ".join(safe_start.production(settings)) or f"fine: {settings.public_url}"


def _telegram(settings: Settings) -> str:
    if settings.telegram_token_file is None:
        return "fine: there is no bot, because OBERIH_TELEGRAM_TOKEN_FILE is not set"
    try:
        read_token(settings.telegram_token_file)
    except SettingsError as error:
        return str(error)
    return f"fine: {settings.telegram_mode}; `oberih telegram doctor` asks Telegram"


def _translation(settings: Settings) -> str:
    try:
        return finding(settings, load_site(settings.site))
    except SiteError:
        return "fine: not looked at before site.yml is in order"


def _disk(settings: Settings) -> str:
    folder = settings.var if settings.var.exists() else settings.var.parent
    free = shutil.disk_usage(folder).free / 1e9
    return "fine" if free >= _FREE_GIGABYTES else f"only {free:.1f} GB free: make room for {_FREE_GIGABYTES:.0f} GB"


def _desk(settings: Settings) -> str:
    if not settings.demo and settings.desk_url is None:
        return "fine: this machine has no console for desks, because OBERIH_DESK_URL is not set"
    return f"fine: {settings.desk_url or f'http://{settings.desk_host}:{settings.desk_port}/'}"


def _port(settings: Settings) -> str:
    with socket.socket() as probe:
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    return f"{settings.port} is in use (the chat may be running)" if taken else "fine"
