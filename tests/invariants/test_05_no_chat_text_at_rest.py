"""Invariant 5: no word of a conversation is in any file, log or stream afterwards."""

import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot import PROJECT_ROOT
from bot.runtime import desk_session, founding
from bot.settings import load
from tests.leaks import encodings, leaks
from tests.server import running
from tests.writing import TRACES, WORDS, Visitor

SECRETS = ["Жмеринкотест", "zhmerynkatest", "таємнийпаролькіт"]
PROGRAM = """
import actions.turn
advance = actions.turn.advance
def sometimes(state, event):
    if event.text and "упади" in event.text:
        raise RuntimeError(event.text)
    return advance(state, event)
actions.turn.advance = sometimes
from bot.runtime.launch import serve
from bot.settings import load
serve(load())
"""
TEXTS = [
    "Робота в Німеччині, {secret}, 3500 євро без досвіду, паспорт залишиться у нас",
    "мене звати {secret}",
    '/affirm{{"question": "{secret}"}}',
    "/{secret}",
    "упади {secret}",
    "Мене зачинили, {secret}",
    "{secret} \u202e \x00 😀",
]


def watched(folder: Path) -> list[Path]:
    """Where a leak could lie: the process's temporary files, home and streams, and this checkout's own folders."""
    return [folder, PROJECT_ROOT / "var", *(p for p in (PROJECT_ROOT / ".rasa",) if p.exists())]


@pytest.mark.parametrize("secret", SECRETS)
def test_every_encoding_of_a_planted_leak_is_found(tmp_path: Path, secret: str) -> None:
    for number, form in enumerate(encodings(secret)):
        (tmp_path / str(number)).write_bytes(b"log line " + form + b" end")
    assert len(leaks([tmp_path], 0, SECRETS)) == len(encodings(secret))


def test_a_whole_conversation_leaves_no_word_behind(tmp_path: Path, services) -> None:
    since = time.time() - 1
    with running(tmp_path, PROGRAM) as server, httpx.Client(base_url=server.base, timeout=60) as client:
        opened = client.post("/api/sessions", json={"language": "uk"}).json()
        headers = {"X-CSRF": opened["csrf"]}
        for number, (text, secret) in enumerate((t, s) for t in TEXTS for s in SECRETS):
            time.sleep(0.15)
            body = {"id": f"{number}", "text": text.format(secret=secret)}
            answer = client.post("/api/messages", json=body, headers=headers)
            assert answer.status_code == 200, answer.text
        for secret in SECRETS:
            client.post("/api/messages", content=f'{{"id": "{secret}"'.encode(), headers=headers)
            client.post("/api/messages", json={"id": "x", "payload": secret}, headers=headers)
            client.get(f"/{secret}")
            client.get("/api/events", params={"after": secret}, headers=headers)
            client.post("/api/attachments", content=secret.encode(), headers=headers)
        assert leaks(watched(tmp_path), since, SECRETS) == []
    assert leaks(watched(tmp_path), since, SECRETS) == []


def test_a_report_leaves_only_sealed_bytes_behind(tmp_path: Path, services) -> None:
    settings = replace(load(), var=tmp_path / "var", database_url=f"sqlite:///{tmp_path}/var/oberih.db")
    trainer = founding.found_training_site(settings)
    since = time.time() - 1
    with running(tmp_path) as server, httpx.Client(base_url=server.base, timeout=60) as client:
        person = Visitor(client, services.texts)
        code = person.to_preview(WORDS)
        secrets = (*TRACES, code, code.replace(" ", ""))
        assert leaks(watched(tmp_path), since, secrets) == []
        assert code in person.presses("report.button.send")[0]["text"]
        assert "was sent and is waiting" in Visitor(client, services.texts).looks_up(code)
        assert leaks(watched(tmp_path), since, secrets) == []
    assert leaks(watched(tmp_path), since, secrets) == []
    # It was all there to be leaked: the desk reads it.
    [found] = desk_session.log_in(settings, "training", trainer.name, trainer.passphrase).tickets()
    ticket = found.content
    assert ticket is not None and "Жмеринкотест" in str(ticket) and "Соломіятест" not in str(ticket)


async def test_forgetting_a_session_empties_the_vector_cache_of_its_words(chat) -> None:
    from bot.runtime.sessions import Sessions
    from bot.runtime.turns import forget_vectors

    services = chat.services
    person = chat.open()
    await person.says("слова яких більше ніде немає")
    assert services.vectors.missing(["слова яких більше ніде немає"]) == []
    for text in person.session.texts:
        forget_vectors(services, text)
    assert services.vectors.missing(["слова яких більше ніде немає"]) != []
    assert isinstance(chat.sessions, Sessions)
