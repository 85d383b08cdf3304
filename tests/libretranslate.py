"""A server that speaks LibreTranslate's documented API (/translate, /languages, /detect), over real HTTP."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

LANGUAGES = {"en": "English", "uk": "Ukrainian", "ru": "Russian", "pl": "Polish", "de": "German", "ro": "Romanian"}


@dataclass
class LibreTranslate:
    """What the server heard, and how it behaves. A translation is the text in brackets with both languages.

    Attributes:
        key: the API key that it wants.
        status, error: what it answers in place of a translation.
        elsewhere: where it sends whoever asks, by a redirect that keeps the body (307).
        delay: seconds before it answers.
        longest: characters that it takes.
    """

    url: str = ""
    key: str | None = None
    status: int = 200
    error: str = ""
    body: bytes | None = None
    elsewhere: str | None = None
    delay: float = 0.0
    longest: int = 2000
    orders: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    async def translate(self, request: Request) -> Response:
        self.addresses.append(str(request.url))
        order = await request.json()
        self.orders.append(order)
        await asyncio.sleep(self.delay)
        if self.elsewhere is not None:
            return RedirectResponse(self.elsewhere, 307)
        if self.body is not None:
            return Response(self.body, self.status, media_type="application/json")
        if self.status != 200:
            return JSONResponse({"error": self.error}, self.status)
        if self.key is not None and order.get("api_key") != self.key:
            return JSONResponse({"error": "Invalid API key"}, 403)
        for name in ("q", "source", "target"):
            if name not in order:
                return JSONResponse({"error": f"Invalid request: missing {name} parameter"}, 400)
        for code in (order["source"], order["target"]):
            if code not in (*LANGUAGES, "auto"):
                return JSONResponse({"error": f"{code} is not supported"}, 400)
        if len(order["q"]) > self.longest:
            return JSONResponse({"error": "Invalid request: request exceeds text limit"}, 400)
        translated = {"translatedText": f"[{order['source']}>{order['target']} {order['q']}]"}
        if order["source"] == "auto":
            translated["detectedLanguage"] = {"confidence": 90.0, "language": "uk"}  # type: ignore[assignment]
        return JSONResponse(translated)

    async def languages(self, request: Request) -> Response:
        known = [{"code": code, "name": name, "targets": list(LANGUAGES)} for code, name in LANGUAGES.items()]
        return JSONResponse(known)

    async def detect(self, request: Request) -> Response:
        return JSONResponse([{"confidence": 90.0, "language": "uk"}])


@contextlib.contextmanager
def serving() -> Iterator[LibreTranslate]:
    """Run the server on a free port of this machine until the block ends."""
    made = LibreTranslate()
    routes = [
        Route("/translate", made.translate, methods=["POST"]),
        Route("/languages", made.languages),
        Route("/detect", made.detect, methods=["POST"]),
    ]
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    made.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()


@contextlib.contextmanager
def trap() -> Iterator[tuple[str, list[int]]]:
    """A listener that nobody should reach: its address, and the ports from which somebody did."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        came: list[int] = []
        listener.settimeout(0.1)
        done = threading.Event()

        def wait() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = listener.accept()
                    came.append(address[1])
                    connection.close()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        finally:
            done.set()
            thread.join(5)
