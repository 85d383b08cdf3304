"""The bot's menu, profile and picture in Telegram, set where they differ."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, InputProfilePhotoStatic
from telegram.error import BadRequest, InvalidToken, RetryAfter

from bot.knowledge.telegram import SOURCE_LANGUAGE, Profile

_log = logging.getLogger("oberih.telegram.menus")
_SCOPE = BotCommandScopeAllPrivateChats()
_EVERYBODY = ""
"""Telegram's language code for people whose app speaks none of the others."""

Change = tuple[str, Callable[[], Awaitable[bool]]]


async def set_menus(bot: Bot, profiles: Mapping[str, Profile]) -> list[str]:
    """Set what differs; return what Telegram would not set now, as `language: what`. Doing it again changes nothing.

    What is for everybody comes first, because Telegram shows that where a language has nothing of its own. Names can be
    changed only a few times a day: what is refused stays as it was, and the next start tries again.

    Raises:
        TelegramError: Telegram does not answer or refuses the token.
    """
    refused = await _set(await _differing(bot, _EVERYBODY, profiles[SOURCE_LANGUAGE]))
    found = await asyncio.gather(*(_differing(bot, code, profile) for code, profile in profiles.items()))
    return refused + await _set([change for changes in found for change in changes])


async def set_picture(bot: Bot, picture: bytes) -> bool:
    """Give a bot without a picture this one, a JPEG; return whether it has one now.

    Telegram shows nothing by which a picture could be known again, so one that is there stays, whoever chose it.

    Raises:
        TelegramError: Telegram does not answer.
    """
    try:
        if (await bot.get_user_profile_photos(bot.id, limit=1)).total_count == 0:
            await bot.set_my_profile_photo(InputProfilePhotoStatic(picture))
    except (RetryAfter, BadRequest, InvalidToken) as error:
        # A Bot API server before 9.4 does not know the method, which the library takes for a wrong token.
        _log.warning("not set: picture (%s)", type(error).__name__)
        return False
    return True


async def _set(changes: Iterable[Change]) -> list[str]:
    refused = []
    for what, change in changes:
        try:
            await change()
        except (RetryAfter, BadRequest) as error:
            _log.warning("not set: %s (%s)", what, type(error).__name__)
            refused.append(what)
    return refused


async def _differing(bot: Bot, code: str, profile: Profile) -> list[Change]:
    return [*await _commands(bot, code, profile), *await _texts(bot, code, profile)]


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
