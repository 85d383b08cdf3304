"""Updates that Telegram delivers by itself.

An update is answered with 200 only once it is handled, so that one cut off by a crash is delivered again. Where
handling takes longer than Telegram waits, it delivers the update once more meanwhile: that request joins the work
under way, and nothing is done twice.
"""

import asyncio
import hmac
import json
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response
from telegram import Bot, Update

PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


def webhook(bot: Bot, take: Callable[[Update], "asyncio.Task[None]"], secret: str) -> APIRouter:
    """Return the route of the webhook; whoever does not know the secret is refused with 403.

    Raises:
        ValueError: the secret is empty, so that everybody would know it.
    """
    if not secret:
        raise ValueError("A webhook needs a secret.")
    router = APIRouter()

    @router.post(PATH)
    async def deliver(request: Request) -> Response:
        """Handle one update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            content = json.loads(await request.body())
        except ValueError:
            return Response(status_code=400)
        if not isinstance(content, dict) or not isinstance(content.get("update_id"), int):
            return Response(status_code=400)
        await asyncio.wait({take(Update.de_json(content, bot))})
        return Response()

    return router
