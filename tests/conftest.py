"""What tests share: the real knowledge, the real trained models, the real assistant."""

import os
import tempfile
from collections.abc import AsyncIterator

import pytest

from bot.runtime import patches, without_tensorflow
from bot.settings import load

patches.silence()
without_tensorflow.install()
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The models are those that `make test` trained; keys and tickets of the tests go into a folder of their own.
os.environ.setdefault("OBERIH_MODELS", str(load().model_folder))
_var = tempfile.TemporaryDirectory(prefix="oberih-tests-")
os.environ["OBERIH_VAR"] = _var.name

from bot.runtime import founding  # noqa: E402
from bot.runtime import services as services_module  # noqa: E402
from bot.runtime.services import Knowledge, Services  # noqa: E402


@pytest.fixture(scope="session")
def passphrase() -> str:
    """What opens the training desk of the tests."""
    trainer = founding.found_training_site(load())
    assert trainer is not None
    return trainer.passphrase


@pytest.fixture(scope="session")
def services(passphrase: str) -> Services:
    """The parts of a running assistant; `make test` has trained its models. Its training desk is open."""
    return services_module.current()


@pytest.fixture(scope="session")
def knowledge(services: Services) -> Knowledge:
    return services.knowledge


@pytest.fixture(scope="session")
async def chat(services: Services) -> AsyncIterator["Talk"]:
    """The assistant in this process, spoken to without HTTP."""
    talk = Talk(services)
    yield talk
    await talk.assistant.close()


class Talk:
    """Speaks to the assistant as a channel does, one session at a time."""

    def __init__(self, services: Services) -> None:
        patches.apply()
        from bot.runtime.assistant import Assistant
        from bot.runtime.sessions import Sessions

        self.services = services
        self.sessions = Sessions(idle_seconds=1800)
        self.assistant = Assistant(services, self.sessions)

    def open(self, language: str = "uk") -> "Person":
        return Person(self, self.sessions.create(language))


class Person:
    """One session: types words, presses buttons by the start of what they stand for."""

    def __init__(self, talk: Talk, session) -> None:  # type: ignore[no-untyped-def]
        self.talk = talk
        self.session = session
        self.count = 0

    async def says(self, text: str) -> list[dict]:
        """Type words and wait for all that is said, late replies included."""
        self.count += 1
        before = self.session.seq
        replies = await self.talk.assistant.hear(self.session, text, f"m{self.count}")
        while self.talk.assistant.background:
            await __import__("asyncio").wait(self.talk.assistant.background)
        late = [reply for reply in self.session.replies if reply["seq"] > before]
        return [reply for reply in (late or replies) if reply.get("text") != "Checking…"]

    async def presses(self, payload: str) -> list[dict]:
        self.count += 1
        return await self.talk.assistant.press(self.session, payload, f"m{self.count}")

    @property
    def slots(self) -> dict:
        return self.session.slots


def kinds(replies: list[dict]) -> list[str]:
    """The kinds of some replies, in order."""
    return [reply["kind"] for reply in replies]
