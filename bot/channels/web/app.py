"""The chat over HTTP: the page and its API (DESIGN section 11)."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import TYPE_CHECKING, Any, Optional

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sse_starlette.sse import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from bot.channels.telegram.settings import TelegramSettings
from bot.channels.web import security
from bot.channels.web.page import STATIC, Page
from bot.conversation import payloads
from bot.knowledge.files import KnowledgeError
from bot.runtime.assistant import Assistant
from bot.runtime.housekeeping import housekeeping_of
from bot.runtime.limits import Bucket
from bot.runtime.services import Services
from bot.runtime.sessions import Session, Sessions
from bot.runtime.sign_packs import SignPacks
from bot.runtime.turns import forget_vectors

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramChannel

MAX_TEXT = 20_000
"""Longest message in characters."""
_log = logging.getLogger("oberih.signs")
_SWEEP_SECONDS = 30.0
_HEARTBEAT_SECONDS = 20


class NewSession(BaseModel):
    """Body of `POST /api/sessions`."""

    language: Optional[str] = Field(None, max_length=35)
    resume: bool = False


class NewMessage(BaseModel):
    """Body of `POST /api/messages`: either words or a button's key."""

    id: str = Field(min_length=1, max_length=64)
    text: Optional[str] = None
    payload: Optional[str] = Field(None, max_length=128)


