"""How an invited person comes in: the code, a name and a passphrase of their own, one-time codes, and a number to tell.

Nobody is logged in here. What a person began lies in a session of its own, which opens no desk.
"""

import asyncio
import time
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import security
from bot.desk import guard, second_factor
from bot.desk.guard import Elsewhere, Refused, console
from bot.desk.opening import Busy
from bot.desk.qr import drawn
from bot.desk.second_factor import SecondFactor
from bot.desk.sessions import Session
from bot.desk.suggesting import suggestion
from bot.privacy.delegates import member_id
from bot.privacy.passphrases import WeakPassphrase
from bot.privacy.powers import Role
from bot.privacy.roster import RosterError
from bot.runtime import joining
from bot.runtime.joining import Asked, NameTaken
from bot.runtime.member_names import NameRefused
from bot.runtime.seat import DeskError
from bot.store.errors import StoreRefused
from bot.store.invitations import Invitations

router = APIRouter(prefix="/join")
_ASKED, _FACTOR = "asked", "factor"


@router.get("")
async def begin(request: Request) -> Response:
    """The form: code, name, passphrase."""
    return _form(request)


@router.post("")
async def ask(request: Request) -> Response:
    """Ask to be admitted, and go on to the one-time codes."""
    fields = await guard.own_form(request)
    code, name, passphrase = (fields.get(field, "") for field in ("invitation", "name", "passphrase"))
    if passphrase != fields.get("again", ""):
        return _form(request, 400, "passphrases_differ")
    parts = console(request)
    try:
        asked = await parts.opening.run(joining.ask, parts.settings, code, name, passphrase)
    except Busy:
        raise Refused(503, "busy") from None
    except (WeakPassphrase, NameRefused, NameTaken, RosterError, DeskError, StoreRefused) as error:
        return _form(request, 400, _what_to_change(error))
    parts.sessions.forget(guard.cookie(request))
    token, session = parts.sessions.start()
    session.put(_ASKED, asked.__dict__)
    session.put(_FACTOR, second_factor.new_secret().hex())
    response = guard.go(request, "/join/codes")
    cookie = guard.cookie_name(request)
    response.set_cookie(cookie, token, path="/", httponly=True, samesite="strict", secure=security.is_secure(cookie))
    return response


@router.get("/codes")
async def codes_page(request: Request) -> Response:
    """How to set up one-time codes."""
    return _codes(request, _begun(request))


@router.post("/codes")
async def confirm_codes(request: Request) -> Response:
    """Store the second factor, once a first code shows that the phone has it; tell recovery codes and the number."""
    session = _begun(request)
    fields = await guard.sent(request, session)
    asked, offered = _asked(session), SecondFactor(bytes.fromhex(session.get(_FACTOR)))
    confirmed = second_factor.accept(offered, fields.get("code", ""), time.time())
    if confirmed is None:
        return _codes(request, session, 403, "code_wrong")
    codes = second_factor.new_recovery_codes()
    factor = second_factor.with_recovery(confirmed, codes)
    sealed = second_factor.sealed(factor, member_id(asked.recipient), asked.recipient)
    parts = console(request)
    store = Invitations(parts.doors.database)
    stored = await asyncio.to_thread(store.add_factor, asked.invitation, asked.recipient, sealed)
    if not stored:
        raise Refused(409, "joined_meanwhile")
    return _end(request, asked, codes)


@router.post("/later")
async def without_codes(request: Request) -> Response:
    """Go on without: they are set up at the first login instead."""
    session = _begun(request)
    await guard.sent(request, session)
    return _end(request, _asked(session), ())


def _form(request: Request, status: int = 200, *happened: str) -> Response:
    return console(request).pages.answer(request, "join.html", {"suggestion": suggestion()}, status, happened)


def _codes(request: Request, session: Session, status: int = 200, *happened: str) -> Response:
    asked, secret = _asked(session), bytes.fromhex(session.get(_FACTOR))
    address = second_factor.address(secret, asked.desk, asked.name)
    values: dict[str, Any] = {
        "csrf": session.csrf,
        "secret": second_factor.written(secret),
        "address": address,
        "picture": drawn(address),
    }
    return console(request).pages.answer(request, "join_codes.html", values, status, happened)


def _end(request: Request, asked: Asked, codes: tuple[str, ...]) -> Response:
    parts = console(request)
    parts.sessions.forget(guard.cookie(request))
    values = {
        "name": asked.name,
        "desk_name": guard.desk_name(parts.site, asked.desk),
        "role": str(asked.role.value),
        "number": asked.number,
        "codes": codes,
    }
    return parts.pages.answer(request, "joined.html", values)


def _begun(request: Request) -> Session:
    session = console(request).sessions.find(guard.cookie(request))
    if session is None or not session.holds(_ASKED):
        raise Elsewhere("/join")
    return session


def _asked(session: Session) -> Asked:
    return Asked(**{**session.get(_ASKED), "role": Role(session.get(_ASKED)["role"])})


def _what_to_change(error: Exception) -> str:
    if isinstance(error, WeakPassphrase):
        return "passphrase_weak"
    if isinstance(error, NameRefused):
        return "name_refused"
    if isinstance(error, NameTaken):
        return "name_taken"
    return "invitation_wrong" if isinstance(error, RosterError) else "invitation_gone"
