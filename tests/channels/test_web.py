"""The chat over HTTP, against the real app in this process."""

import json
import time

import pytest
from starlette.testclient import TestClient

from bot.channels.web.app import MAX_TEXT, create_app

OFFER = "Робота в Німеччині, 3500 євро без досвіду. Паспорт на час контракту залишається у нас."
DANGER = "Мене зачинили і забрали паспорт"


@pytest.fixture(scope="module")
def app(services):
    from bot.runtime import patches

    patches.apply()
    return create_app(services)


@pytest.fixture
def client(app):
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def person(client):
    return Visitor(client)


class Visitor:
    def __init__(self, client: TestClient) -> None:
        self.client = client
        opened = client.post("/api/sessions", json={"language": "uk"})
        assert opened.status_code == 200
        self.opened = opened.json()
        self.headers = {"X-CSRF": self.opened["csrf"]}
        self.number = 0

    def send(self, **body):
        self.number += 1
        body = {"id": f"m{self.number}", **body}
        return self.client.post("/api/messages", json=body, headers=self.headers)

    def says(self, text: str) -> list[dict]:
        answer = self.send(text=text)
        assert answer.status_code == 200, answer.text
        messages = answer.json()["messages"]
        return self.later(messages[-1]["seq"]) if messages[-1].get("pending") else messages

    def later(self, after: int) -> list[dict]:
        """What comes as events once a long check is done; the page streams it, a resumed session holds it too."""
        for _ in range(100):
            kept = self.client.post("/api/sessions", json={"resume": True}).json()["messages"]
            if kept[-1]["seq"] > after:
                return [message for message in kept if message["seq"] > after]
            time.sleep(0.1)
        raise AssertionError("The check did not end.")


def test_the_page_is_one_page_without_third_parties(client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store" and page.headers["referrer-policy"] == "no-referrer"
    for part in ("<script>", " style=", "onclick", "data:", "//cdn"):
        assert part not in page.text
    assert "server" not in page.headers


def test_the_page_weighs_less_than_a_hundred_kilobytes(client) -> None:
    import re

    page = client.get("/")
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert assets and len(page.content) + sum(len(client.get(asset).content) for asset in assets) < 100_000


def test_the_page_speaks_the_browsers_language(client) -> None:
    assert '<html lang="uk"' in client.get("/", headers={"Accept-Language": "uk,en;q=0.5"}).text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "ja"}).text
    assert '<html lang="pl"' in client.get("/?language=pl").text


def test_a_session_starts_with_a_greeting_and_a_strict_cookie(client) -> None:
    opened = client.post("/api/sessions", json={})
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    [greeting] = opened.json()["messages"]
    assert greeting["seq"] == 1 and greeting["buttons"]
    assert opened.json()["state"] == {"owner": "bot", "ended": False, "language": "en"}


