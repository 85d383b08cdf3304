"""The channel inside the chat app."""

import asyncio

from bot.channels.telegram.settings import TelegramSettings
from bot.channels.web.app import create_app
from bot.runtime import patches


async def test_the_chat_app_starts_and_stops_the_channel(server, services) -> None:
    patches.apply()
    app = create_app(services, TelegramSettings(server.token, server.base_url))
    async with app.router.lifespan_context(app):
        person = server.person()
        person.types("/start")
        await person.hears("Вітаю", within=10)
    for _ in range(100):
        if not server.unconfirmed:
            break
        await asyncio.sleep(0.02)
    assert not server.unconfirmed


async def test_without_settings_there_is_no_channel(services) -> None:
    patches.apply()
    assert "/telegram" not in {getattr(route, "path", "") for route in create_app(services).routes}
