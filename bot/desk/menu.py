"""The menu of languages, which every page has."""

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import security
from bot.desk import guard, language
from bot.desk.forms import Malformed

router = APIRouter()
_DAYS = 180
_PAGE = re.compile(r"/(?:[a-z0-9-]+(?:/[a-z0-9-]+)*)?")
"""Addresses of our own pages: no host, no query."""


@router.post("/language")
async def choose(request: Request) -> Response:
    """Keep a member's choice, and show the page again from which it was made."""
    fields = await guard.own_form(request)
    chosen, back = fields.get("language", ""), fields.get("back", "/")
    if chosen not in guard.console(request).pages.languages or not _PAGE.fullmatch(back):
        raise Malformed
    response, name = guard.go(request, back), language.cookie_name(request)
    response.set_cookie(
        name,
        chosen,
        max_age=_DAYS * 86_400,
        path="/",
        httponly=True,
        samesite="strict",
        secure=security.is_secure(name),
    )
    return response
