"""The Telegram channel: it runs inside the chat app, with the app's own sessions and assistant."""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from dataclasses import replace

from fastapi import APIRouter
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram import incoming
from bot.channels.telegram.chats import ChatRoom, ChatRooms
from bot.channels.telegram.erasing import erasable
from bot.channels.telegram.incoming import Heard, Kind
from bot.channels.telegram.pasted import PAUSE_SECONDS, Pastes
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.receipts import ShownReceipts
from bot.channels.telegram.sending import Gone, Sender, Unsent
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.talk import START, Talk
from bot.channels.telegram.tidying import Tidying
from bot.channels.telegram.webhook import webhook
from bot.runtime.assistant import Assistant
from bot.runtime.services import Services
from bot.runtime.sessions import Sessions

_log = logging.getLogger("oberih.telegram")
_WRITTEN = frozenset({Kind.WORDS, Kind.LINK, Kind.NOTICE, Kind.CARD})
_KEPT_UPDATES = 10_000
_SWEEP_SECONDS = 30.0
_STOP_SECONDS = 3.0
_CONNECTIONS = 64
_ANSWER_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
_LIBRARIES = ("telegram", "httpx", "httpcore")


class TelegramChannel:
    """Answers private chats with one bot; leaves groups and channels.

    Call `start` in the running event loop and `stop` before it ends.
    """

    def __init__(
        self, settings: TelegramSettings, services: Services, sessions: Sessions, assistant: Assistant
    ) -> None:
        _keep_secrets_out_of_logs()
        self._settings = settings
        self._sessions = sessions
        self.bot = Bot(
            settings.token,
            base_url=settings.base_url,
            request=HTTPXRequest(_CONNECTIONS, read_timeout=_ANSWER_SECONDS, pool_timeout=_ANSWER_SECONDS),
            get_updates_request=HTTPXRequest(2, read_timeout=_ANSWER_SECONDS),
        )
        self._erasable = erasable(services.settings)
        self._sender = Sender(self.bot, self._erasable)
        self._tidying = Tidying(services, sessions, self._sender, self._erasable.watchlist)
        self._receipts = ShownReceipts(self._sender.erase_one)
        self._talk = Talk(services, sessions, assistant, self._sender, self._tidying, self._receipts)
        self._pastes = Pastes(self._talk.is_urgent, PAUSE_SECONDS if settings.webhook_secret is None else 0.0)
        self.rooms = ChatRooms()
        self.polling = Polling(self.bot, self.take)
        self._taken: OrderedDict[int, asyncio.Task[None]] = OrderedDict()
        self._running: list[asyncio.Task[None]] = []
        self._idle_seconds = services.settings.idle_minutes * 60
        self._started = time.time()

    @property
    def router(self) -> APIRouter:
        """The webhook's route; without a webhook there is none."""
        secret = self._settings.webhook_secret
        return APIRouter() if secret is None else webhook(self.bot, self.take, secret)

    async def start(self) -> None:
        """Begin to take updates. Telegram need not be reachable: that is tried until it is."""
        self._started = time.time()
        self._tidying.resume()
        self._running = [asyncio.create_task(self._run()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """Take no more, let answers under way end, confirm what is handled."""
        for task in self._running:
            task.cancel()
        under_way = [task for task in (*self._running, *self._taken.values()) if not task.done()]
        if under_way:
            await asyncio.wait(under_way, timeout=_STOP_SECONDS)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._receipts.close(), _STOP_SECONDS)
        try:
            await self.polling.confirm()
        except TelegramError as error:
            _log.info("not confirmed: %s", type(error).__name__)
        await self.bot.shutdown()

    def take(self, update: Update) -> "asyncio.Task[None]":
        """Start handling an update and return the task, which never raises; a known number is not handled again."""
        known = self._taken.get(update.update_id)
        if known is not None:
            return known
        task = asyncio.create_task(self._handle(incoming.heard(update)))
        self._taken[update.update_id] = task
        while len(self._taken) > _KEPT_UPDATES and next(iter(self._taken.values())).done():
            self._taken.popitem(last=False)
        return task

    async def _handle(self, heard: Heard) -> None:
        try:
            await self._act(heard)
        except Gone:
            self._forget(heard.chat)
        except Unsent as error:
            _log.error("answer not sent: %s", error)
        except Exception as error:  # noqa: BLE001
            # One chat's trouble must end neither the channel nor another chat, and no log may quote anybody.
            _log.error("update failed: %s", type(error).__name__)

    async def _act(self, heard: Heard) -> None:
        if heard.kind is Kind.NOTHING:
            return
        if heard.kind in _WRITTEN:
            # Before anything can go wrong: what a person wrote must be erasable too.
            self._erasable.note(heard.chat, heard.message, heard.date)
        if heard.kind is Kind.LEAVE:
            await self._sender.leave(heard.chat)
        elif heard.kind is Kind.BLOCKED:
            self._forget(heard.chat)
        else:
            room = self.rooms.of(heard.chat)
            if room.bucket.take():
                room.told_slow = False
                await self._speak(room, heard)
            else:
                await self._slow_down(room, heard)

    async def _speak(self, room: ChatRoom, heard: Heard) -> None:
        if heard.album and heard.album == room.album:
            # Pictures sent together are one thing to the person, and get one answer.
            heard = replace(heard, notice="")
        room.album = heard.album or room.album
        if heard.kind is not Kind.WORDS:
            await self._pastes.settle(room)
        if heard.kind is Kind.PRESS:
            await self._talk.press(room, heard)
        elif heard.kind is Kind.LINK:
            await self._talk.link(room, heard)
        elif heard.kind is Kind.CARD:
            await self._talk.card(room, heard)
        elif heard.kind is Kind.EDIT:
            if self.rooms.note_words(room, heard.message, heard.text):
                again = heard.message in room.edited
                room.edited.append(heard.message)
                await self._talk.edit(room, heard, again=again)
        elif heard.kind is Kind.WORDS:
            self.rooms.note_words(room, heard.message, heard.text)
            await self._pastes.words(room, heard, lambda whole: self._words(room, whole))
        elif heard.notice:
            await self._talk.notice(room, heard)

    async def _words(self, room: ChatRoom, heard: Heard) -> None:
        await self._talk.words(room, heard, perhaps_cut=self._perhaps_cut(heard))

    def _perhaps_cut(self, heard: Heard) -> bool:
        """Say whether words may go on with a conversation that ended with the process before this one.

        A conversation is kept for so many idle minutes. Telegram tells whole seconds, and whoever opens a chat for the
        first time can only send /start.
        """
        kept = 0.0 if heard.text == START else self._idle_seconds
        return heard.date + 1 < self._started + kept

    async def _slow_down(self, room: ChatRoom, heard: Heard) -> None:
        """Say once that it was too fast; more answers would only add to the flood."""
        if heard.query:
            await self._sender.answer(heard.query)
        if not room.told_slow:
            room.told_slow = True
            await self._talk.notice(
                room, Heard(Kind.NOTICE, heard.chat, notice="utter_slow_down", language=heard.language)
            )

    def _forget(self, chat: int) -> None:
        self._erasable.forget(chat)
        room = self.rooms.find(chat)
        if room is not None:
            self._sessions.forget(room.session)
            self.rooms.drop(chat)

    async def _run(self) -> None:
        if await self._connect() and self._settings.webhook_secret is None:
            await self.polling.run()

    async def _connect(self) -> bool:
        """Make the connection and say how updates are to come; return whether the token is good."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self.bot.initialize()
                await self._choose_way()
                return True
            except InvalidToken:
                _log.error("Telegram refuses the token. Put the right one into the token file and start again.")
                return False
            except TelegramError as error:
                _log.error("Telegram cannot be reached (%s). It is tried again.", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _choose_way(self) -> None:
        if self._settings.webhook_secret is None:
            await self.bot.delete_webhook()
        elif self._settings.webhook_url is not None:
            await self.bot.set_webhook(
                self._settings.webhook_url,
                secret_token=self._settings.webhook_secret,
                allowed_updates=incoming.UPDATES,
            )

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            await self._tidying.silent(self.rooms)


def _keep_secrets_out_of_logs() -> None:
    """These libraries log addresses, which hold the token, and whole updates, below WARNING."""
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
