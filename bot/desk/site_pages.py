"""The site as its administrator sees it: desks, gate, numbers, signs, retention, health. Nothing is changed here."""

import asyncio
import json
import sys
from datetime import datetime, timezone
from typing import Any, Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot import PROJECT_ROOT
from bot.desk import guard, site_view
from bot.desk.guard import Console, Refused, console

router = APIRouter(prefix="/site")
_LONGEST_SECONDS = 90.0
_ONE_AT_A_TIME = "examining"


@router.get("")
async def overview(request: Request) -> Response:
    """One line for each of the pages."""
    parts = console(request)
    return await _page(request, "site.html", await asyncio.to_thread(_overview, parts))


@router.get("/desks")
async def desks(request: Request) -> Response:
    """Desks and where reports go, as the site's file says."""
    parts = console(request)
    return await _page(request, "site_desks.html", {"site": parts.site, "file": str(parts.settings.site)})


@router.get("/gate")
async def gate(request: Request) -> Response:
    """Which desks are awake, and what happens when."""
    parts = console(request)
    gates = await asyncio.to_thread(site_view.gates, parts.site, parts.doors.database, _now())
    values = {"gates": gates, "site": parts.site, "file": str(parts.settings.site)}
    return await _page(request, "site_gate.html", values)


@router.get("/numbers")
async def numbers(request: Request) -> Response:
    """The directory's numbers, and which of them are due for a check."""
    return await _page(
        request, "site_numbers.html", {"numbers": await asyncio.to_thread(site_view.numbers, _now().date())}
    )


@router.get("/signs")
async def signs(request: Request) -> Response:
    """Which signs are loaded."""
    found = await asyncio.to_thread(site_view.signs, console(request).indicators.rules_version)
    return await _page(request, "site_signs.html", {"signs": found})


@router.get("/retention")
async def retention(request: Request) -> Response:
    """How long what is kept, what was erased last, and what is due."""
    parts = console(request)
    kept = await asyncio.to_thread(site_view.kept, parts.site, parts.doors.database, _now())
    return await _page(request, "site_retention.html", {"kept": kept, "file": str(parts.settings.site)})


@router.get("/health")
async def health(request: Request) -> Response:
    """The button that asks doctor."""
    return await _page(request, "site_health.html", {"report": None})


@router.post("/health")
async def examine(request: Request) -> Response:
    """What doctor finds, asked now in a process of its own: it loads models that this one does not need."""
    duty = await guard.on_duty(request)
    await guard.sent(request, duty.session)
    report = await _doctor(request)
    values = {**duty.values(), "report": report}
    return console(request).pages.answer(request, "site_health.html", values)


async def _page(request: Request, template: str, values: dict[str, Any]) -> Response:
    duty = await guard.on_duty(request)
    return console(request).pages.answer(request, template, {**duty.values(), **values})


def _overview(parts: Console) -> dict[str, Any]:
    now = _now()
    gates = site_view.gates(parts.site, parts.doors.database, now)
    numbers = site_view.numbers(now.date())
    signs = site_view.signs(parts.indicators.rules_version)
    kept = site_view.kept(parts.site, parts.doors.database, now)
    return {
        "site": parts.site,
        "asleep": [gated.name for gated in gates if gated.state != "awake"],
        "overdue": sum(number.due == "overdue" for number in numbers),
        "signs": signs,
        "kept": kept,
    }


async def _doctor(request: Request) -> Optional[dict[str, Any]]:
    """Return what doctor reports, or None where it did not end in time.

    Raises:
        Refused: somebody else is asking it at this moment.
    """
    if getattr(request.app.state, _ONE_AT_A_TIME, False):
        raise Refused(503, "doctor_busy")
    setattr(request.app.state, _ONE_AT_A_TIME, True)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", "doctor", "--json"),
            cwd=PROJECT_ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _LONGEST_SECONDS)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()
            return None
    finally:
        setattr(request.app.state, _ONE_AT_A_TIME, False)
    return _report(output)


def _report(output: bytes) -> Optional[dict[str, Any]]:
    lines = output.decode("utf-8").strip().splitlines()
    try:
        found: dict[str, Any] = json.loads(lines[-1])
    except (IndexError, ValueError):
        return None
    return found


def _now() -> datetime:
    return datetime.now(timezone.utc)