def test_another_site_cannot_start_or_speak(client, person) -> None:
    assert client.post("/api/sessions", json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401
    assert client.post("/api/sessions", json={}, headers={"Origin": "https://evil.example"}).status_code == 401
    assert client.post("/api/messages", json={"id": "a", "text": "x"}).status_code == 401
    wrong = client.post("/api/messages", json={"id": "a", "text": "x"}, headers={"X-CSRF": "no"})
    assert wrong.status_code == 401 and set(wrong.json()) == {"error", "message"}


def test_a_pasted_offer_gets_its_card_with_exact_words(person) -> None:
    messages = person.says(OFFER)
    [card] = [m for m in messages if m["kind"] == "check"]
    assert card["about"] == "m1" and card["check"]["level"] == "high"
    signs = {sign["id"]: sign for sign in card["check"]["signs"]}
    assert "J24" in signs
    for sign in signs.values():
        for evidence in sign["evidence"]:
            assert OFFER[evidence["start"] : evidence["end"]] == evidence["text"]


def test_the_same_id_twice_is_one_message(person) -> None:
    first = person.client.post("/api/messages", json={"id": "x", "text": "привіт"}, headers=person.headers)
    again = person.client.post("/api/messages", json={"id": "x", "text": "привіт"}, headers=person.headers)
    assert first.json()["messages"] == again.json()["messages"]


def test_danger_gets_the_card_first(person) -> None:
    messages = person.says(DANGER)
    assert messages[0]["kind"] == "emergency" and "112" in messages[0]["text"]
    assert messages[0]["lines"][0]["href"] == "tel:112"


def test_a_button_works_and_a_forged_one_does_not(person) -> None:
    button = person.opened["messages"][0]["buttons"][0]
    assert person.send(payload=button["payload"]).status_code == 200
    for forged in ("/affirm", '/help{"value": "now"}', "no-such-key"):
        refused = person.send(payload=forged)
        assert refused.status_code == 409 and refused.json()["error"] == "old_button"


def test_the_language_menu_of_the_page_works(person) -> None:
    answer = person.send(payload="language:en").json()
    assert "English" in answer["messages"][0]["text"]


@pytest.mark.parametrize(
    "body, status",
    [
        ({"id": "a"}, 409),
        ({"id": "a", "text": "x", "payload": "y"}, 409),
        ({"id": "a", "text": "   "}, 409),
        ({"id": "a", "text": "x" * (MAX_TEXT + 1)}, 413),
        ({"id": "", "text": "x"}, 409),
        ({"text": "x"}, 409),
        ({"id": "a" * 65, "text": "x"}, 409),
        ([], 409),
    ],
)
def test_malformed_messages_get_a_clear_error(person, body, status: int) -> None:
    answer = person.client.post("/api/messages", json=body, headers=person.headers)
    assert answer.status_code == status and set(answer.json()) == {"error", "message"}


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"null", b'{"id": "a", "text": "\xff"}'])
def test_bodies_that_are_no_json_get_a_clear_error(person, raw: bytes) -> None:
    answer = person.client.post("/api/messages", content=raw, headers=person.headers)
    assert answer.status_code == 409 and set(answer.json()) == {"error", "message"}


def test_a_megabyte_is_refused_before_it_is_read(person) -> None:
    answer = person.client.post("/api/messages", content=b"x" * 1_000_000, headers=person.headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("text", ["😀😀😀", "\u202eабв\u202c", "а\x00б", "\ud800", "/affirm", "{question}", "<b>x</b>"])
def test_odd_words_get_a_normal_answer(person, text: str) -> None:
    raw = json.dumps({"id": "odd", "text": text}).encode()
    answer = person.client.post("/api/messages", content=raw, headers=person.headers)
    assert answer.status_code == 200 and answer.json()["messages"]


def test_resuming_shows_the_kept_replies(person) -> None:
    person.says("привіт")
    resumed = person.client.post("/api/sessions", json={"resume": True}).json()
    assert resumed["resumed"] and [m["seq"] for m in resumed["messages"]][:2] == [1, 2]


def test_exit_forgets_at_once(person) -> None:
    person.says(OFFER)
    left = person.client.post("/api/exit", headers=person.headers)
    assert left.status_code == 200 and left.json()["state"]["ended"]
    assert person.send(text="ще").status_code == 401


def test_the_typed_exit_word_forgets_too(person) -> None:
    answer = person.send(text="погода").json()
    assert answer["state"]["ended"]
    assert person.send(text="ще").status_code == 401


def test_too_fast_is_told_plainly(person) -> None:
    statuses = [person.send(payload="language:uk").status_code for _ in range(60)]
    assert 429 in statuses


def test_pictures_are_not_read_yet(person) -> None:
    answer = person.client.post("/api/attachments", content=b"picture", headers=person.headers)
    assert answer.status_code == 415 and "words" in answer.json()["message"]


def test_unknown_addresses_get_the_same_kind_of_error(client) -> None:
    assert set(client.get("/nothing").json()) == {"error", "message"}
