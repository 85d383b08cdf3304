"""The language of the console: a member's choice in the menu, else what the browser asks for.

The choice is a cookie of its own, which says nothing but the language: it is there before the login, and stays after
the logout.
"""

from babel import UnknownLocaleError, negotiate_locale
from starlette.requests import Request

from bot.channels.web import security

FALLBACK = "en"


def of(request: Request, known: tuple[str, ...]) -> str:
    """Return the language of a request: one of those known."""
    chosen = request.cookies.get(cookie_name(request), "")
    return chosen if chosen in known else _accepted(request.headers.get("accept-language", ""), known)


def _accepted(header: str, known: tuple[str, ...]) -> str:
    wanted = [part.partition(";")[0].strip() for part in header.split(",") if part.strip()]
    try:
        return negotiate_locale(wanted, known, sep="-") or FALLBACK
    except (UnknownLocaleError, ValueError):
        return FALLBACK


def cookie_name(request: Request) -> str:
    """Return the name of the cookie that holds the choice."""
    return f"{security.cookie_name(request)}-desk-language"
