"""The server itself: HTTP in front of everything else, and what tests hold on to."""

import asyncio
import json
from types import TracebackType
from typing import Any

from aiohttp import web

from evaluation.botapi.accounts import Chat, User
from evaluation.botapi.api import BotApi, Call
from evaluation.botapi.clock import Clock
from evaluation.botapi.errors import ApiError
from evaluation.botapi.faults import Faults
from evaluation.botapi.limits import Limits
from evaluation.botapi.params import Params, Upload
from evaluation.botapi.person import Person
from evaluation.botapi.polling import Polling
from evaluation.botapi.updates import Pending, Updates
from evaluation.botapi.webhook import Webhook
from evaluation.botapi.world import World

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:AAFakeFakeFakeFakeFakeFakeFakeFakeFake"
LARGEST_BODY = 60 * 1024 * 1024


class FakeTelegram:
    """A Bot API server for one bot, on a port of its own, in the running event loop.

    Use it as `async with FakeTelegram() as server`, and give a bot `server.token`, `server.base_url` and
    `server.base_file_url`. The error pages of the public service differ in one point: a token that is no token is
    answered 404 there, 401 by the open server and here.
    """

    def __init__(
        self,
        *,
        username: str = "oberih_test_bot",
        privacy_mode: bool = True,
        press_seconds: float = 15.0,
        conflict_pause: float = 3.0,
        webhook_scale: float = 1.0,
        webhook_seconds: float = 60.0,
    ) -> None:
        bot = User(BOT_ID, "Oberih", username=username, is_bot=True)
        self.token = TOKEN
        self.world = World(bot, TOKEN, privacy_mode, press_seconds)
        self.faults = Faults()
        self.limits = Limits()
        self.webhook = Webhook(self.updates, self.clock, self._called_in_answer, webhook_scale, webhook_seconds)
        self.api = BotApi(self.world, Polling(self.updates, conflict_pause), self.webhook, self.limits)
        self._runner: web.AppRunner | None = None
        self._base = ""

    async def __aenter__(self) -> "FakeTelegram":
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhook.remove()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """As `telegram.Bot` wants it: the token is put behind it."""
        return f"{self._base}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self._base}/file/bot"

    @property
    def clock(self) -> Clock:
        return self.world.clock

    @property
    def updates(self) -> Updates:
        return self.world.updates

    @property
    def unconfirmed(self) -> list[Pending]:
        """Updates that the bot has not confirmed."""
        return self.updates.pending()

    def person(self, first_name: str = "Оксана", *, language_code: str = "uk", **details: Any) -> Person:
        """A new person, whom the bot does not know yet."""
        return Person(self.world, self.world.new_user(first_name, language_code=language_code, **details))

    def other_bot(self, username: str) -> Person:
        """Another bot. What it writes in a group the bot under test never sees."""
        return Person(self.world, self.world.new_user(username, username=username, is_bot=True))

    def calls(self, method: str = "") -> list[Call]:
        """All calls so far, or those of one method."""
        return [call for call in self.api.calls if call.method.lower() == (method.lower() or call.method.lower())]

    @property
    def texts(self) -> list[str]:
        """Every text and caption that the bot has sent or edited in, in order within each chat."""
        return [sight.text for chat in self.world.chats.values() for sight in chat.sights if sight.kind != "deleted"]

    def chat(self, chat_id: int) -> Chat:
        """Everything about a chat.

        Raises:
            KeyError: there is no such chat.
        """
        return self.world.chats[chat_id]

    async def _called_in_answer(self, method: str, values: dict[str, str]) -> None:
        call = Call(method, values, at=self.clock.now())
        self.api.calls.append(call)
        try:
            await self.api.call(method, Params(values, {}), call)
        except ApiError as error:
            call.error = error

    async def _method(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            malformed = ":" not in request.match_info["token"]
            return _refused(ApiError(401, "Unauthorized: invalid token specified" if malformed else "Unauthorized"))
        params = await _read(request)
        call = Call(method, dict(params.values), {name: f.content for name, f in params.files.items()})
        call.at = self.clock.now()
        self.api.calls.append(call)
        return await self._answer(request, method, params, call)

    async def _answer(self, request: web.Request, method: str, params: Params, call: Call) -> web.StreamResponse:
        fault = self.faults.next(method, params.integer("chat_id") or None)
        kind = fault.kind if fault is not None else ""
        if kind == "drop":
            return _cut(request)
        if kind == "garbage":
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        try:
            if fault is not None and fault.error is not None:
                call.error = fault.error
                raise fault.error
            response = web.json_response({"ok": True, "result": await self.api.call(method, params, call)})
        except ApiError as error:
            response = _refused(error)
        call.unheard = kind in ("lose", "hang")
        if kind == "lose":
            return _cut(request)
        if fault is not None and kind == "hang":
            await asyncio.sleep(fault.seconds)
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _refused(ApiError(401, "Unauthorized"))
        fault = self.faults.next("file", None)
        if fault is not None and fault.error is not None:
            return _refused(fault.error)
        if fault is not None and fault.kind != "hang":
            return _cut(request)
        await asyncio.sleep(fault.seconds if fault is not None else 0)
        stored = self.world.files.at(request.match_info["path"])
        if stored is None:
            return _refused(ApiError(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")


def _refused(error: ApiError) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    headers = {"Retry-After": str(error.parameters["retry_after"])} if "retry_after" in error.parameters else {}
    return web.json_response(body, status=error.code, headers=headers)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()  # type: ignore[attr-defined]
    return web.Response()


async def _read(request: web.Request) -> Params:
    """Parameters from the address and the body: form, multipart or JSON ("Making requests")."""
    values: dict[str, str] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        content = await request.json() if request.can_read_body else {}
        values |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in content.items()}
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else value.decode()
    return Params(values, files)
