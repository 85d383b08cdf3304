"""A program that takes a member out of a desk and dies at one exact step of it; for a process of its own."""

import os
import signal
from typing import Any

from bot.runtime import desk_session, key_folder, rotating, upkeep
from bot.runtime.audit_log import AuditLog
from bot.settings import Settings
from bot.store.desks import Desks
from bot.store.upkeep import Upkeep
from tests.desks import PASSPHRASE

STEPS = {
    "before the entry": (AuditLog, "append", False),
    "before the new secret": (Desks, "begin_rotation", False),
    "after the new secret": (Desks, "begin_rotation", True),
    "before the pins": (key_folder, "write_pins", False),
    "between the pins' two files": (os, "fsync", True),
    "after the pins": (key_folder, "write_pins", True),
    "before the first tickets": (Upkeep, "bring_up", False),
    "after the first tickets": (Upkeep, "bring_up", True),
    "inside the first tickets' transaction": (upkeep._Change, "__call__", True),
    "after the reasons": (AuditLog, "seal_anew", True),
    "after the members": (Desks, "keep_members", True),
    "after the earlier secret": (Desks, "finish_rotation", True),
}
"""What is called at each step, and whether the process dies after it or before."""
COUNTS_FROM = list(STEPS).index("after the pins")
"""From this step on, the new keys count."""


def leave_and_die(settings: Settings, step: str) -> None:
    session = desk_session.log_in(settings, "ngo", "olha", PASSPHRASE)
    upkeep.bring_up(session)
    upkeep._AT_ONCE = 3
    _arm(*STEPS[step])
    rotating.leave(session, "leaver")


def leave(settings: Settings) -> None:
    session = desk_session.log_in(settings, "ngo", "olha", PASSPHRASE)
    upkeep.bring_up(session)
    upkeep._AT_ONCE = 3
    rotating.leave(session, "leaver")


def _arm(owner: Any, name: str, after: bool) -> None:
    original = getattr(owner, name)

    def armed(*arguments: Any) -> Any:
        if owner is os and "pins" not in os.readlink(f"/proc/self/fd/{arguments[0]}"):
            return original(*arguments)
        if after:
            original(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    setattr(owner, name, armed)
