"""How updates come and answers go: order, limits, lost answers, groups, polling and webhook."""

import asyncio
import json
import logging

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.webhook import PATH, SECRET_HEADER
from tests.telegram.channel import DANGER, OFFER, channel_on

SECRET = "a-secret-of-the-test"


@pytest.fixture
async def channel(server, chat):
    async with channel_on(server, chat) as channel:
        yield channel


async def test_a_slow_chat_does_not_delay_another(server, channel) -> None:
    slow, quick = server.person(), server.person()
    server.faults.hang("sendMessage", 3.0, chat_id=slow.user.id)
    slow.types("/start")
    await asyncio.sleep(0.1)
    quick.types("/start")
    await quick.hears("Вітаю", within=1.5)


async def test_a_limit_of_one_chat_is_waited_out_there_and_nothing_is_lost_or_doubled(server, channel) -> None:
    limited, other = server.person(), server.person()
    server.faults.too_many("sendMessage", 1, chat_id=limited.user.id)
    limited.types(DANGER)
    other.types("/start")
    await other.hears("Вітаю", within=0.9)
    await limited.hears("112")
    await asyncio.sleep(0.2)
    assert len(limited.texts) == len(set(limited.texts))


async def test_messages_of_one_chat_are_answered_in_order(server, channel) -> None:
    person = server.person(language_code="en")
    person.types("/signs")
    person.types("/start")
    person.types("/check")
    await person.hears("Which offers")
    await person.hears("Hello")
    await person.hears("Paste the offer here")


async def test_an_update_that_comes_twice_is_answered_once(server, channel) -> None:
    person = server.person()
    person.types("/start")
    await person.hears("Вітаю")
    server.updates.repeat(server.updates.delivered[-1].id)
    await asyncio.sleep(0.3)
    assert len(person.texts) == 1


@pytest.mark.parametrize("fault", ["drop", "garbage"])
async def test_an_answer_that_did_not_go_out_is_sent_again(server, channel, fault) -> None:
    person = server.person()
    getattr(server.faults, fault)("sendMessage")
    person.types("/start")
    await person.hears("Вітаю")
    await asyncio.sleep(0.2)
    assert len(person.texts) == 1


async def test_an_answer_that_may_have_arrived_is_sent_once_more_and_not_again(server, channel) -> None:
    person = server.person()
    server.faults.lose_answer("sendMessage", times=2)
    person.types("/start")
    await person.hears("Вітаю")
    await person.hears("Вітаю")
    await asyncio.sleep(1.5)
    assert len(person.texts) == 2


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_groups_and_channels_are_left_and_nothing_is_sent_there(server, channel, kind) -> None:
    person = server.person()
    group = person.creates_channel("x") if kind == "channel" else person.creates_group("x", supergroup=kind != "group")
    person.adds_bot(group, administrator=kind == "channel")
    await _until(lambda: group.bot_status == "left")
    assert server.calls("leaveChat")
    assert not [call for call in server.calls() if call.method.startswith("send")]


async def test_a_group_that_became_a_supergroup_meanwhile_is_left_under_both_ids(server, chat) -> None:
    person = server.person()
    group = person.creates_group("x")
    person.adds_bot(group)
    supergroup = person.upgrades(group)
    async with channel_on(server, chat):
        await _until(lambda: supergroup.bot_status == "left")
        await _until(lambda: not server.unconfirmed)
    assert {str(group.id), str(supergroup.id)} == {call.params["chat_id"] for call in server.calls("leaveChat")}
    assert not [call for call in server.calls() if call.method.startswith("send")]


async def test_the_webhook_is_set_with_address_secret_and_the_wanted_updates(server, chat) -> None:
    address = "https://chat.example.org/telegram"
    settings = TelegramSettings(server.token, server.base_url, SECRET, address)
    channel = TelegramChannel(settings, chat.services, chat.sessions, chat.assistant)
    await channel.start()
    try:
        await _until(lambda: server.calls("setWebhook"))
    finally:
        await channel.stop()
    [call] = server.calls("setWebhook")
    assert (call.params["url"], call.params["secret_token"]) == (address, SECRET)
    assert set(json.loads(call.params["allowed_updates"])) == {
        "message", "edited_message", "channel_post", "callback_query", "my_chat_member",
    }  # fmt: skip
    assert not server.calls("getUpdates")


async def test_another_bot_is_not_answered_and_the_chat_after_it_is(server, channel) -> None:
    other, person = server.other_bot("other_bot"), server.person()
    other.types("/start")
    other.types(DANGER)
    person.types("/start")
    await person.hears("Вітаю")
    await _until(lambda: not server.unconfirmed)
    assert not other.texts and channel.rooms.find(other.user.id) is None


