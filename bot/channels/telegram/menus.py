"""The bot's menu and profile in Telegram, set where they differ, and what a link to the bot may ask for."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, Optional, cast

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, RetryAfter

from bot.knowledge.telegram import SOURCE_LANGUAGE, Profile

_log = logging.getLogger("oberih.telegram.menus")
_SCOPE = BotCommandScopeAllPrivateChats()
_LINK = re.compile(r"/start(?:@\w+)? (check|help)\s*", re.IGNORECASE)
_EVERYBODY = ""
"""Telegram's language code for people whose app speaks none of the others."""

Wish = Literal["check", "help"]
Change = tuple[str, Callable[[], Awaitable[bool]]]


def linked(text: str) -> Optional[Wish]:
    """Return what a link such as `https://t.me/name?start=help` asks for, from the message it makes.

    Only the two wishes that stand for nothing about the person are known: whoever wrote a link could otherwise answer a
    question in the person's name, or mark where they came from.
    """
    found = _LINK.fullmatch(text)
    return cast(Wish, found.group(1).lower()) if found is not None else None


async def differing(bot: Bot, profiles: Mapping[str, Profile]) -> list[Change]:
    """Return what Telegram has otherwise than it should be: what it is, and the call that sets it.

    Asks in the order in which it must be set: what is for everybody first, because Telegram shows that where a language
    has nothing of its own.

    Raises:
        TelegramError: Telegram does not answer or refuses the token.
    """
    changes: list[Change] = []
    for code, profile in _in_order(profiles):
        changes += await _commands(bot, code, profile)
        changes += await _texts(bot, code, profile)
    return changes


async def set_menus(bot: Bot, profiles: Mapping[str, Profile]) -> list[str]:
    """Set what differs; return what Telegram would not set now, as `language: what`. Doing it again changes nothing.

    Names can be changed only a few times a day: what is refused stays as it was, and the next start tries again.

    Raises:
        TelegramError: Telegram does not answer or refuses the token.
    """
    refused = []
    for code, profile in _in_order(profiles):
        for what, change in (*await _commands(bot, code, profile), *await _texts(bot, code, profile)):
            try:
                await change()
            except (RetryAfter, BadRequest) as error:
                _log.warning("not set: %s (%s)", what, type(error).__name__)
                refused.append(what)
    return refused


def _in_order(profiles: Mapping[str, Profile]) -> list[tuple[str, Profile]]:
    return [(_EVERYBODY, profiles[SOURCE_LANGUAGE]), *profiles.items()]


async def _commands(bot: Bot, code: str, profile: Profile) -> list[Change]:
    """In private chats only: in groups the bot leaves at once, and no menu should show that it was there."""
    wanted = [BotCommand(command, text) for command, text in profile.commands.items()]
    if list(await bot.get_my_commands(scope=_SCOPE, language_code=code)) == wanted:
        return []
    return [(_what(code, "commands"), lambda: bot.set_my_commands(wanted, scope=_SCOPE, language_code=code))]


async def _texts(bot: Bot, code: str, profile: Profile) -> list[Change]:
    changes: list[Change] = []
    if (await bot.get_my_name(language_code=code)).name != profile.name:
        changes.append((_what(code, "name"), lambda: bot.set_my_name(profile.name, language_code=code)))
    if (await bot.get_my_description(language_code=code)).description != profile.description:
        changes.append(
            (_what(code, "description"), lambda: bot.set_my_description(profile.description, language_code=code))
        )
    if (await bot.get_my_short_description(language_code=code)).short_description != profile.short_description:
        changes.append(
            (
                _what(code, "short_description"),
                lambda: bot.set_my_short_description(profile.short_description, language_code=code),
            )
        )
    return changes


def _what(code: str, what: str) -> str:
    return f"{code or 'default'}: {what}"
