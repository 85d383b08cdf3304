"""One chat's turn: what was heard goes to its session, and the session's replies go out as messages.

Every method holds the chat's turn while it speaks, so that the order of a chat is kept and no chat waits for another.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, Optional

from babel import negotiate_locale

from bot.channels.telegram.chats import ChatRoom
from bot.channels.telegram.incoming import Heard
from bot.channels.telegram.outgoing import Outgoing, messages
from bot.channels.telegram.receipts import ShownReceipts
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.tidying import LINE, NUMBERS, Tidying
from bot.conversation.advance import takes_forwards
from bot.conversation.payloads import payload
from bot.conversation.reporting.receipt_ids import CODE
from bot.runtime import turns
from bot.runtime.assistant import Assistant
from bot.runtime.services import Services
from bot.runtime.sessions import TELEGRAM, Reply, Session, Sessions

MAX_TEXT = 20_000
"""Longest message in characters."""
_TYPING_AFTER_SECONDS = 0.4
_LONG_ANSWER = 12
"""Words from which edited words are an offer although a question is open."""
_FALLBACK = "en"
START = "/start"
_WRITTEN_DOWN = payload("written_down")
"""What the button under a receipt stands for; it is the channel's own and no wish of the conversation."""


class Talk:
    """Speaks for the sessions of all chats."""

    def __init__(
        self,
        services: Services,
        sessions: Sessions,
        assistant: Assistant,
        sender: Sender,
        tidying: Tidying,
        receipts: ShownReceipts,
    ) -> None:
        self._services = services
        self._sessions = sessions
        self._assistant = assistant
        self._sender = sender
        self._tidying = tidying
        self._receipts = receipts

    async def words(self, room: ChatRoom, heard: Heard, *, perhaps_cut: bool) -> None:
        """Answer typed or forwarded words; `perhaps_cut`: they may go on with what a process before this one knew."""
        async with room.turn:
            fresh = self._sessions.get(room.session) is None
            if len(heard.text) > MAX_TEXT:
                await self._notice(room, heard, "utter_too_long")
            elif not heard.text.strip():
                await self._notice(room, heard, "utter_only_words")
            else:
                await self._answer_words(room, heard, begins=fresh and heard.text.strip() == START)
            if heard.notice:
                await self._notice(room, heard, heard.notice)
            if fresh and perhaps_cut and self._sessions.find(room.session) is not None:
                await self._notice(room, heard, "utter_started_anew")

    async def edit(self, room: ChatRoom, heard: Heard, *, again: bool) -> None:
        """Answer words that were changed, once a message; where they would answer another question, say so.

        `again` says that an edit of this message was answered before; only danger is answered then.
        """
        async with room.turn:
            session = self._session(room, heard)
            if len(heard.text) > MAX_TEXT:
                return
            only_danger = again or _would_answer(session, heard.text)
            if not only_danger or await self._is_danger(session, heard.text):
                await self._answer_words(room, heard)
            elif not again:
                await self._notice(room, heard, "utter_edit_unread")

    async def notice(self, room: ChatRoom, heard: Heard) -> None:
        """Say one response."""
        async with room.turn:
            await self._notice(room, heard, heard.notice)

    async def link(self, room: ChatRoom, heard: Heard) -> None:
        """Follow a deep link: it starts a chat, or goes on with the one there is."""
        async with room.turn:
            fresh = self._sessions.get(room.session) is None
            session = self._session(room, heard)
            replies = await self._assistant.press(session, heard.text, str(heard.message))
            await self._deliver(room, heard, session, replies, begins=fresh)

    async def card(self, room: ChatRoom, heard: Heard) -> None:
        """Take the contact card of somebody else."""
        async with room.turn:
            session = self._session(room, heard)
            replies = await self._assistant.take_card(session, heard.contacts, str(heard.message))
            await self._deliver(room, heard, session, replies)

    def _warning(self, language: str) -> str:
        """Return who can read along, and what leaving cannot erase: said once, as a chat begins."""
        page = self._services.settings.public_url
        privacy = self._text("utter_telegram_privacy" if page else "utter_telegram_privacy_no_page", language)
        return privacy.replace("{page}", page or "") + "\n\n" + self._text("utter_telegram_erase_limits", language)

    async def press(self, room: ChatRoom, heard: Heard) -> None:
        """Answer a button: first the press itself, then what it stands for.

        The buttons beside it are out of use from the first press on, so that a second tap does nothing.
        """
        session = self._sessions.get(room.session)
        if session is None:
            await self._begin_anew(room, heard)
            return
        pressed = session.buttons.get(heard.text)
        if pressed == _WRITTEN_DOWN:
            self._receipts.written_down(heard.chat)
            await self._sender.answer(heard.query)
            return
        if pressed is None or heard.text not in room.keys:
            await self._sender.answer(heard.query, self._text("utter_old_button", self._language(room, heard)))
            return
        claimed, room.keys = room.keys, frozenset()
        answering = asyncio.create_task(self._sender.answer(heard.query))
        async with room.turn:
            if session.buttons.get(heard.text) != pressed:
                # What was answered meanwhile has replaced what this button would have confirmed.
                await answering
                await self._notice(room, heard, "utter_old_button")
                return
            # While the answer is made, so that it need not wait for Telegram.
            replies = await self._assistant.press(session, pressed, str(heard.message))
            await answering
            if all(reply["kind"] == "error" and not reply["buttons"] for reply in replies):
                room.keys = claimed
                await self._send(heard.chat, self._messages(session, replies))
                return
            await self._deliver(room, heard, session, replies)

    async def _begin_anew(self, room: ChatRoom, heard: Heard) -> None:
        async with room.turn:
            if self._sessions.get(room.session) is not None:
                # Something else that was written or pressed before has begun anew already.
                await self._sender.answer(heard.query, self._text("utter_old_button", self._language(room, heard)))
                return
            await self._sender.answer(heard.query)
            await self._notice(room, heard, "utter_started_anew")
            session = self._session(room, heard)
            await self._deliver(room, heard, session, await self._assistant.greet(session))

    async def _answer_words(self, room: ChatRoom, heard: Heard, *, begins: bool = False) -> None:
        session = self._session(room, heard)
        if session.slots.get("asked") == CODE:
            self._receipts.show(heard.chat, heard.message)
        answer = self._assistant.hear_out(
            session, heard.text, str(heard.message), passed_on=heard.passed_on, contacts=heard.contacts
        )
        await self._deliver(room, heard, session, await self._while_typing(heard.chat, answer), begins=begins)

    async def _while_typing(self, chat: int, answer: "Coroutine[Any, Any, list[Reply]]") -> list[Reply]:
        task = asyncio.create_task(answer)
        done, _ = await asyncio.wait({task}, timeout=_TYPING_AFTER_SECONDS)
        if not done:
            await self._sender.typing(chat)
        return await task

    async def is_urgent(self, text: str) -> bool:
        """Say whether words of no session yet speak of danger; nothing of them is kept."""
        await asyncio.to_thread(turns.warm_danger, self._services, text)
        found = self._services.danger.read(text) is not None
        turns.forget_vectors(self._services, text)
        return found

    async def _is_danger(self, session: Session, text: str) -> bool:
        session.texts.append(text)
        await asyncio.to_thread(turns.warm_danger, self._services, text)
        return self._services.danger.read(text) is not None

    async def _deliver(
        self, room: ChatRoom, heard: Heard, session: Session, replies: Sequence[Reply], *, begins: bool = False
    ) -> None:
        """Send replies; where these have buttons, or one was pressed, older ones go out of use and out of sight."""
        outgoing = self._messages(session, replies)
        if begins and outgoing:
            warning = self._warning(self._language(room, heard))
            outgoing[-1] = replace(outgoing[-1], text=f"{outgoing[-1].text}\n\n{warning}")
        keys = frozenset(key for message in outgoing for key in message.keys)
        old: list[int] = []
        if keys or heard.query or session.ended:
            old = list(dict.fromkeys([*room.keyboards, *([heard.message] if heard.query else [])]))
            room.keyboards.clear()
            room.keys = frozenset() if session.ended else keys
        leaves = LINE if session.ended else next((r["leaves"] for r in replies if "leaves" in r), None)
        if leaves == NUMBERS:
            await self._tidying.show_numbers(room, session)
        sent = await self._send(heard.chat, outgoing)
        room.said = sent[-1][1] if sent else room.said
        room.keyboards.extend(number for message, number in sent if message.rows and not message.receipt)
        for message, number in sent:
            if message.receipt:
                self._receipts.show(heard.chat, number)
        if leaves is None:
            for number in old:
                await self._sender.retire(heard.chat, number)
        elif sent:
            await self._tidy(room, heard, leaves, [number for _, number in sent])
        if not session.ended:
            self._tidying.note(room, session)

    async def _tidy(self, room: ChatRoom, heard: Heard, leaves: str, keep: Sequence[int]) -> None:
        """Leave only what was said now, and the numbers where they are to stay; say what is beyond erasing."""
        if leaves == LINE:
            self._tidying.closed(room)
        left = await self._tidying.leave_only(room, keep)
        if left is not None:
            says, count = left
            await self._notice(room, heard, says, count=str(count))

    def _messages(self, session: Session, replies: Sequence[Reply]) -> list[Outgoing]:
        language = session.slots.get("language", session.language)
        return [
            message
            for reply in replies
            for message in self._with_end(session, reply, messages(reply, self._services.texts, language), language)
        ]

    def _with_end(self, session: Session, reply: Reply, outgoing: list[Outgoing], language: str) -> list[Outgoing]:
        """A receipt says that it goes, and has a button for those who are done with it."""
        if "code" not in reply or reply.get("leaves") != NUMBERS:
            return outgoing
        goes = self._text("utter_telegram_receipt_goes", language)
        done = ((self._text("utter_telegram_written_down", language), session.issue(_WRITTEN_DOWN)),)
        last = outgoing[-1]
        return [*outgoing[:-1], replace(last, text=f"{last.text}\n\n{goes}", rows=(*last.rows, done), receipt=True)]

    async def _send(self, chat: int, outgoing: Sequence[Outgoing]) -> list[tuple[Outgoing, int]]:
        """Send messages in order; return each with its id."""
        return [(message, await self._sender.send(chat, message)) for message in outgoing]

    async def _notice(self, room: ChatRoom, heard: Heard, response: str, **values: str) -> None:
        text = self._text(response, self._language(room, heard))
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        await self._sender.send(heard.chat, Outgoing(text))

    def _session(self, room: ChatRoom, heard: Heard) -> Session:
        session = self._sessions.get(room.session)
        if session is None:
            session = self._sessions.create(self._first_language(heard.language), TELEGRAM)
            room.session, room.keys = session.id, frozenset()
        return session

    def _language(self, room: ChatRoom, heard: Heard) -> str:
        session = self._sessions.find(room.session)
        if session is None:
            return self._first_language(heard.language)
        return str(session.slots.get("language", session.language))

    def _first_language(self, app: str) -> str:
        """Return the language a person's app is set to, where the product has it."""
        known = list(self._services.knowledge.languages)
        return (negotiate_locale([app], known, sep="-") if app else None) or _FALLBACK

    def _text(self, response: str, language: str) -> str:
        return self._services.texts.get("chat", response, language, TELEGRAM)


def _would_answer(session: Session, text: str) -> bool:
    """Say whether changed words would be taken for the answer to a question that was asked after them."""
    asked: Optional[str] = session.slots.get("asked")
    return asked is not None and not (takes_forwards(asked) and len(text.split()) >= _LONG_ANSWER)
