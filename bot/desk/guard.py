"""Who may do what: the session behind a request, and what becomes of requests that have none."""

import asyncio
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web import security
from bot.desk import forms, permits
from bot.desk.doors import DeskChanged, Doors
from bot.desk.opening import Opening
from bot.desk.pages import Pages
from bot.desk.sessions import WHO, Session, Sessions
from bot.desk.told import Told
from bot.desk.translate.machine import Translator
from bot.knowledge.indicators import IndicatorCatalogue
from bot.privacy.powers import Act, Role, may
from bot.runtime.desk_session import DeskSession
from bot.runtime.seat import Seat
from bot.settings import Settings
from bot.site import Site

KEYS = "keys"


class Elsewhere(Exception):
    """The answer to a request is another page."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Refused(Exception):
    """A request is refused; `text` is the id of the sentence that says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


@dataclass(frozen=True)
class Console:
    """The parts behind the routes."""

    settings: Settings
    site: Site
    doors: Doors
    sessions: Sessions
    opening: Opening
    pages: Pages
    indicators: IndicatorCatalogue
    told: Told
    translator: Optional[Translator]
    deciding: threading.Lock = field(default_factory=threading.Lock)
    """Held while something is decided about a ticket."""


@dataclass(frozen=True)
class OnDuty:
    """A member of any role in their place, for the length of one request."""

    session: Session
    seat: Seat
    desk_name: str

    def values(self) -> dict[str, Any]:
        """Return what every page behind the login shows."""
        return {
            "csrf": self.session.csrf,
            "member": self.seat.member.name,
            "desk_name": self.desk_name,
            "log_is_whole": self.seat.log_is_whole,
            "nav": permits.pages_of(self.role),
            "can": permits.acts_of(self.role),
        }

    @property
    def role(self) -> Role:
        """What they are here, as it was at the login; another role means new keys, and a new login."""
        return Role(self.session.get(WHO)["role"])


@dataclass(frozen=True)
class AtWork(OnDuty):
    """A member with an open desk, for the length of one request."""

    desk: DeskSession


def console(request: Request) -> Console:
    """Return the parts of this process."""
    found: Console = request.app.state.console
    return found


def cookie_name(request: Request) -> str:
    """Return the name of the desk's cookie: never that of the chat, which may share the host in a demo."""
    return f"{security.cookie_name(request)}-desk"


def cookie(request: Request) -> str:
    """Return the session cookie, or nothing."""
    return request.cookies.get(cookie_name(request), "")


def found(request: Request) -> Session:
    """Return the session of a request, locked or not.

    Raises:
        Elsewhere: there is none.
    """
    session = console(request).sessions.find(cookie(request))
    if session is None or not session.holds(WHO):
        raise Elsewhere("/login")
    return session


async def sent(
    request: Request, session: Session, longest: int = forms.LONGEST, most_fields: int = forms.MOST_FIELDS
) -> Mapping[str, str]:
    """Return a form that was sent by this session's own page; the limits are those of `forms.read`.

    Raises:
        Refused: it was sent by another page, or by one of an earlier session.
        Malformed: it is no form of ours.
    """
    fields = await own_form(request, longest, most_fields)
    if not hmac.compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
        raise Refused(403, "old_page")
    return fields


async def own_form(
    request: Request, longest: int = forms.LONGEST, most_fields: int = forms.MOST_FIELDS
) -> Mapping[str, str]:
    """Return a form that was sent by a page of this server; the limits are those of `forms.read`.

    Raises:
        Refused: it was sent by another one.
        Malformed: it is no form of ours.
    """
    if not security.is_same_origin(request):
        raise Refused(403, "other_origin")
    return await forms.read(request, longest, most_fields)


async def at_work(request: Request) -> AtWork:
    """Return the member behind a request, with the desk open.

    Raises:
        Elsewhere: as for `on_duty`.
        Refused: their role opens no tickets.
    """
    duty = await on_duty(request)
    if not isinstance(duty.seat, DeskSession):
        raise Refused(403, "not_your_part")
    return AtWork(duty.session, duty.seat, duty.desk_name, duty.seat)


async def on_duty(request: Request, *, enrolling: bool = False) -> OnDuty:
    """Return the member behind a request, whatever their role.

    Args:
        request: the request.
        enrolling: whether a second factor may still be missing.

    Raises:
        Elsewhere: there is no session, it is locked, its desk has changed, or the second factor comes first.
    """
    session, parts = found(request), console(request)
    if session.locked:
        raise Elsewhere("/locked")
    who = session.get(WHO)
    if not who["enrolled"] and not enrolling:
        raise Elsewhere("/second-factor")
    kept = session.get(KEYS)
    try:
        seat = await asyncio.to_thread(parts.doors.resume, who["desk"], who["name"], who["member"], **kept)
    except DeskChanged:
        parts.sessions.forget(cookie(request))
        raise Elsewhere("/login") from None
    return OnDuty(session, seat, desk_name(parts.site, who["desk"]))


async def allowed(request: Request) -> None:
    """Let a request through whose route is open, or whose member's role does what the route is for.

    Raises:
        Elsewhere: there is no session, it is locked, or this member's pages begin elsewhere.
        Refused: their role does not do this.
    """
    permit = permits.permit_of(request.method, request.scope["route"].path)
    if not isinstance(permit, Act):
        return
    session = found(request)
    if session.locked:
        raise Elsewhere("/locked")
    role = Role(session.get(WHO)["role"])
    if may(role, permit):
        return
    if request.method == "GET" and request.url.path == "/":
        raise Elsewhere(permits.pages_of(role)[0].path)
    raise Refused(403, "not_your_part")


def desk_name(site: Site, desk: str) -> str:
    """Return how a desk is called; one that the site no longer names goes by its id."""
    return next((known.name for known in site.desks if known.id == desk), desk)


def by_htmx(request: Request) -> bool:
    """Return whether the answer replaces a part of a page; without the script it is a page."""
    return request.headers.get("hx-request") == "true"


def go(request: Request, path: str) -> Response:
    """Send a browser to another page; htmx, which would put that page into this one, is told to go there too."""
    if by_htmx(request):
        return Response(status_code=200, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)