class Refused(Exception):
    """A request that gets an error answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.response = security.error(status, code, message)


class Chat:
    """The parts behind the routes."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.sessions = Sessions(services.settings.idle_minutes * 60, self._forget_texts)
        self.assistant = Assistant(services, self.sessions)
        self.page = Page(
            services.texts,
            services.knowledge.languages,
            demo=services.settings.demo,
            exit_url=services.settings.exit_url,
        )
        # Fewer a second than receipts can be looked up, so that the first codes of new conversations never pile up
        # (`bot/runtime/lookups.py`).
        self.starts = Bucket(200, 5)
        self._buckets: dict[str, Bucket] = {}

    def _forget_texts(self, texts: Any) -> None:
        for text in texts:
            forget_vectors(self.services, text)

    def used(self, request: Request, csrf: Optional[str]) -> Session:
        """Return the session of a request, and restart its idle time.

        Raises:
            Refused: there is none, or the request does not carry its token.
        """
        return self._checked(self.sessions.get(self._identifier(request)), csrf)

    @staticmethod
    def _identifier(request: Request) -> str:
        return request.cookies.get(security.cookie_name(request), "")

    @staticmethod
    def _checked(session: Optional[Session], csrf: Optional[str]) -> Session:
        if session is None:
            raise Refused(401, "no_session", "This conversation has ended. You can start afresh.")
        if csrf is None or not secrets.compare_digest(csrf.encode(), session.csrf.encode()):
            raise Refused(401, "wrong_token", "This page is out of date. Please load it again.")
        return session

    def watched(self, request: Request, csrf: Optional[str]) -> Session:
        """Return the session of a request without restarting its idle time: watching is not using."""
        return self._checked(self.sessions.find(self._identifier(request)), csrf)

    def admit(self, session: Session) -> None:
        """Count a message against the session's limit.

        Raises:
            Refused: too many messages in a short time.
        """
        bucket = self._buckets.setdefault(session.id, Bucket(30, 6))
        if not bucket.take():
            raise Refused(429, "slow_down", "That was very fast. Please wait a moment and send it again.")

    async def sweep(self) -> None:
        """Forget idle sessions, for as long as the process runs."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.sessions.forget_idle()
            for identifier in [i for i in self._buckets if self.sessions.find(i) is None]:
                del self._buckets[identifier]


def create_app(services: Services, telegram: Optional[TelegramSettings] = None) -> FastAPI:
    """Return the chat app; with settings for it, the same process answers in Telegram too."""
    chat = Chat(services)
    channel = _telegram(telegram, chat) if telegram is not None else None
    # Without reporting there is nothing to look after, or nothing that could be reached.
    chores = housekeeping_of(services.settings) if services.reporting is not None else None

    packs, stopped = SignPacks(services), Event()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(chat.sweep())
        keeping = asyncio.create_task(chores.run()) if chores is not None else None
        replacing = asyncio.create_task(packs.run())
        warming = asyncio.create_task(asyncio.to_thread(_warm_up, services, stopped))
        if channel is not None:
            await channel.start()
        yield
        if channel is not None:
            await channel.stop()
        stopped.set()
        sweeping.cancel()
        replacing.cancel()
        if keeping is not None:
            keeping.cancel()
        await warming
        await chat.assistant.close()

    app = FastAPI(title="Oberih chat", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.chat = chat
    app.include_router(router)
    if channel is not None:
        app.include_router(channel.router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=500))
    public_url = services.settings.public_url
    if public_url is not None:
        app.add_middleware(security.PublicAddress, public_url=public_url)
    app.add_middleware(security.SecureHeaders, strict_transport=public_url is not None)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(security.BodyTooLarge, _too_large)
    app.add_exception_handler(HTTPException, _http_error)
    return app


def _warm_up(services: Services, stopped: Event) -> None:
    try:
        services.warm_up(stopped)
    except KnowledgeError as error:
        _log.error("%s", error)


def _telegram(settings: TelegramSettings, chat: Chat) -> "TelegramChannel":
    # Only here, because the library takes a while to load and most installations have no bot.
    from bot.channels.telegram.bot import TelegramChannel

    return TelegramChannel(settings, chat.services, chat.sessions, chat.assistant)


router = APIRouter()


@router.get("/")
async def page(request: Request, accept_language: str = Header("")) -> HTMLResponse:
    """The page, in the language the browser asks for or `?language=` names."""
    chat: Chat = request.app.state.chat
    wanted = request.query_params.get("language", "")
    known = chat.services.knowledge.languages
    return HTMLResponse(chat.page.render(wanted if wanted in known else chat.page.language_of(accept_language)))


@router.get("/health")
async def health() -> dict[str, str]:
    """Says that the process answers."""
    return {"status": "ok"}


@router.post("/api/sessions")
async def start(request: Request, body: NewSession, accept_language: str = Header("")) -> JSONResponse:
    """Start a session, or with `resume` take up the one of the cookie."""
    chat: Chat = request.app.state.chat
    if not security.is_same_origin(request):
        raise Refused(401, "other_origin", "Conversations start from this site's own page.")
    old = chat.sessions.get(request.cookies.get(security.cookie_name(request), ""))
    if body.resume and old is not None:
        return _opened(request, old, list(old.replies), resumed=True)
    if not chat.starts.take():
        raise Refused(429, "slow_down", "Many people are starting now. Please try again in a moment.")
    if old is not None:
        chat.sessions.forget(old.id)
    language = body.language if body.language in chat.services.knowledge.languages else None
    session = chat.sessions.create(language or chat.page.language_of(accept_language))
    messages = await chat.assistant.greet(session)
    return _opened(request, session, messages, resumed=False)


def _opened(request: Request, session: Session, messages: list[Any], *, resumed: bool) -> JSONResponse:
    content = {"csrf": session.csrf, "messages": messages, "state": session.state, "resumed": resumed}
    response = JSONResponse(content)
    name = security.cookie_name(request)
    response.set_cookie(name, session.id, path="/", httponly=True, samesite="strict", secure=security.is_secure(name))
    return response


@router.post("/api/messages")
async def say(request: Request, body: NewMessage, x_csrf: Optional[str] = Header(None)) -> dict[str, Any]:
    """Answer words or a button; sending the same id again returns the same replies."""
    chat: Chat = request.app.state.chat
    session = chat.used(request, x_csrf)
    if body.id in session.answered:
        return {"messages": session.answered[body.id], "state": session.state}
    under_way = session.under_way.get(body.id)
    if under_way is None:
        chat.admit(session)
        under_way = session.under_way[body.id] = asyncio.ensure_future(_answer(chat, session, body))
        under_way.add_done_callback(lambda done: session.under_way.pop(body.id, None))
    # Shielded: who gives up waiting does not stop the work, and the same id sent again waits for the same answer.
    messages = await asyncio.shield(under_way)
    if not session.ended:
        session.note_answered(body.id, messages)
    return {"messages": messages, "state": session.state}


async def _answer(chat: Chat, session: Session, body: NewMessage) -> list[dict[str, Any]]:
    if (body.text is None) == (body.payload is None):
        raise Refused(409, "text_or_button", "Send either words or a button.")
    if body.payload is not None:
        return await chat.assistant.press(session, _resolve(chat, session, body.payload), body.id)
    text = body.text or ""
    if len(text) > MAX_TEXT:
        raise Refused(413, "too_long", f"This is longer than {MAX_TEXT} characters. Please send a part of it.")
    if not text.strip():
        raise Refused(409, "empty", "There are no words in this message.")
    return await chat.assistant.hear(session, text, body.id)


def _resolve(chat: Chat, session: Session, key: str) -> str:
    """Return what an issued button stands for; the page's own language menu has a fixed form."""
    menu, _, code = key.partition(":")
    if menu == "language" and code in chat.services.knowledge.languages:
        return payloads.payload("language", value=code)
    if key not in session.buttons:
        raise Refused(409, "old_button", "This button is no longer in use.")
    return session.buttons[key]


