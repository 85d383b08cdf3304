"""The desk's console as a web application, and the process that serves it."""

import asyncio
import gc
import logging
import secrets
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from bot import PROJECT_ROOT
from bot.channels.web import security
from bot.desk import (
    audit_pages,
    bulk,
    entrance,
    guard,
    handing,
    joining_pages,
    keeping,
    menu,
    own_pages,
    people_pages,
    permits,
    saved_views,
    sessions,
    site_pages,
    talking,
    triage,
    working,
)
from bot.desk.doors import Doors
from bot.desk.forms import Malformed
from bot.desk.guard import Console, Elsewhere, Refused
from bot.desk.memory import start_again_overwriting
from bot.desk.opening import BackOff, Opening
from bot.desk.pages import STATIC, Pages
from bot.desk.sessions import SessionOver, Sessions
from bot.desk.told import Told
from bot.desk.translate import routes as translating
from bot.desk.translate.machine import Translator
from bot.desk.translate.provider import provider_of
from bot.knowledge.indicators import load_indicators
from bot.privacy.member_keys import LockedKeyError
from bot.privacy.pins import PinError
from bot.privacy.roster import RosterError
from bot.privacy.seal import SealError
from bot.reports.worksheet import WorkError
from bot.runtime import models
from bot.runtime.desk_session import DeskError
from bot.runtime.founding import site_of
from bot.runtime.key_folder import KeyFolderError
from bot.settings import Settings, SettingsError
from bot.site import SiteError
from bot.store.errors import StoreUnavailable

_log = logging.getLogger("oberih.desk")
_SWEEP_SECONDS = 10.0
_NOT_IN_ORDER = (StoreUnavailable, KeyFolderError, PinError, RosterError, SealError, LockedKeyError, DeskError)


def build(settings: Settings) -> Console:
    """Return the parts of the console.

    Raises:
        KeyFolderError, StoreUnavailable, SiteError: the site is not in order.
        SettingsError: whoever translates is not named as they must be.
    """
    site = site_of(settings)
    if site is None:
        raise SiteError(f"There is no {settings.site}: a desk needs a site; copy deploy/site.example.yml.")
    provider = provider_of(settings, site)
    doors = Doors(settings)
    return Console(
        settings=settings,
        site=site,
        doors=doors,
        sessions=Sessions(),
        opening=Opening(doors, BackOff()),
        pages=Pages(demo=settings.demo, idle_seconds=sessions.IDLE_SECONDS),
        indicators=load_indicators(PROJECT_ROOT / "data"),
        told=Told(PROJECT_ROOT),
        translator=Translator(provider, models.language_path(settings)) if provider else None,
    )


def create_app(console: Console) -> FastAPI:
    """Return the console's application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(console.sessions))
        yield
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping

    app = FastAPI(
        title="Oberih desk",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard.allowed)],
    )
    app.state.console = console
    for routes in (entrance, menu, joining_pages, people_pages, own_pages, audit_pages, site_pages):
        app.include_router(routes.router)
    for routes in (triage, working, saved_views, bulk, talking, handing, keeping, translating):
        app.include_router(routes.router)
    app.add_api_route("/health", _health)
    permits.refuse_unnamed(app)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500))
    _add_middleware(app, console)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(SessionOver, _over)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(security.BodyTooLarge, _too_large)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Malformed, _malformed)
    app.add_exception_handler(WorkError, _cannot_be_written)
    app.add_exception_handler(HTTPException, _nothing_here)
    app.add_exception_handler(Exception, _failed)
    for error in _NOT_IN_ORDER:
        app.add_exception_handler(error, _not_in_order)
    return app


def serve(settings: Settings) -> None:
    """Run the console in this process until it is told to stop.

    Raises:
        SettingsError: production names no address for it.
        KeyFolderError, StoreUnavailable, SiteError: the site is not in order.
    """
    import uvicorn

    if not settings.demo and settings.desk_url is None:
        raise SettingsError("OBERIH_DESK_URL is not set: give the desk's address, such as https://desk.example.org.")
    start_again_overwriting()
    uvicorn.run(
        create_app(build(settings)),
        host=settings.desk_host,
        port=settings.desk_port,
        # uvloop reads into one buffer, where the last cookie would stay.
        loop="asyncio",
        ws="none",
        access_log=False,
        proxy_headers=False,
        log_level="critical",
        server_header=False,
        timeout_graceful_shutdown=2,
    )


def _add_middleware(app: FastAPI, parts: Console) -> None:
    settings = parts.settings
    if settings.desk_url is not None:
        app.add_middleware(security.PublicAddress, public_url=settings.desk_url)
    else:
        app.add_middleware(security.LoopbackOnly)

    def too_large(request: Request) -> Response:
        return _message(request, 413, "too_large")

    app.add_middleware(security.SecureHeaders, strict_transport=settings.desk_url is not None, too_large=too_large)


async def _sweep(kept: Sessions) -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        kept.sweep()
        # Requests that ended may still be held by circles of references, and with them cookies and words.
        gc.collect()


async def _health() -> dict[str, str]:
    """Says that the process answers."""
    return {"status": "ok"}


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, Elsewhere)
    return guard.go(request, error.path)


async def _over(request: Request, error: Exception) -> Response:
    return guard.go(request, "/")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _message(request, error.status, error.text)


async def _malformed(request: Request, error: Exception) -> Response:
    return _message(request, 400, "malformed")


async def _cannot_be_written(request: Request, error: Exception) -> Response:
    assert isinstance(error, WorkError)
    return _message(request, 409, f"work_{error.reason}")


async def _too_large(request: Request, error: Exception) -> Response:
    return _message(request, 413, "too_large")


async def _nothing_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _message(request, status, "not_found" if status == 404 else "refused")


async def _not_in_order(request: Request, error: Exception) -> Response:
    return _message(request, 503, "not_in_order")


async def _failed(request: Request, error: Exception) -> Response:
    """Log where it happened, never what it says: that may be somebody's words. The page names the line of the log."""
    code = secrets.token_hex(3)
    place = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("desk %s: %s in %s:%s", code, type(error).__name__, Path(place.filename).name, place.lineno)
    response = _message(request, 500, "failed", code=code)
    # Starlette answers this outside of all middleware.
    return security.secured(response, strict_transport=guard.console(request).settings.desk_url is not None)


def _message(request: Request, status: int, text: str, **filled: str) -> Response:
    values = {"text": text, "filled": filled}
    return guard.console(request).pages.answer(request, "message.html", values, status)