async def test_blocking_forgets_the_session(server, channel, chat) -> None:
    person = server.person()
    person.types(OFFER)
    await person.hears(lambda message: bool(message.buttons))
    room = channel.rooms.find(person.user.id)
    session = chat.sessions.find(room.session)
    person.blocks()
    await _until(lambda: session.ended)
    assert channel.rooms.find(person.user.id) is None and not session.texts and not session.slots


async def test_a_chat_that_turns_out_to_be_blocked_is_forgotten(server, channel, chat) -> None:
    person = server.person()
    person.types("/start")
    await person.hears()
    session = chat.sessions.find(channel.rooms.find(person.user.id).session)
    server.faults.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
    person.types(OFFER)
    await _until(lambda: session.ended)


async def test_polling_confirms_only_what_was_answered(server, channel) -> None:
    person = server.person()
    server.faults.too_many("sendMessage", 2)
    person.types("/start")
    await asyncio.sleep(1.0)
    assert [pending.kind for pending in server.unconfirmed] == ["message"]
    await person.hears("Вітаю")
    await _until(lambda: not server.unconfirmed)


async def test_what_was_not_answered_before_a_stop_is_answered_by_the_next_process(server, chat, monkeypatch) -> None:
    from bot.channels.telegram import bot

    monkeypatch.setattr(bot, "_STOP_SECONDS", 0.1)
    person = server.person()
    server.faults.too_many("sendMessage", 60)
    async with channel_on(server, chat):
        person.types(OFFER)
        await _until(lambda: server.calls("sendMessage"))
    assert not person.texts
    async with channel_on(server, chat):
        await person.hears("СИЛЬНІ")


async def test_two_pollers_are_told_plainly(server, channel, bot) -> None:
    await _until(lambda: server.api.polling.waits)
    await bot.get_updates(timeout=1)
    await _until(lambda: "same token" in channel.polling.trouble)
    server.person().types("/start")
    await _until(lambda: not channel.polling.trouble)


async def test_a_webhook_set_by_others_is_taken_away_before_polling(server, chat, bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/x")
    async with channel_on(server, chat):
        person = server.person()
        person.types("/start")
        await person.hears("Вітаю")


@pytest.fixture
async def hook(server, chat):
    """The channel behind its webhook, over real HTTP; yields its address."""
    async with channel_on(server, chat, SECRET) as channel:
        app = FastAPI()
        app.include_router(channel.router)
        web = uvicorn.Server(uvicorn.Config(app, port=0, ws="none", lifespan="off", log_level="critical"))
        serving = asyncio.create_task(web.serve())
        await _until(lambda: web.started)
        yield f"http://127.0.0.1:{web.servers[0].sockets[0].getsockname()[1]}{PATH}"
        web.should_exit = True
        await serving


async def test_the_webhook_answers_and_is_told_so_only_afterwards(server, hook, bot) -> None:
    await bot.set_webhook(hook, secret_token=SECRET)
    person = server.person()
    server.faults.too_many("sendMessage", 1)
    person.types("/start")
    await asyncio.sleep(0.4)
    assert server.unconfirmed
    await person.hears("Вітаю")
    await _until(lambda: not server.unconfirmed)
    # Telegram waited half a second only, so the update came several times.
    assert len(server.webhook.deliveries) > 1 and len(person.texts) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", "a-secret-of-the-tes", "ключ".encode()])
def test_the_webhook_refuses_whoever_does_not_know_the_secret(secret) -> None:
    from bot.channels.telegram.webhook import webhook

    app = FastAPI()
    app.include_router(webhook(None, _never, SECRET))  # type: ignore[arg-type]
    headers = {} if secret is None else {SECRET_HEADER: secret}
    answer = TestClient(app).post(PATH, json={"update_id": 1}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"update_id": "x"}', b"\xff"])
def test_the_webhook_refuses_what_is_no_update(body) -> None:
    from bot.channels.telegram.webhook import webhook

    app = FastAPI()
    app.include_router(webhook(None, _never, SECRET))  # type: ignore[arg-type]
    assert TestClient(app).post(PATH, content=body, headers={SECRET_HEADER: SECRET}).status_code == 400


def test_a_webhook_without_a_secret_is_refused() -> None:
    from bot.channels.telegram.webhook import webhook

    with pytest.raises(ValueError, match="needs a secret"):
        webhook(None, _never, "")  # type: ignore[arg-type]


async def test_neither_token_nor_words_nor_ids_are_logged(server, channel, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    person = server.person()
    server.faults.garbage("sendMessage")
    server.faults.fail("sendMessage", 400, "Bad Request: message is too long")
    person.types(OFFER)
    await asyncio.sleep(1.5)
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert server.token not in logged and "Паспорт" not in logged and str(person.user.id) not in logged


async def _until(condition, within: float = 5.0) -> None:
    for _ in range(int(within / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It did not come to this.")


def _never(update):  # type: ignore[no-untyped-def]
    raise AssertionError("It was taken.")
