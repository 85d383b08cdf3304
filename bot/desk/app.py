"""The desk's console as a web application, and the process that serves it."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from bot import PROJECT_ROOT
from bot.channels.web import security
from bot.desk import entrance, guard, sessions, triage
from bot.desk.doors import Doors
from bot.desk.forms import Malformed
from bot.desk.guard import Console, Elsewhere, Refused
from bot.desk.memory import start_again_overwriting
from bot.desk.opening import BackOff, Opening
from bot.desk.pages import STATIC, Pages
from bot.desk.sessions import SessionOver, Sessions
from bot.knowledge.indicators import load_indicators
from bot.privacy.member_keys import LockedKeyError
from bot.privacy.pins import PinError
from bot.privacy.roster import RosterError
from bot.privacy.seal import SealError
from bot.runtime.desk_session import DeskError
from bot.runtime.founding import site_of
from bot.runtime.key_folder import KeyFolderError
from bot.settings import Settings, SettingsError
from bot.site import SiteError
from bot.store.errors import StoreUnavailable

_SWEEP_SECONDS = 10.0
_NOT_IN_ORDER = (StoreUnavailable, KeyFolderError, PinError, RosterError, SealError, LockedKeyError, DeskError)


def build(settings: Settings) -> Console:
    """Return the parts of the console.

    Raises:
        KeyFolderError, StoreUnavailable, SiteError: the site is not in order.
    """
    site = site_of(settings)
    if site is None:
        raise SiteError(f"There is no {settings.site}: a desk needs a site; copy deploy/site.example.yml.")
    doors = Doors(settings)
    return Console(
        settings=settings,
        site=site,
        doors=doors,
        sessions=Sessions(),
        opening=Opening(doors, BackOff()),
        pages=Pages(demo=settings.demo, idle_seconds=sessions.IDLE_SECONDS),
        indicators=load_indicators(PROJECT_ROOT / "data"),
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

    app = FastAPI(title="Oberih desk", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.console = console
    app.include_router(entrance.router)
    app.include_router(triage.router)
    app.add_api_route("/health", _health)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500))
    _add_middleware(app, console.settings)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(SessionOver, _over)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(security.BodyTooLarge, _malformed)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Malformed, _malformed)
    app.add_exception_handler(HTTPException, _nothing_here)
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


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    if settings.desk_url is not None:
        app.add_middleware(security.PublicAddress, public_url=settings.desk_url)
    else:
        app.add_middleware(security.LoopbackOnly)
    app.add_middleware(security.SecureHeaders, strict_transport=settings.desk_url is not None)


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


async def _nothing_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _message(request, status, "not_found" if status == 404 else "refused")


async def _not_in_order(request: Request, error: Exception) -> Response:
    return _message(request, 503, "not_in_order")


def _message(request: Request, status: int, text: str) -> Response:
    return guard.console(request).pages.answer(request, "message.html", {"text": text}, status)
