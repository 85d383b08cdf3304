"""A report's preview over HTTP: rows for a page beside a complete text for other channels."""

import pytest
from starlette.testclient import TestClient

from bot.channels.web.app import create_app
from bot.conversation.payloads import payload

TRAINING = "Training: reports stay on this computer and reach nobody"


@pytest.fixture(scope="module")
def app(services):
    from bot.runtime import patches

    patches.apply()
    return create_app(services)


@pytest.fixture
def writer(app):
    with TestClient(app, base_url="http://127.0.0.1") as client:
        opened = client.post("/api/sessions", json={"language": "en"}).json()
        yield Writer(client, opened)


class Writer:
    """Presses buttons by the words on them."""

    def __init__(self, client: TestClient, opened: dict) -> None:
        self.client = client
        self.headers = {"X-CSRF": opened["csrf"]}
        self.last = opened["messages"][-1]
        self.number = 0

    def send(self, **body):
        self.number += 1
        return self.client.post("/api/messages", json={"id": f"m{self.number}", **body}, headers=self.headers)

    def press(self, *words: str) -> dict:
        for word in words:
            key = next(button["payload"] for button in self.last["buttons"] if word in button["title"])
            self.last = self.send(payload=key).json()["messages"][-1]
        return self.last

    def preview(self) -> dict:
        return self.press("Make a report", "Yes", "No", "An offer", *["Rather not say"] * 10)


def test_rows_and_text_say_the_same_and_every_key_is_opaque(writer) -> None:
    shown = writer.preview()
    before, after = shown["around"]
    lines = "\n".join(f"{row['number']}. {row['label']}: {row['value']}" for row in shown["preview"])
    assert shown["text"] == f"{before}\n\n{lines}\n\n{after}"
    assert shown["code"] in after and shown["training"] == TRAINING and after.endswith(TRAINING)
    removable = [row["remove"] for row in shown["preview"] if "remove" in row]
    assert removable and set(removable) < {button["payload"] for button in shown["buttons"]}
    assert not any(key.startswith("/") for key in removable)


def test_the_buttons_of_an_older_preview_act_no_more(writer) -> None:
    older = writer.preview()
    newer = writer.press("✂️")
    assert len(newer["preview"]) == len(older["preview"]) - 1
    for button in older["buttons"]:
        assert writer.send(payload=button["payload"]).status_code == 409
    assert writer.press("Put the last line back")["preview"] == [
        {**row, **({"remove": new["remove"]} if "remove" in new else {})}
        for row, new in zip(older["preview"], writer.last["preview"], strict=True)
    ]


def test_a_yes_that_arrives_after_sending_sends_nothing_and_does_not_call_it_a_failure(writer, app) -> None:
    shown = writer.preview()
    send = next(button["payload"] for button in shown["buttons"] if "Send" in button["title"])
    sent, _ = writer.send(payload=send).json()["messages"]
    assert sent["code"] == shown["code"] and sent["training"] == TRAINING
    [late] = writer.send(payload=send).json()["messages"]
    assert late["kind"] != "error" and "replace" in late["text"]


def test_many_countries_are_marked_as_one_list(writer) -> None:
    asked = writer.press("Make a report", "Yes", "No", "An offer")
    listed = [button for button in asked["buttons"] if button.get("listed")]
    assert len(listed) > 8 and len(asked["buttons"]) == len(listed) + 2


def test_a_forged_line_is_no_button(writer) -> None:
    writer.preview()
    assert writer.send(payload=payload("deny", "report.preview", "created")).status_code == 409
