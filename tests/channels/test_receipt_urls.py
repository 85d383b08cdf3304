"""No receipt, spoken word or answer stands in any address: addresses end in histories, logs and on screens."""

from typing import Any
from urllib.parse import unquote

import httpx
from fastapi.testclient import TestClient

from bot.channels.web.app import create_app
from bot.privacy.receipt_words import in_words
from bot.privacy.receipts import parse_code
from bot.runtime.services import Services
from tests.writing import Visitor

WORD = "zelenyi chainyk"


class Recorded(httpx.Client):
    """A browser that notes what it asks for and where it is sent."""

    def __init__(self, client: Any) -> None:
        super().__init__()
        self._through = client
        self.seen: list[str] = []

    def post(self, url: Any, **options: Any) -> Any:
        answer = self._through.post(url, **options)
        self.seen += [str(answer.request.url), str(answer.headers)]
        return answer


def test_nothing_secret_stands_in_an_address_or_a_header(services: Services) -> None:
    with TestClient(create_app(services)) as client:
        browser = Recorded(client)
        person = Visitor(browser, services.texts)
        code = person.to_preview({})
        person.presses("report.button.send")
        person.presses("report.button.word")
        person.says(WORD)
        other = Visitor(browser, services.texts)
        assert "waiting" in other.looks_up(code)
        other.presses("receipt.button.withdraw")
        other.says(WORD)
        keys = [button["payload"] for reply in other.replies for button in reply["buttons"]]
    digits, words = parse_code(code), in_words(parse_code(code), services.knowledge.receipt_words["en"])
    seen = unquote(" ".join(browser.seen)).replace(" ", "").replace("-", "")
    assert len(browser.seen) > 20
    assert not [secret for secret in (digits, "".join(words), WORD.replace(" ", "")) if secret in seen]
    assert keys and not any(digits in key or WORD in key for key in keys)
