"""Coming in and going out: login, second factor, lock, logout."""

import asyncio
import time
from typing import Any, Optional

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import security
from bot.desk import guard, second_factor
from bot.desk.doors import Entrance
from bot.desk.guard import KEYS, Elsewhere, Refused, console
from bot.desk.opening import Busy
from bot.desk.qr import drawn
from bot.desk.second_factor import SecondFactor
from bot.desk.sessions import WHO, Session

router = APIRouter()
_FACTOR = "factor"
"""The drawer with a secret that no phone has confirmed yet."""


@router.get("/login")
async def login_page(request: Request) -> Response:
    """The form to log in."""
    return await _login(request)


@router.post("/login")
async def log_in(request: Request) -> Response:
    """Open a desk with name, passphrase and, where it is set up, the second factor."""
    fields = await guard.own_form(request)
    parts = console(request)
    desk, name, passphrase, code = (fields.get(field, "") for field in ("desk", "name", "passphrase", "code"))
    entrance = await _open(request, desk, name, passphrase, code)
    if entrance is None:
        return await _login(request, 403, "login_wrong")
    parts.sessions.forget(guard.cookie(request))
    token, session = parts.sessions.start()
    member = entrance.member
    who = {"desk": member.desk, "name": member.name, "member": member.id, "enrolled": entrance.enrolled}
    who["role"] = entrance.seat.role.value
    session.put(WHO, who)
    session.put(KEYS, entrance.kept)
    response = guard.go(request, "/")
    cookie = guard.cookie_name(request)
    response.set_cookie(cookie, token, path="/", httponly=True, samesite="strict", secure=security.is_secure(cookie))
    return response


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session: what it held is gone at once."""
    await guard.sent(request, guard.found(request))
    console(request).sessions.forget(guard.cookie(request))
    response = guard.go(request, "/login")
    name = guard.cookie_name(request)
    response.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=security.is_secure(name))
    return response


@router.get("/locked")
async def locked_page(request: Request) -> Response:
    """The form that opens a locked session."""
    session = guard.found(request)
    return _locked(request, session) if session.locked else guard.go(request, "/")


@router.post("/lock")
async def lock(request: Request) -> Response:
    """Lock the session at once."""
    session = guard.found(request)
    await guard.sent(request, session)
    session.lock()
    return guard.go(request, "/locked")


@router.post("/locked")
async def unlock(request: Request) -> Response:
    """Open a locked session with the passphrase."""
    session = guard.found(request)
    fields = await guard.sent(request, session)
    who = session.get(WHO)
    entrance = await _open(request, who["desk"], who["name"], fields.get("passphrase", ""), None)
    if entrance is None or entrance.member.id != who["member"]:
        return _locked(request, session, 403, "unlock_wrong")
    # It may have ended while the passphrase was tried.
    guard.found(request).unlock(KEYS, entrance.kept)
    return guard.go(request, "/")


@router.get("/second-factor")
async def second_factor_page(request: Request) -> Response:
    """How to set up the second factor, until it is set up."""
    return await _enrol(request)


@router.post("/second-factor")
async def confirm_second_factor(request: Request) -> Response:
    """Set up the second factor, once a first code shows that the phone has it; tell the recovery codes."""
    work = await guard.on_duty(request, enrolling=True)
    fields = await guard.sent(request, work.session)
    _not_twice(work.session)
    offered = SecondFactor(bytes.fromhex(work.session.get(_FACTOR)))
    confirmed = second_factor.accept(offered, fields.get("code", ""), time.time())
    if confirmed is None:
        return await _enrol(request, 403, "code_wrong")
    codes = second_factor.new_recovery_codes()
    factor = second_factor.with_recovery(confirmed, codes)
    if not await asyncio.to_thread(console(request).doors.enrol, work.seat, factor):
        raise Refused(409, "enrolled_elsewhere")
    _let_in(work.session)
    return console(request).pages.answer(request, "recovery.html", {**work.values(), "codes": codes})


@router.post("/second-factor/later")
async def without_second_factor(request: Request) -> Response:
    """Go on without it: in a demo alone, whose desk holds no real reports."""
    work = await guard.on_duty(request, enrolling=True)
    await guard.sent(request, work.session)
    if not console(request).settings.demo:
        raise Refused(403, "refused")
    _let_in(work.session)
    return guard.go(request, "/")


async def _open(request: Request, desk: str, name: str, passphrase: str, code: Optional[str]) -> Optional[Entrance]:
    try:
        return await console(request).opening.open(desk, name, passphrase, code)
    except Busy:
        raise Refused(503, "busy") from None


async def _login(request: Request, status: int = 200, *happened: str) -> Response:
    parts = console(request)
    known = await asyncio.to_thread(parts.doors.names)
    desks = [(desk, guard.desk_name(parts.site, desk)) for desk in known]
    return parts.pages.answer(request, "login.html", {"desks": desks}, status, happened)


def _locked(request: Request, session: Session, status: int = 200, *happened: str) -> Response:
    values = {"csrf": session.csrf, "name": session.get(WHO)["name"]}
    return console(request).pages.answer(request, "locked.html", values, status, happened)


async def _enrol(request: Request, status: int = 200, *happened: str) -> Response:
    work = await guard.on_duty(request, enrolling=True)
    session = work.session
    _not_twice(session)
    if not session.holds(_FACTOR):
        session.put(_FACTOR, second_factor.new_secret().hex())
    secret = bytes.fromhex(session.get(_FACTOR))
    address = second_factor.address(secret, work.seat.desk, work.seat.member.name)
    shown = {"secret": second_factor.written(secret), "address": address, "picture": drawn(address)}
    values: dict[str, Any] = {**work.values(), **shown}
    return console(request).pages.answer(request, "second_factor.html", values, status, happened)


def _not_twice(session: Session) -> None:
    if session.get(WHO)["enrolled"]:
        raise Elsewhere("/")


def _let_in(session: Session) -> None:
    session.put(WHO, {**session.get(WHO), "enrolled": True})
    session.drop(_FACTOR)
