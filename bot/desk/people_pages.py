"""Who belongs to the desk: members, invitations, admission, taking out."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import guard
from bot.desk.chosen import said, say
from bot.desk.doors import kept_of
from bot.desk.guard import KEYS, OnDuty, console
from bot.privacy.powers import HOLDERS, Act, Role, may
from bot.privacy.roster import RosterError
from bot.runtime import people, rotating
from bot.runtime.desk_session import DeskSession
from bot.runtime.seat import DeskError, Seat
from bot.runtime.upkeep import bring_up
from bot.store.errors import StoreRefused, StoreUnavailable
from bot.store.upkeep import Upkeep

router = APIRouter(prefix="/people")


@router.get("")
async def members(request: Request) -> Response:
    """Members, whoever asks to be admitted, open invitations."""
    duty = await guard.on_duty(request)
    shown = await asyncio.to_thread(_shown, duty.seat)
    may_do = {act.value: may(duty.role, act) for act in (Act.INVITE, Act.ADMIT, Act.TAKE_OUT, Act.RESET)}
    values = {
        **duty.values(),
        **shown,
        "may": may_do,
        "own": duty.seat.member.id,
        "roles": list(Role),
    }
    return console(request).pages.answer(request, "people.html", values, 200, said(duty.session))


@router.get("/sealing")
async def sealing(request: Request) -> Response:
    """How many tickets are still to be sealed to the desk's new keys; asked again and again while there are any."""
    duty = await guard.on_duty(request)
    return console(request).pages.answer(request, "_sealing.html", await asyncio.to_thread(_sealing, duty.seat))


@router.post("/invite")
async def invite(request: Request) -> Response:
    """Make an invitation, and show its code once."""
    duty = await guard.on_duty(request)
    fields = await guard.sent(request, duty.session)
    wanted = fields.get("role", "")
    if wanted not in {role.value for role in Role}:
        raise guard.Refused(400, "malformed")
    code = await asyncio.to_thread(people.invite, duty.seat, Role(wanted))
    values = {**duty.values(), "code": code, "role": wanted, "reads": Role(wanted) in HOLDERS}
    return console(request).pages.answer(request, "invited.html", values)


@router.post("/{invitation}/withdraw")
async def withdraw(request: Request, invitation: str) -> Response:
    """Withdraw an invitation, or send away who asks to be admitted by it."""
    duty = await guard.on_duty(request)
    await guard.sent(request, duty.session)
    return await _done(request, duty, "invitation_withdrawn", lambda: people.withdraw(duty.seat, invitation))


@router.post("/{invitation}/admit")
async def admit(request: Request, invitation: str) -> Response:
    """Admit whoever asks by an invitation, once they have told the number that only their key has."""
    work = await guard.at_work(request)
    number = (await guard.sent(request, work.session)).get("number", "")
    return await _done(request, work, "admitted", lambda: people.admit_compared(work.desk, invitation, number))


@router.post("/members/{member}/leave")
async def leave(request: Request, member: str) -> Response:
    """Take a member out: the desk has new keys at once; its tickets are sealed to them after this answer."""
    work = await guard.at_work(request)
    await guard.sent(request, work.session)

    def begin() -> None:
        rotating.begin_leaving(work.desk, people.named(work.desk, member).name)
        work.session.put(KEYS, kept_of(work.desk.opened))

    response = await _done(request, work, "member_left", begin)
    response.background = BackgroundTask(_finish, work.desk)
    return response


@router.post("/members/{member}/reset")
async def reset(request: Request, member: str) -> Response:
    """Take away another member's lost second factor: they set up a new one at their next login."""
    duty = await guard.on_duty(request)
    await guard.sent(request, duty.session)
    return await _done(request, duty, "factor_reset", lambda: people.reset_factor(duty.seat, member))


async def _done(request: Request, duty: OnDuty, text: str, act: Callable[[], object]) -> Response:
    """Do something about people, and go back to their page, which says what became of it."""
    try:
        await asyncio.to_thread(act)
    except people.OtherNumber:
        text = "number_wrong"
    except RosterError:
        text = "not_whom_invited"
    except (DeskError, StoreRefused):
        text = "people_changed"
    say(duty.session, text)
    return guard.go(request, "/people")


def _finish(session: DeskSession) -> None:
    """Seal the desk's tickets to its new keys. What is left over, the next login of any member finishes."""
    with contextlib.suppress(StoreUnavailable, StoreRefused, DeskError):
        bring_up(session)


def _shown(seat: Seat) -> dict[str, Any]:
    return {"members": people.members_of(seat), "waiting": people.waiting_at(seat), **_sealing(seat)}


def _sealing(seat: Seat) -> dict[str, int]:
    """Return how many tickets are still sealed to earlier keys, and how many there are in all, if any are."""
    upkeep = Upkeep(seat.database)
    behind = upkeep.sealed_before(seat.desk, seat.pin.generation)
    return {"behind": behind, "all": upkeep.sealed(seat.desk) if behind else 0}
