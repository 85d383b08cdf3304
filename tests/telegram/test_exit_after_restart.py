"""What was written before a restart is erased after it, where Redis keeps the ids."""

import asyncio
import time
from pathlib import Path

from bot.channels.telegram.noted import Noted
from bot.runtime.services import Services
from evaluation.botapi import FakeTelegram
from tests.telegram.channel import DANGER, OFFER
from tests.telegram.program import Program, installed


async def test_after_a_kill_leaving_at_hour_40_leaves_the_harmless_line_alone(
    tmp_path: Path, services: Services, redis_url: str
) -> None:
    async with FakeTelegram(conflict_pause=0.05) as server:
        program = installed("poll", tmp_path, server, OBERIH_REDIS=redis_url)
        has_run_for_days(program)
        person = server.person()
        try:
            await program.start()
            person.types(OFFER)
            question = await person.hears(lambda message: len(message.buttons) == 4, within=30)
            person.presses(question.buttons[3].text)
            await person.hears(lambda message: message.id > question.id and bool(message.buttons), within=30)
            person.types(DANGER)
            await person.hears("112", within=30)
            await until_confirmed(server)
            written = len(person.chat)
            await program.kill()
            await program.start()
            server.clock.advance(hours=40)
            person.types("/exit")
            line = await person.hears(services.texts.get("chat", "utter_exit", "uk"), within=30)
            await until_confirmed(server)
        finally:
            await program.stop()
            program.clean_up([person.user.id])
    kept = [message for message in person.private.messages.values() if message.for_person or message.for_bot]
    assert written >= 6 and kept == [line]


def has_run_for_days(program: Program) -> None:
    """Let this Redis remember since three days: it began before anything that Telegram still lets a bot delete."""
    name = program.notes._name("since")
    program.notes._redis.set(name, program.notes._sealed(name, Noted(0, time.time() - 72 * 3600)))


async def until_confirmed(server: FakeTelegram) -> None:
    """Wait until all that was written is answered and confirmed."""
    for _ in range(500):
        if not server.unconfirmed:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("Something was not confirmed.")
