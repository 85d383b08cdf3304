"""Asking Telegram what it knows of the bot, and saying its errors plainly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Optional
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.settings import TelegramSettings

_SECONDS = 10.0


class TelegramTrouble(Exception):
    """Telegram does not do what was asked; the message is one plain sentence and never holds the token."""


class TokenRefused(TelegramTrouble):
    """Telegram does not know the token."""


@dataclass(frozen=True)
class AboutBot:
    """What Telegram knows of a bot.

    Attributes:
        username: its public name, without the @.
        joins_groups: whether people can add it to groups.
        webhook_host: where updates are delivered to, None while they are polled for.
        waiting: how many updates have not been taken yet.
        has_picture: whether it shows a picture.
        last_error: why the last delivery to the webhook failed, in Telegram's words.
    """

    username: str
    joins_groups: bool
    webhook_host: Optional[str]
    waiting: int
    has_picture: bool
    last_error: Optional[str]


async def about(settings: TelegramSettings) -> AboutBot:
    """Ask Telegram about the bot. It disturbs neither a program that polls nor a webhook.

    Raises:
        TokenRefused: the token is wrong.
        TelegramTrouble: Telegram cannot be reached, or answers with an error.
    """
    async with connected(settings) as bot:
        hook = await bot.get_webhook_info()
        pictures = await bot.get_user_profile_photos(bot.id, limit=1)
        return AboutBot(
            username=bot.username,
            joins_groups=bool(bot.can_join_groups),
            webhook_host=urlsplit(hook.url).hostname if hook.url else None,
            waiting=hook.pending_update_count,
            has_picture=pictures.total_count > 0,
            last_error=hook.last_error_message,
        )


@asynccontextmanager
async def connected(settings: TelegramSettings) -> AsyncIterator[Bot]:
    """Give a bot whose token Telegram has accepted; errors within the block are said plainly, too.

    Raises:
        TokenRefused, TelegramTrouble: as in `about`.
    """
    request = HTTPXRequest(connect_timeout=_SECONDS, read_timeout=_SECONDS)
    try:
        async with Bot(settings.token, base_url=settings.base_url, request=request) as bot:
            yield bot
    except TelegramError as error:
        # Not chained: the library's own messages hold the token.
        raise trouble(error) from None


def trouble(error: TelegramError) -> TelegramTrouble:
    """Return an error of the library as one plain sentence that says what to do."""
    if isinstance(error, InvalidToken):
        return TokenRefused("Telegram refuses the token: copy the one from @BotFather into the token file once more.")
    if isinstance(error, Conflict):
        return TelegramTrouble(
            "Another program takes this bot's messages: stop it, or make another bot with @BotFather for this one."
        )
    if isinstance(error, RetryAfter):
        return TelegramTrouble("Telegram asks for patience: try again in some minutes.")
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return TelegramTrouble(
            "Telegram cannot be reached: see whether this machine may reach api.telegram.org (or OBERIH_TELEGRAM_API)."
        )
    return TelegramTrouble(f"Telegram answers with an error ({type(error).__name__}): try again, or see its status.")
