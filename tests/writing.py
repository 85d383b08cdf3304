"""What tests share to write a report: to the preview, with some words, every other question skipped."""

import re
import time
from typing import Any, Optional

import httpx

from bot.conversation.payloads import payload
from bot.conversation.reporting import questions as asked
from bot.language.texts import Texts

SEND = payload("affirm", asked.PREVIEW)
WORDS = {
    asked.PLACE_WORDS: "біля станції Жмеринкотест",
    asked.WHO: "Вербувальник Остаптест, +48 512 345 678, t.me/zhmerynkatest",
    asked.NARRATIVE: "Мене звати Соломіятест, мій номер +380 50 123 4567.",
}
TRACES = (
    "Жмеринкотест", "Остаптест", "+48 512 345 678", "48512345678", "512 345 678", "zhmerynkatest", "Соломіятест",
    "+380 50 123 4567", "380501234567", "50 123 4567",
)  # fmt: skip
"""Whatever of these words could be searched for, as it was typed and in its normal form."""
_CODE = re.compile(r"(?:\d{3} ){5}\d{3}")


def code_in(replies: list[dict[str, Any]]) -> str:
    """The receipt code that some replies show."""
    return next(found.group() for reply in replies if (found := _CODE.search(reply["text"])))


async def to_preview(person: Any, words: Optional[dict[str, str]] = None, skip: bool = True) -> list[dict[str, Any]]:
    """Write a report in this process up to its preview; `person` is conftest's."""
    replies = await person.presses("/report")
    while (question := person.slots.get("asked")) != asked.PREVIEW:
        assert question, replies
        given = (words or {}).get(question)
        replies = await (person.says(given) if given else person.presses(payload("skip", question)))
    return replies


class Visitor:
    """Speaks to a server over HTTP, in English; presses buttons by their titles."""

    def __init__(self, client: httpx.Client, texts: Texts) -> None:
        self._client = client
        self._texts = texts
        opened = client.post("/api/sessions", json={"language": "en"}).json()
        self._headers = {"X-CSRF": opened["csrf"]}
        self._number = 0
        self.replies: list[dict[str, Any]] = opened["messages"]

    def says(self, text: str) -> list[dict[str, Any]]:
        return self._send(text=text)

    def presses(self, identifier: str) -> list[dict[str, Any]]:
        """Press the button with a title by its text id, among the replies that were last said."""
        title = self._texts.get("chat", identifier, "en")
        buttons = [button for reply in self.replies for button in reply["buttons"] if button["title"] == title]
        return self._send(payload=buttons[0]["payload"])

    def to_preview(self, words: dict[str, str]) -> str:
        """Write a report up to its preview; return the receipt code."""
        by_text = {self._texts.get("chat", f"{question}.ask", "en"): said for question, said in words.items()}
        self.presses("✉️ Report this") if self._offers_report() else self._send(text="/report")
        while "Receipt code:" not in self.replies[-1]["text"]:
            given = by_text.get(self.replies[-1]["text"])
            self.says(given) if given else self.presses("⏭️ Rather not say")
        return code_in(self.replies)

    def _offers_report(self) -> bool:
        return any(button["title"] == "✉️ Report this" for reply in self.replies for button in reply["buttons"])

    def looks_up(self, code: str) -> str:
        """Ask in words what became of a report; return what is told."""
        self.says("I have a receipt code")
        return str(self.says(code)[-1]["text"])

    def _send(self, **body: str) -> list[dict[str, Any]]:
        time.sleep(0.1)
        self._number += 1
        answer = self._client.post("/api/messages", json={"id": f"m{self._number}", **body}, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self.replies = answer.json()["messages"]
        if self.replies[-1].get("pending"):
            self.replies = self._later(self.replies[-1]["seq"])
        return self.replies

    def _later(self, after: int) -> list[dict[str, Any]]:
        for _ in range(100):
            kept = self._client.post("/api/sessions", json={"resume": True}).json()["messages"]
            if kept[-1]["seq"] > after:
                return [message for message in kept if message["seq"] > after]
            time.sleep(0.1)
        raise AssertionError("The answer did not come.")
