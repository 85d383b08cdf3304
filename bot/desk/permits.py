"""Which route is for what: the one place where the console asks what a member's role may do.

A route that does not stand here keeps the console from starting, and so does a line without a route.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Union

from fastapi import FastAPI
from fastapi.routing import APIRoute

from bot.privacy.powers import Act, Role, may


class Free(str, Enum):
    """A route that asks for no role: `open` to anybody, `session` to whoever has a session, locked or not."""

    OPEN = "open"
    SESSION = "session"


Permit = Union[Act, Free]

ROUTES: Mapping[str, Permit] = MappingProxyType(
    {
        "GET /health": Free.OPEN,
        "POST /language": Free.OPEN,
        # coming in and going out
        "GET /login": Free.OPEN,
        "POST /login": Free.OPEN,
        "POST /logout": Free.SESSION,
        "GET /locked": Free.SESSION,
        "POST /lock": Free.SESSION,
        "POST /locked": Free.SESSION,
        "GET /second-factor": Free.SESSION,
        "POST /second-factor": Free.SESSION,
        "POST /second-factor/later": Free.SESSION,
        # tickets
        "GET /": Act.READ,
        "POST /queue": Act.READ,
        "POST /reading": Act.READ,
        "GET /tickets/{identifier}": Act.READ,
        "POST /tickets/{identifier}/state": Act.DECIDE,
        "POST /bulk": Act.DECIDE,
        "POST /bulk/go": Act.DECIDE,
        "POST /bulk/undo": Act.DECIDE,
        "POST /tickets/{identifier}/notes": Act.WORK,
        "POST /tickets/{identifier}/notes/{note}": Act.WORK,
        "POST /tickets/{identifier}/tags": Act.WORK,
        "POST /tickets/{identifier}/tags/remove": Act.WORK,
        "POST /tickets/{identifier}/take": Act.WORK,
        "POST /tickets/{identifier}/let-go": Act.WORK,
        "GET /views": Act.WORK,
        "POST /views": Act.WORK,
        "POST /views/{view}": Act.WORK,
        "POST /views/{view}/delete": Act.WORK,
        # A correction asks for more, where its form is read.
        "POST /tickets/{identifier}/letter": Act.ASK,
        "POST /tickets/{identifier}/translate": Act.READ,
        "POST /tickets/{identifier}/transfer": Act.TRANSFER,
        "POST /tickets/{identifier}/others": Act.COMPARE,
        "POST /tickets/{identifier}/export": Act.EXPORT,
        "POST /tickets/{identifier}/hold": Act.KEEP,
        "POST /tickets/{identifier}/release": Act.KEEP,
        "POST /tickets/{identifier}/exported": Act.KEEP,
        # people
        "GET /join": Free.OPEN,
        "POST /join": Free.OPEN,
        "GET /join/codes": Free.OPEN,
        "POST /join/codes": Free.OPEN,
        "POST /join/later": Free.OPEN,
        "GET /people": Act.MEMBERS,
        "GET /people/sealing": Act.MEMBERS,
        "POST /people/invite": Act.INVITE,
        "POST /people/{invitation}/withdraw": Act.INVITE,
        "POST /people/{invitation}/admit": Act.ADMIT,
        "POST /people/members/{member}/leave": Act.TAKE_OUT,
        "POST /people/members/{member}/reset": Act.RESET,
        "GET /me": Act.OWN,
        "POST /me/passphrase": Act.OWN,
        "POST /me/codes": Act.OWN,
        # audit log
        "GET /audit": Act.AUDIT,
        "POST /audit": Act.AUDIT,
        "POST /audit/file": Act.AUDIT,
        # the site
        "GET /site": Act.SITE,
        "GET /site/desks": Act.SITE,
        "GET /site/gate": Act.SITE,
        "GET /site/numbers": Act.SITE,
        "GET /site/signs": Act.SITE,
        "GET /site/retention": Act.SITE,
        "GET /site/health": Act.SITE,
        "POST /site/health": Act.SITE,
    }
)


@dataclass(frozen=True)
class Page:
    """A page that the bar on top leads to; `text` is the id of its name."""

    path: str
    text: str
    act: Act


PAGES = (
    Page("/", "queue", Act.READ),
    Page("/people", "people", Act.MEMBERS),
    Page("/audit", "audit", Act.AUDIT),
    Page("/site", "site", Act.SITE),
    Page("/me", "me", Act.OWN),
)
"""In the order of the bar; the first that a role may see is where it begins."""


class UnnamedRoute(Exception):
    """A route has no line here, or a line no route: the console does not start."""


def permit_of(method: str, path: str) -> Permit:
    """Return what a route asks for."""
    return ROUTES[f"{method} {path}"]


def acts_of(role: Role) -> frozenset[str]:
    """Return what a role may do, as pages ask for it."""
    return frozenset(act.value for act in Act if may(role, act))


def pages_of(role: Role) -> tuple[Page, ...]:
    """Return the pages of a role."""
    return tuple(page for page in PAGES if may(role, page.act))


def refuse_unnamed(app: FastAPI) -> None:
    """Return if every route of the application stands here, and nothing else does.

    Raises:
        UnnamedRoute: one does not.
    """
    found = {
        f"{method} {route.path}" for route in app.routes if isinstance(route, APIRoute) for method in route.methods
    }
    for missing in sorted(found - set(ROUTES)):
        raise UnnamedRoute(f"{missing} names no act: give it a line in bot/desk/permits.py.")
    for idle in sorted(set(ROUTES) - found):
        raise UnnamedRoute(f"{idle} stands in bot/desk/permits.py, but there is no such route: take it out.")
