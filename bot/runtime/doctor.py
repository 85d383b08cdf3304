"""Whether this machine can run Oberih: what is there, what is missing, and what to do about it."""

import platform
import shutil
import socket
import sys
from datetime import date
from typing import Any

from bot.knowledge.files import KnowledgeError
from bot.language.embedding import E5Embedding, EmbeddingError
from bot.runtime import models
from bot.runtime.services import load_knowledge
from bot.settings import Settings

_FREE_GIGABYTES = 1.0


def examine(settings: Settings) -> dict[str, Any]:
    """Return one line per matter; `ok` says whether the chat can run."""
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "embedding": _embedding(),
        "knowledge": _knowledge(),
        "models": _models(settings),
        "disk": _disk(settings),
        "port": _port(settings),
    }
    report["ok"] = all(str(report[name]).startswith("fine") for name in ("embedding", "knowledge", "disk"))
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
    paths = (models.offers_path(settings), models.danger_path(settings), models.rasa_path(settings))
    missing = [path.name for path in paths if not path.exists()]
    return f"missing {', '.join(missing)}: run `oberih train`" if missing else "fine"


def _disk(settings: Settings) -> str:
    folder = settings.var if settings.var.exists() else settings.var.parent
    free = shutil.disk_usage(folder).free / 1e9
    return "fine" if free >= _FREE_GIGABYTES else f"only {free:.1f} GB free: make room for {_FREE_GIGABYTES:.0f} GB"


def _port(settings: Settings) -> str:
    with socket.socket() as probe:
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    return f"{settings.port} is in use (the chat may be running)" if taken else "fine"
