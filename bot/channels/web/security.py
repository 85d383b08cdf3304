"""Headers, sizes and cookies of the chat's web side."""

from collections.abc import Callable, Mapping
from typing import Optional

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STRICT_TRANSPORT = "max-age=31536000"
"""For a year browsers use https alone (RFC 6797); subdomains may belong to somebody else."""
_HEALTH = "/health"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})
MAX_BODY = 256 * 1024
"""Largest request body in bytes: 20,000 characters of any script, escaped as JSON, fit."""


Refusal = Callable[[Request], Response]


def secured(response: Response, *, strict_transport: bool) -> Response:
    """Return an answer with the headers of `SecureHeaders`, for one that is made outside of it."""
    response.headers.update({**_headers(strict_transport), "Cache-Control": "no-store"})
    return response


def _headers(strict_transport: bool) -> Mapping[str, str]:
    return {**_HEADERS, "Strict-Transport-Security": _STRICT_TRANSPORT} if strict_transport else _HEADERS


class SecureHeaders:
    """Adds the security headers to every answer and refuses bodies that are too large.

    Pages and answers are never stored by browsers; the versioned files of the page may be. `too_large` answers such a
    request where another answer than the API's is wanted.
    """

    def __init__(self, app: ASGIApp, *, strict_transport: bool = False, too_large: Optional[Refusal] = None) -> None:
        self._app = app
        self._too_large = too_large or _too_large
        self._headers = _headers(strict_transport)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _length(Headers(scope=scope)) > MAX_BODY:
            await self._too_large(Request(scope))(scope, receive, self._with_headers(scope, send))
            return
        await self._app(scope, _limited(receive), self._with_headers(scope, send))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        # Addresses of static files carry the hash of their content.
        static = scope["path"].startswith("/static/")
        kept = "public, max-age=31536000, immutable" if static else "no-store"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**self._headers, "Cache-Control": kept})
            await send(message)

        return sending


class PublicAddress:
    """Serves one address alone: requests for another host, or from another origin, are refused.

    The requests come from a TLS proxy on this machine as plain http. That browsers speak https with it is known
    from the settings, so no header of a request can say otherwise.
    """

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._origin = public_url
        self._host = public_url.removeprefix("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        # Whoever watches over this process asks on loopback, by no public name.
        if scope["type"] != "http" or scope["path"] == _HEALTH:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", self._origin)
        if headers.get("host", "").lower().removesuffix(":443") != self._host:
            await error(421, "other_host", "There is no such site here.")(scope, receive, send)
        elif origin not in (self._origin, "null"):
            # Browsers that are told to send no referrer may send "null"; `is_same_origin` judges these.
            await error(401, "other_origin", "Requests come from this site's own page.")(scope, receive, send)
        else:
            await self._app({**scope, "scheme": "https"}, receive, send)


class LoopbackOnly:
    """Serves this machine by its loopback names alone: a page elsewhere cannot reach it by a name of its own.

    Else a name that is made to point here (DNS rebinding) would be an origin that this server trusts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if scope["type"] == "http" and Request(scope).url.hostname not in _LOOPBACK:
            await error(421, "other_host", "There is no such site here.")(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyTooLarge(Exception):
    """A request sent more than `MAX_BODY` bytes without announcing it."""


def _length(headers: Headers) -> int:
    announced = headers.get("content-length", "0")
    return int(announced) if announced.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    received = 0

    async def receiving() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise BodyTooLarge
        return message

    return receiving


def _too_large(request: Request) -> Response:
    return error(413, "too_long", "This is too long. Please send a shorter part.")


def error(status: int, code: str, message: str) -> JSONResponse:
    """Return an error of the API: a code for programs and one plain sentence for people."""
    return JSONResponse({"error": code, "message": message}, status_code=status)


def is_same_origin(request: Request) -> bool:
    """Say whether a request that changes something comes from our own page (Fetch Metadata, else Origin)."""
    site: Optional[str] = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin: Optional[str] = request.headers.get("origin")
    return origin is None or origin.rstrip("/") == f"{request.url.scheme}://{request.headers.get('host', '')}"


def cookie_name(request: Request) -> str:
    """Return the session cookie's name: `__Host-` needs https, which loopback does not have."""
    plain = request.url.scheme == "http" and request.url.hostname in _LOOPBACK
    return "oberih" if plain else "__Host-oberih"


def is_secure(cookie: str) -> bool:
    """Say whether a cookie of this name must carry the attribute Secure."""
    return cookie.startswith("__Host-")
