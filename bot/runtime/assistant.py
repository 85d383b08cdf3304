"""The assistant: Rasa's agent as a library, one message in, replies out."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore

from bot.conversation import payloads
from bot.conversation.advance import CONTACT
from bot.conversation.reporting.receipt_ids import CODE
from bot.offers.variants import MANY, edited_copies
from bot.privacy import receipt_words
from bot.reports.contact import Contact
from bot.runtime import models, patches, turns
from bot.runtime.actions_endpoint import FAILED, InProcessActions
from bot.runtime.nlg import LocalisedResponses
from bot.runtime.services import Services
from bot.runtime.sessions import TELEGRAM, WEB, Reply, Session, Sessions, SlotsOnlyStore

_log = logging.getLogger("oberih.assistant")
CHECKING = "utter_checking"
_LATER = "utter_receipt_later"
PATIENCE_SECONDS = 0.3
"""Work longer than this is announced, and its replies come as events."""
_KINDS = {"check", "emergency", "notice", "question", "error", "text"}


class Assistant:
    """Answers messages of sessions. `say` may be called from many tasks; turns of one session queue up."""

    def __init__(self, services: Services, sessions: Sessions) -> None:
        self._services = services
        self._sessions = sessions
        self.store = SlotsOnlyStore(sessions)
        self._agent = Agent.load(
            models.rasa_path(services.settings),
            generator=LocalisedResponses(),
            tracker_store=self.store,
            lock_store=InMemoryLockStore(),
            action_endpoint=InProcessActions("actions"),
        )
        self.background: set[asyncio.Task[list[Reply]]] = set()

    async def greet(self, session: Session) -> list[Reply]:
        """Say the first words of a session."""
        return await self._press(session, payloads.payload("greet"), "")

    async def press(self, session: Session, payload: str, message: str) -> list[Reply]:
        """Answer a button; `payload` is what the button stands for, already resolved."""
        return await self._press(session, payload, message)

    async def take_card(self, session: Session, contacts: Sequence[Contact], message: str) -> list[Reply]:
        """Keep a contact card that was shared."""
        return await self._press(session, payloads.payload(CONTACT), message, contacts)

    async def hear(self, session: Session, text: str, message: str) -> list[Reply]:
        """Answer typed words.

        Danger is decided first. Where reading the rest takes longer than `PATIENCE_SECONDS`, the replies
        so far are 'checking…', and the others reach the page as events.
        """
        danger_decided = asyncio.Event()
        task = self._started(session, UserMessage(text, message_id=message), danger_decided)
        decided = asyncio.create_task(danger_decided.wait())
        await asyncio.wait({task, decided}, return_when=asyncio.FIRST_COMPLETED)
        decided.cancel()
        await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if task.done():
            return task.result()
        return [session.say({**await self._plain(CHECKING, session), "about": message, "pending": True})]

    async def hear_out(
        self, session: Session, text: str, message: str, *, passed_on: bool = False, contacts: Sequence[Contact] = ()
    ) -> list[Reply]:
        """Answer typed words like `hear`, for a channel that can wait until everything is said.

        `passed_on` says that the words are a forward: material, as far as danger goes. `contacts` are who wrote it.
        """
        about = {turns.PASSED_ON: passed_on, turns.CONTACTS: _plain_values(contacts)}
        told = UserMessage(text, message_id=message, metadata=about)
        return await asyncio.shield(self._started(session, told, asyncio.Event()))

    def _started(self, session: Session, message: UserMessage, decided: asyncio.Event) -> "asyncio.Task[list[Reply]]":
        """Start answering, in a task of its own: whoever asked may be cut off meanwhile."""
        session.texts.append(message.text)
        task = asyncio.create_task(self._hear(session, message, decided))
        self.background.add(task)
        task.add_done_callback(self.background.discard)
        return task

    async def _hear(self, session: Session, message: UserMessage, decided: asyncio.Event) -> list[Reply]:
        words = self._services.knowledge.receipt_words
        if session.slots.get("asked") == CODE and receipt_words.is_nothing_else(message.text, words):
            decided.set()
            return await self._hear_code(session, message)
        await asyncio.to_thread(turns.warm_danger, self._services, message.text)
        if self._services.danger.read(message.text) is None:
            decided.set()
        await asyncio.to_thread(turns.warm, self._services, message.text)
        copies = await asyncio.to_thread(edited_copies, tuple(session.texts))
        if copies >= MANY:
            _log.warning("edited copies in one conversation: %d", copies)
        return await self._turn(session, message)

    async def _hear_code(self, session: Session, message: UserMessage) -> list[Reply]:
        """Answer a receipt: nothing in it is to be understood, so a flood of them costs little."""
        reporting = self._services.reporting
        if reporting is not None and reporting.lookups.refuses(session.id):
            return [session.say(await self._plain(_LATER, session))]
        message.parse_data = {"text": message.text, "intent": {}, "entities": [], patches.TYPED: True}
        return await self._turn(session, message)

    async def _press(
        self, session: Session, payload: str, message: str, contacts: Sequence[Contact] = ()
    ) -> list[Reply]:
        intent, question, value = payloads.parse(payload)
        entities = [
            {"entity": name, "value": content, "start": 0, "end": 0}
            for name, content in (("question", question), ("value", value))
            if content is not None
        ]
        parsed = {
            "text": payload,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": entities,
            "message_id": message,
            turns.CONTACTS: _plain_values(contacts),
        }
        return await self._turn(session, UserMessage(payload, message_id=message, parse_data=parsed))

    async def _turn(self, session: Session, message: UserMessage) -> list[Reply]:
        said: list[dict[str, Any]] = []
        message.sender_id = session.id
        message.input_channel = session.channel
        message.output_channel = _COLLECTORS[session.channel](said)
        async with session.lock:
            if session.owner == "person":
                return []
            try:
                await self._agent.handle_message(message)
            except Exception as error:  # noqa: BLE001
                # Whatever breaks inside Rasa: the person is told, and the log never quotes them.
                _log.error("turn failed: %s", type(error).__name__)
                said[:] = [await self._plain(FAILED, session)]
            if not said:
                said.append(await self._plain(FAILED, session))
            return self._deliver(session, said)

    def _deliver(self, session: Session, said: list[dict[str, Any]]) -> list[Reply]:
        if any(message.pop("forget", False) for message in said):
            self._sessions.clear(session)
        ends = any(message.pop("end", False) for message in said)
        replies = [session.say(message) for message in said]
        if ends:
            self._sessions.forget(session.id)
        return replies

    async def _plain(self, response: str, session: Session) -> dict[str, Any]:
        """Return one response as a message, outside any turn."""
        language = session.slots.get("language", session.language)
        text = self._services.texts.get("chat", response, language, session.channel)
        return {"kind": "error" if response == FAILED else "notice", "text": text}

    async def close(self) -> None:
        """Let the work that is under way end."""
        if self.background:
            await asyncio.wait(self.background, timeout=3)


def _plain_values(contacts: Sequence[Contact]) -> list[dict[str, Any]]:
    return [asdict(contact) for contact in contacts]


class _Collector(OutputChannel):
    """Collects what Rasa says as messages of our API."""

    def __init__(self, said: list[dict[str, Any]]) -> None:
        self._said = said

    @classmethod
    def name(cls) -> str:
        """Returns the channel's name, by which a response may have wording of its own."""
        return WEB

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        custom: dict[str, Any] = dict(message.get("custom") or {})
        kind = custom.pop("kind", "text")
        kept: dict[str, Any] = {"kind": kind if kind in _KINDS else "text", "text": message.get("text") or ""}
        kept["buttons"] = list(message.get("buttons") or ())
        self._said.append({**kept, **custom})


class _TelegramCollector(_Collector):
    @classmethod
    def name(cls) -> str:
        """Returns the channel's name."""
        return TELEGRAM


_COLLECTORS = {WEB: _Collector, TELEGRAM: _TelegramCollector}