@router.get("/api/events")
async def events(request: Request, after: int = 0, x_csrf: Optional[str] = Header(None)) -> EventSourceResponse:
    """Stream the replies after a number, as they come."""
    chat: Chat = request.app.state.chat
    session = chat.watched(request, x_csrf)
    return EventSourceResponse(_stream(session, after), ping=_HEARTBEAT_SECONDS)


async def _stream(session: Session, after: int) -> AsyncIterator[dict[str, str]]:
    while True:
        session.news.clear()
        for reply in list(session.replies):
            if reply["seq"] > after:
                after = reply["seq"]
                yield {"id": str(after), "data": json.dumps(reply, ensure_ascii=False)}
        if session.ended:
            yield {"data": json.dumps({"state": session.state})}
            return
        await session.news.wait()


@router.post("/api/attachments")
async def attach(request: Request, x_csrf: Optional[str] = Header(None)) -> Response:
    """Pictures cannot be read yet; nothing of them is kept."""
    chat: Chat = request.app.state.chat
    chat.used(request, x_csrf)
    return security.error(415, "no_pictures", "I cannot read pictures yet. Please paste the words.")


@router.post("/api/exit")
async def leave(request: Request) -> Response:
    """End and forget the session at once.

    Works before the page has its token: ending one's own conversation needs the strict cookie and our
    own page, no more.
    """
    chat: Chat = request.app.state.chat
    if not security.is_same_origin(request):
        raise Refused(401, "other_origin", "Conversations end from this site's own page.")
    chat.sessions.forget(request.cookies.get(security.cookie_name(request), ""))
    response = JSONResponse({"state": {"owner": "bot", "ended": True}})
    name = security.cookie_name(request)
    # Browsers take an answer about a `__Host-` cookie, its end too, only if it is marked as secure.
    response.delete_cookie(name, path="/", httponly=True, samesite="strict", secure=security.is_secure(name))
    return response


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    return refusal.response


async def _malformed(request: Request, error: Exception) -> Response:
    return security.error(409, "malformed", "The request is not in the form this server understands.")


async def _too_large(request: Request, error: Exception) -> Response:
    return security.error(413, "too_long", "This is too long. Please send a shorter part.")


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 400:
        return await _malformed(request, error)
    return security.error(status, "not_found" if status == 404 else "refused", "There is nothing here.")
