"""The audit log of the desk: filters, whether it is whole, and all of it as a file."""

import asyncio
import json
from datetime import datetime, timezone

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import guard
from bot.desk.audit_view import AuditChoice, audit_view, exported, read
from bot.desk.guard import OnDuty, console
from bot.runtime import key_folder

router = APIRouter(prefix="/audit")
_CHOICE = "audit choice"


@router.get("")
async def log(request: Request) -> Response:
    """The log, as the member last chose to see it."""
    return await _log(request, await guard.on_duty(request))


@router.post("")
async def choose(request: Request) -> Response:
    """Choose what is shown. The choice stays in the session, so the address says nothing of it."""
    duty = await guard.on_duty(request)
    duty.session.put(_CHOICE, AuditChoice.from_form(await guard.sent(request, duty.session)).plain())
    return guard.go(request, "/audit")


@router.post("/file")
async def as_file(request: Request) -> Response:
    """The whole log as JSON, with what is needed to check it elsewhere."""
    duty = await guard.on_duty(request)
    await guard.sent(request, duty.session)
    pins = key_folder.read(duty.seat.settings.key_folder).pins
    found = await asyncio.to_thread(read, duty.seat, pins, "audit_export")
    content = json.dumps(exported(found, pins), ensure_ascii=False, indent=1)
    name = f"audit-{duty.seat.desk}-{datetime.now(timezone.utc):%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)


async def _log(request: Request, duty: OnDuty) -> Response:
    parts = console(request)
    pins = key_folder.read(duty.seat.settings.key_folder).pins
    choice = AuditChoice(**duty.session.get(_CHOICE)) if duty.session.holds(_CHOICE) else AuditChoice()
    found = await asyncio.to_thread(read, duty.seat, pins, "audit")
    view = audit_view(found, choice, parts.pages.words(request))
    return parts.pages.answer(request, "audit.html", {**duty.values(), "audit": view})
