"""What is done once before the bot takes messages."""

from bot import PROJECT_ROOT
from bot.channels.telegram.inquiry import connected
from bot.channels.telegram.menus import set_menus, set_picture
from bot.channels.telegram.settings import TelegramSettings
from bot.knowledge.telegram import load_picture, load_profiles


async def prepare(settings: TelegramSettings) -> str:
    """See that Telegram takes the token, set menus, profile and picture where needed; return the bot's public name.

    Raises:
        TokenRefused: the token is wrong.
        TelegramTrouble: Telegram cannot be reached, or answers with an error.
        KnowledgeError: `data/telegram.yml` does not fit, or `data/telegram.jpg` is missing.
    """
    async with connected(settings) as bot:
        await set_menus(bot, load_profiles(PROJECT_ROOT / "data"))
        await set_picture(bot, load_picture(PROJECT_ROOT / "data"))
        return bot.username
