"""How long a ticket may still wait: what this desk asks of itself, and when nobody can read it any more. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Literal, Optional

from bot.desk.rows import Row
from bot.desk.words import Words
from bot.site import Retention

URGENT_WITHIN = timedelta(hours=4)
"""By when somebody should have looked at an urgent ticket, unless the departure is earlier."""
_SOON_URGENT, _SOON = timedelta(hours=1), timedelta(days=2)
Pressing = Literal["calm", "soon", "late"]
_ICONS: dict[Pressing, str] = {"calm": "◔", "soon": "◕", "late": "⚠"}


@dataclass(frozen=True)
class Clock:
    """What is shown of a clock; the icon says what the colour says."""

    text: str
    icon: str
    pressing: Pressing


def due(row: Row, terms: Retention) -> datetime:
    """Return by when somebody should have looked at a ticket.

    Urgent ones within four hours, or before the day of the departure begins (UTC) where that comes first and was
    still to come when the report was made; others by the day on which the site warns of unread tickets.
    """
    if not row.urgent:
        return row.created + timedelta(days=terms.alert_unread_after_days)
    within = row.created + URGENT_WITHIN
    if row.deadline is None:
        return within
    leaves = datetime.combine(row.deadline, time(), timezone.utc)
    return min(within, leaves) if leaves > row.created else within


def clock(row: Row, words: Words, now: datetime, terms: Retention) -> Optional[Clock]:
    """Return the clock of a ticket that nobody has taken up yet; None where somebody has."""
    if row.state != "new":
        return None
    left = due(row, terms) - now
    late = left < timedelta(0)
    text = words("clock_late" if late else "clock_left", time=words.length(left))
    if late and not row.urgent:
        text = f"{text} · {_end(row, words, now, terms)}"
    soon = left <= (_SOON_URGENT if row.urgent else _SOON)
    pressing: Pressing = "late" if late else "soon" if soon else "calm"
    return Clock(text, _ICONS[pressing], pressing)


def _end(row: Row, words: Words, now: datetime, terms: Retention) -> str:
    """Return when what nobody took up is erased."""
    left = row.created + timedelta(days=terms.unread_days) - now
    return words("clock_end", time=words.length(left)) if left > timedelta(0) else words("clock_ends")
