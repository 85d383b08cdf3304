"""What the chat understands from one message, for the command line and for evaluation."""

from typing import Any

from bot.runtime import models, patches, turns, without_tensorflow
from bot.runtime.services import current
from bot.settings import Settings


class Parser:
    """Rasa's NLU alone, loaded once."""

    def __init__(self, settings: Settings) -> None:
        patches.silence()
        if not settings.with_tensorflow:
            without_tensorflow.install()
        from rasa.core.agent import Agent

        patches.apply()
        self._services = current()
        self._agent = Agent.load(models.rasa_path(settings))

    async def parse(self, text: str) -> dict[str, Any]:
        """Return intent, confidence, danger and language of a message."""
        parsed = await self._agent.parse_message(text)
        danger = parsed.get("danger")
        return {
            "intent": parsed["intent"].get("name") or "nlu_fallback",
            "confidence": round(float(parsed["intent"].get("confidence") or 0.0), 3),
            "danger": danger is not None,
            "danger_kind": danger["kind"] if danger else None,
            "language": turns.language_of(self._services, text),
        }
