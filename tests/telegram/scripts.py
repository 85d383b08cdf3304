"""People with a script: each checks an offer, writes a report, is in danger on the way, follows the receipt, leaves.

Whoever is told that all is forgotten begins the errand under way again, as a person would.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.conversation.reporting import questions as asked
from bot.language.texts import Texts
from evaluation.botapi import Message, Person, Press
from tests.reporting import code_in

OFFERS = {
    "uk": "Фірма {word}: робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас.",
    "ru": "Фирма {word}: работа в Германии, 3500 евро без опыта. Паспорт на время контракта остаётся у нас.",
    "en": "{word} company: job in Germany, 3500 euro, no experience. We keep your passport during the contract.",
    "pl": "Firma {word}: praca w Niemczech, 3500 euro bez doświadczenia. Paszport na czas umowy zostaje u nas.",
    "de": "Firma {word}: Arbeit in Polen, 3500 Euro ohne Erfahrung. Der Pass bleibt während des Vertrags bei uns.",
    "ro": "Firma {word}: muncă în Germania, 3500 euro fără experiență. Pașaportul rămâne la noi pe durata muncii.",
}
DANGERS = {
    "uk": "Мене зачинили у {word} і забрали паспорт",
    "ru": "Меня заперли в {word} и забрали паспорт",
    "en": "I am locked in at {word} and they took my passport",
    "pl": "Zamknęli mnie w {word} i zabrali mi paszport",
    "de": "Ich bin in {word} eingesperrt und sie haben mir den Pass weggenommen",
    "ro": "Sunt încuiată în {word} și mi-au luat pașaportul",
}
_LEVELS = ("🔴", "🟠", "❔", "🔎")
_SKIP = "⏭️ Rather not say"
_PATIENCE_SECONDS = 180.0
_READING_SECONDS = 1.0


class CutOff(Exception):
    """The bot has said that it has forgotten all and starts anew."""


@dataclass(eq=False)
class Somebody:
    """One person with a script.

    Attributes:
        word: an invented word that stands in everything they write.
        danger_at: before which question of the report they are in danger; 0 is before it begins.
        takes_back: whether they take the report back in the end.
        at: the errand under way; empty before the first and after the last.
        acts: how often they wrote or pressed.
        cuts: how often they were told that all is forgotten.
        confirmed: the mark of every report whose "send" they pressed.
        sent: of every report that they were told is sent, its mark and its receipt code.
        taken_back: the marks of reports whose taking back they confirmed.
        codes: every receipt code that they saw.
    """

    person: Person
    texts: Texts
    word: str
    danger_at: int = 3
    takes_back: bool = False
    forwards: bool = False
    at: str = ""
    acts: int = 0
    cuts: int = 0
    presses_made: list[Press] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    _last: int = 0

    @property
    def language(self) -> str:
        return self.person.user.language_code

    @property
    def sends_now(self) -> bool:
        """A report was confirmed, and not told to be sent yet."""
        return self.at == "report" and bool(self.confirmed) and self.confirmed[-1] not in self.sent

    def text(self, identifier: str) -> str:
        """Return the beginning of a text of the bot, up to what it fills in, in their language."""
        return self.texts.get("chat", identifier, self.language).partition("{")[0].split("\n")[0].strip()

    async def goes_through_all(self) -> None:
        """Do every errand, the one that is cut off again from its start."""
        errands: dict[str, Callable[[], Awaitable[None]]] = {
            "check": self.checks,
            "report": self.reports,
            "receipt": self.follows_up,
            "exit": self.leaves,
        }
        self.types("/start")
        await self.hears(self.text("utter_greet"))
        for self.at, errand in errands.items():
            while not await self._completes(errand):
                await self._reads_on()
        self.at = ""

    async def _completes(self, errand: Callable[[], Awaitable[None]]) -> bool:
        try:
            await errand()
        except CutOff:
            return False
        return True

    async def _reads_on(self) -> None:
        """Look at what else comes for what was written before, and begin again below it."""
        self.cuts += 1
        await asyncio.sleep(_READING_SECONDS)
        self._last = max(message.id for message in self.person.chat)

    async def checks(self) -> None:
        """Paste or forward an offer, get its card, answer what is asked."""
        offer = OFFERS[self.language].format(word=self.word)
        self.types(offer, forwarded=self.forwards)
        await self.hears(lambda message: message.text.startswith(_LEVELS))
        another = self.texts.get("chat", "🔎 Check another offer", self.language)
        question = await self.hears(lambda message: self._asks(message) or _has(message, another))
        while self._asks(question):
            self.presses(_SKIP, question)
            question = await self.hears(lambda message: self._asks(message) or _has(message, another))

    async def reports(self) -> None:
        """Write a report in a few words, see it, send it, be told that it is sent."""
        mark = f"{self.word}-{len(self.codes)}"
        if self.danger_at == 0:
            await self._is_in_danger()
        self.types("/report")
        await self.hears(self.text("utter_report_begins"))
        shown = await self.hears(self._asks)
        number = 0
        while self._asks(shown):
            number += 1
            if number == self.danger_at:
                shown = await self._is_in_danger(suspended=True)
            if shown.text.startswith(self.text(f"{asked.PLACE_WORDS}.ask")):
                self.types(mark)
            elif shown.text.startswith(self.text(f"{asked.NARRATIVE}.ask")):
                self.types(OFFERS[self.language].format(word=self.word))
            else:
                self.presses(_SKIP, shown)
            shown = await self.hears(lambda message: self._asks(message) or _has(message, self._send))
        code = code_in(shown.text)
        self.codes.append(code)
        self.confirmed.append(mark)
        self.presses("report.button.send", shown)
        await self.hears(lambda message: code in message.text and not _has(message, self._send))
        self.sent[mark] = code

    async def follows_up(self) -> None:
        """Ask what became of the report with its receipt code; perhaps take it back."""
        mark, code = list(self.sent.items())[-1]
        self.types("/receipt")
        await self.hears(self.text("utter_receipt_ask"))
        self.types(code)
        waits, gone = self.text("utter_receipt_new"), self.text("utter_receipt_revoked")
        told = await self.hears(lambda message: message.text.startswith((waits, gone)))
        if self.takes_back and told.text.startswith(waits):
            self.presses("receipt.button.withdraw", told)
            sure = self.texts.get("chat", "receipt.button.sure", self.language)
            shown = await self.hears(lambda message: _has(message, sure))
            self.taken_back.add(mark)
            self.presses("receipt.button.sure", shown)
            deleted = self.text("utter_receipt_withdrawn"), self.text("utter_receipt_withdrawn_soon")
            await self.hears(lambda message: message.text.startswith(deleted))

    async def leaves(self) -> None:
        """Leave for good."""
        self.types("/exit")
        await self.hears(self.text("utter_exit"))

    async def _is_in_danger(self, *, suspended: bool = False) -> Message:
        """Say so and get the emergency card; a question that was suspended by it is asked again."""
        self.types(DANGERS[self.language].format(word=self.word))
        card = await self.hears(self.text("utter_emergency"))
        if not suspended:
            return card
        self.presses("↩️ Not in danger, go on", card)
        return await self.hears(self._asks)

    def types(self, text: str, *, forwarded: bool = False) -> None:
        """Write, or pass on what they wrote elsewhere."""
        self.acts += 1
        if forwarded:
            self.person.forwards(text, {"type": "hidden_user", "sender_user_name": self.word})
        else:
            self.person.types(text)

    def presses(self, title: str, message: Message) -> None:
        """Press the button of a message that has this text, by its id."""
        self.acts += 1
        self.presses_made.append(self.person.presses(self.texts.get("chat", title, self.language), message))

    async def hears(self, wanted: "str | Callable[[Message], bool]") -> Message:
        """Wait for the next message that begins so, or is so.

        Raises:
            CutOff: the bot starts anew.
        """
        anew = self.text("utter_started_anew")

        def matches(message: Message) -> bool:
            fits = message.text.startswith(wanted) if isinstance(wanted, str) else wanted(message)
            return message.id > self._last and (message.text.startswith(anew) or fits)

        message = await self.person.hears(matches, within=_PATIENCE_SECONDS)
        self._last = message.id
        if message.text.startswith(anew):
            raise CutOff
        return message

    @property
    def _send(self) -> str:
        return self.texts.get("chat", "report.button.send", self.language)

    def _asks(self, message: Message) -> bool:
        return _has(message, self.texts.get("chat", _SKIP, self.language))


def _has(message: Message, title: str) -> bool:
    return any(button.text == title for button in message.buttons)
