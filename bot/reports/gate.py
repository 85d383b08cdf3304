"""Whether a desk is awake: reports are taken in only where somebody reads them (DESIGN sections 1.4 and 9).

Known of a desk is one hour each: of the last login, and since which something urgent waits unseen. Both are
cut down to the full hour, so that they tell little to a thief, and so that the gate acts early, never late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Optional

from bot.site import Gate


class Awake(str, Enum):
    """How it stands with a desk: `awake`; `overdue`, and its on-duty contact is called; `asleep`: intake is closed."""

    AWAKE = "awake"
    OVERDUE = "overdue"
    ASLEEP = "asleep"


@dataclass(frozen=True)
class Watch:
    """What is known of a desk, as full hours with their time zone; None where it never was or no longer is so."""

    desk: str
    last_login: Optional[datetime] = None
    urgent_since: Optional[datetime] = None
    paged: Optional[datetime] = None


def hour_of(moment: datetime) -> datetime:
    """Return the full hour that a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def awake(watch: Watch, limits: Gate, now: datetime) -> Awake:
    """Return how it stands with a desk. One where nobody ever logged in is asleep: nobody may be there at all."""
    deadline = overdue_at(watch, limits)
    if deadline is None or now >= deadline + timedelta(minutes=limits.grace_minutes):
        return Awake.ASLEEP
    return Awake.OVERDUE if now >= deadline else Awake.AWAKE


def overdue_at(watch: Watch, limits: Gate) -> Optional[datetime]:
    """Return when somebody must have logged in again, or None where nobody ever did."""
    if watch.last_login is None:
        return None
    login = watch.last_login + timedelta(hours=limits.no_login_hours)
    if watch.urgent_since is None:
        return login
    return min(login, watch.urgent_since + timedelta(hours=limits.urgent_unread_hours))
