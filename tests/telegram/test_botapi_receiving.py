"""The fake Bot API hands out updates as the real one does: by polling, by webhook."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict

from evaluation.botapi import FakeTelegram, Person
from evaluation.botapi.webhook import SECRET_HEADER


class Receiver:
    """A web server that takes deliveries, and answers what it was told to, then 200."""

    def __init__(self) -> None:
        self.got: list[telegram.Update] = []
        self.secrets: list[str | None] = []
        self.answers: list[Any] = []
        self.slow: dict[int, float] = {}
        self.open = self.most_open = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        update = telegram.Update.de_json(await request.json(), None)
        self.got.append(update)
        self.secrets.append(request.headers.get(SECRET_HEADER))
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            assert update.effective_chat is not None
            await asyncio.sleep(self.slow.get(update.effective_chat.id, 0))
        finally:
            self.open -= 1
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, dict):
            return web.json_response(answer)
        return web.Response(status=answer, headers={"Retry-After": "1"} if answer == 429 else {})

    async def has(self, count: int) -> list[str]:
        """The texts of the first so many, as soon as they are there."""
        for _ in range(300):
            if len(self.got) >= count:
                return [update.message.text or "" for update in self.got if update.message]
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.got)} deliveries instead of {count}")


@pytest.fixture()
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


@pytest.fixture()
def person(server: FakeTelegram) -> Person:
    return server.person()


async def polled(server: FakeTelegram) -> None:
    """Wait until a poll is open."""
    for _ in range(300):
        if server.api.polling.waits:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("No poll came.")


async def test_an_offset_confirms_and_a_limit_limits(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    for number in range(4):
        person.types(f"{number}")
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first if update.message] == ["0", "1"]
    assert [u.update_id for u in await bot.get_updates(limit=2)] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["2", "3"]
    assert len(server.unconfirmed) == 2
    person.types("4")
    (last,) = await bot.get_updates(offset=-1)
    assert last.message is not None and last.message.text == "4" and len(server.unconfirmed) == 1


async def test_a_long_poll_ends_with_an_update_or_empty(
    server: FakeTelegram, bot: telegram.Bot, person: Person
) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=5))
    await polled(server)
    started = time.monotonic()
    person.types("Нарешті")
    assert len(await poll) == 1 and time.monotonic() - started < 1
    started = time.monotonic()
    assert await bot.get_updates(offset=999_999_999, timeout=1) == () and time.monotonic() - started >= 0.9


async def test_allowed_updates_decide_when_an_update_arises(bot: telegram.Bot, person: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query", "my_chat_member"])
    person.types("не для бота")
    person.blocks()
    await bot.get_updates(allowed_updates=[])
    assert [bool(update.my_chat_member) for update in await bot.get_updates()] == [True]
    person.unblocks()
    assert len(await bot.get_updates()) == 3


async def test_old_updates_are_lost(server: FakeTelegram, bot: telegram.Bot, person: Person) -> None:
    person.types("давно")
    server.clock.advance(hours=25)
    person.types("тепер")
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["тепер"]


async def test_of_two_pollers_the_first_is_ended(server: FakeTelegram, bot: telegram.Bot) -> None:
    first = asyncio.ensure_future(bot.get_updates(timeout=5))
    await polled(server)
    other = telegram.Bot(server.token, base_url=server.base_url)
    second = asyncio.ensure_future(other.get_updates(timeout=1))
    with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
        await first
    assert await second == ()


async def test_polling_and_a_webhook_exclude_each_other(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver
) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=5))
    await polled(server)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match=r"(?i)terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == () and (await bot.get_webhook_info()).url == ""


async def test_deliveries_carry_the_secret_in_order(bot: telegram.Bot, receiver: Receiver, person: Person) -> None:
    person.types("до")
    await bot.set_webhook(receiver.url, secret_token="so_secret-1")
    person.types("після")
    assert await receiver.has(2) == ["до", "після"] and receiver.secrets == ["so_secret-1"] * 2
    await asyncio.sleep(0.05)
    assert (await bot.get_webhook_info()).pending_update_count == 0
    for wrong in ("no spaces", "x" * 257):
        with pytest.raises(BadRequest, match=r"(?i)secret token"):
            await bot.set_webhook(receiver.url, secret_token=wrong)
    with pytest.raises(BadRequest, match=r"(?i)invalid webhook URL"):
        await bot.set_webhook("ftp://example.org")


async def test_a_failed_delivery_comes_again_later_and_later(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver, person: Person
) -> None:
    receiver.answers = [500, 503, 404, 500]
    await bot.set_webhook(receiver.url)
    person.types("одне")
    person.types("друге")
    assert await receiver.has(6) == ["одне"] * 5 + ["друге"]
    at = [delivery.at for delivery in server.webhook.deliveries]
    waits = [(later - earlier) / 0.02 for earlier, later in itertools.pairwise(at)]
    assert waits[1] >= 2 and waits[2] >= 4 and waits[3] >= 8
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_delivery_without_an_answer_in_time_comes_twice(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver, person: Person
) -> None:
    receiver.slow[person.user.id] = 0.7
    await bot.set_webhook(receiver.url)
    person.types("повільно")
    await receiver.has(1)
    receiver.slow.clear()
    assert await receiver.has(2) == ["повільно"] * 2
    assert len({update.update_id for update in receiver.got}) == 1
    assert server.webhook.deliveries[0].outcome == "Read timeout expired"


async def test_retry_after_is_obeyed(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver, person: Person
) -> None:
    receiver.answers = [429]
    await bot.set_webhook(receiver.url)
    person.types("далі")
    await receiver.has(2)
    await asyncio.sleep(0.05)
    before, after = (delivery.at for delivery in server.webhook.deliveries)
    assert after - before >= 0.02


async def test_chats_are_delivered_side_by_side_within_max_connections(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver
) -> None:
    people = [server.person() for _ in range(5)]
    receiver.slow = {person.user.id: 0.05 for person in people}
    for person in people:
        person.types("а")
        person.types("б")
    await bot.set_webhook(receiver.url, max_connections=2)
    await receiver.has(10)
    assert receiver.most_open == 2
    for person in people:
        own = [u.message.text for u in receiver.got if u.message and u.message.chat.id == person.user.id]
        assert own == ["а", "б"]


async def test_pending_updates_can_be_dropped(
    server: FakeTelegram, bot: telegram.Bot, receiver: Receiver, person: Person
) -> None:
    person.types("старе")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    person.types("нове")
    assert await receiver.has(1) == ["нове"]
    await bot.delete_webhook(drop_pending_updates=True)
    assert server.unconfirmed == []


async def test_a_method_in_the_answer_is_called(bot: telegram.Bot, receiver: Receiver, person: Person) -> None:
    receiver.answers = [{"method": "sendMessage", "chat_id": person.user.id, "text": "Відповідь"}]
    await bot.set_webhook(receiver.url)
    person.types("Питання")
    await person.hears("Відповідь")
