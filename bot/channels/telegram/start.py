"""What is done once before the bot takes messages."""

from bot import PROJECT_ROOT
from bot.channels.telegram.inquiry import connected
from bot.channels.telegram.menus import set_menus
from bot.channels.telegram.settings import TelegramSettings
from bot.knowledge.telegram import load_profiles


async def prepare(settings: TelegramSettings) -> str:
    """See that Telegram takes the token, set menus and profile where they differ; return the bot's public name.

    Raises:
        TokenRefused: the token is wrong.
        TelegramTrouble: Telegram cannot be reached, or answers with an error.
        KnowledgeError: `data/telegram.yml` does not fit.
    """
    async with connected(settings) as bot:
        await set_menus(bot, load_profiles(PROJECT_ROOT / "data"))
        return bot.username
