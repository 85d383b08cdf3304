"""A member's own page: another passphrase, new recovery codes."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.desk import guard, own_keys, second_factor
from bot.desk.guard import OnDuty, Refused, console
from bot.desk.opening import Busy
from bot.desk.suggesting import suggestion
from bot.privacy.passphrases import WeakPassphrase

router = APIRouter(prefix="/me")


@router.get("")
async def own(request: Request) -> Response:
    """The forms."""
    return _own(request, await guard.on_duty(request))


@router.post("/passphrase")
async def change_passphrase(request: Request) -> Response:
    """Lock one's own key under another passphrase."""
    duty = await guard.on_duty(request)
    fields = await guard.sent(request, duty.session)
    before, after = fields.get("passphrase", ""), fields.get("new", "")
    if after != fields.get("again", ""):
        return _own(request, duty, 400, "passphrases_differ")
    try:
        done = await console(request).opening.run(own_keys.change_passphrase, duty.seat, before, after)
    except WeakPassphrase:
        return _own(request, duty, 400, "passphrase_weak")
    except Busy:
        raise Refused(503, "busy") from None
    return _own(request, duty, *((200, "passphrase_changed") if done else (403, "unlock_wrong")))


@router.post("/codes")
async def new_codes(request: Request) -> Response:
    """Make new recovery codes, and show them once."""
    duty = await guard.on_duty(request)
    passphrase = (await guard.sent(request, duty.session)).get("passphrase", "")
    codes = second_factor.new_recovery_codes()
    try:
        done = await console(request).opening.run(own_keys.new_codes, duty.seat, passphrase, codes)
    except Busy:
        raise Refused(503, "busy") from None
    if not done:
        return _own(request, duty, 403, "codes_not_made")
    return console(request).pages.answer(request, "recovery.html", {**duty.values(), "codes": codes})


def _own(request: Request, duty: OnDuty, status: int = 200, *happened: str) -> Response:
    values = {**duty.values(), "role": duty.role.value, "suggestion": suggestion()}
    return console(request).pages.answer(request, "own.html", values, status, happened)
