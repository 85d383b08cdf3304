"""What the assistant says, in the person's language.

Rasa's response generator with two steps added before it fills in values: text and button titles are
translated, and the line that can be dialled from where the person is becomes the variable `{line}`.
"""

import copy
from typing import Any, Dict, List, Optional

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.conversation.state import State
from bot.runtime.help_lines import help_lines
from bot.runtime.services import current, text_id
from bot.runtime.sessions import TELEGRAM, WEB

_SAID_WITH_LINE = "{line}"
SPOKEN_IN = "spoken_in"
"""Keyword under which an action hands over the slots its reply is to be said in."""
SHOWN = "shown"
"""Keyword under which an action hands over what a page can show better than as text: `preview`, `code`, `training`."""
_LINES = "{lines}"
SHOWS_CARDS = frozenset({WEB, TELEGRAM})
"""Channels that show lines as cards that can be tapped, so that the text need not repeat them."""


class LocalisedResponses(TemplatedNaturalLanguageGenerator):
    """Responses of the domain, translated, with the help line in place."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None, domain: Optional[Domain] = None) -> None:
        """Takes the responses of the domain; the endpoint configuration holds nothing more."""
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """Generates a response (see parent class for full docstring)."""
        response = self.responses.get(utter_action)
        if not response:
            return None
        # An action speaks for the state after it, which the tracker does not hold yet.
        state = State.from_slots(kwargs.pop(SPOKEN_IN, None) or tracker.current_slot_values())
        wording = _wording(response, output_channel)
        translated = self._translate(text_id(utter_action, wording), copy.deepcopy(wording), state.language)
        if _SAID_WITH_LINE in translated["text"]:
            found = help_lines(current(), state, utter_action)
            kwargs["line"] = found.note if output_channel in SHOWS_CARDS else found.text
            translated.setdefault("custom", {})["lines"] = found.cards
        shown = dict(kwargs.pop(SHOWN, None) or {})
        if "training" in shown:
            translated["text"] += "\n\n" + shown["training"]
        if "preview" in shown:
            parts = translated["text"].split(_LINES)
            shown["around"] = [self._fill_response({"text": part}, {}, **kwargs)["text"].strip() for part in parts]
        # A payload is JSON: Rasa would take its braces for variables and log all it knows about the failure.
        payloads = [button.pop("payload") for button in translated.get("buttons", ())]
        filled = self._fill_response(translated, {}, **kwargs)
        for button, payload in zip(filled.get("buttons", ()), payloads, strict=True):
            button["payload"] = payload
        filled["text"] = filled["text"].strip()
        if shown:
            # Only now, because people's words in it are no templates.
            filled["custom"] = {**(filled.get("custom") or {}), **shown}
        return dict(filled)

    @staticmethod
    def _translate(name: str, response: Dict[str, Any], language: str) -> Dict[str, Any]:
        texts = current().texts
        response["text"] = texts.translate("chat", name, response["text"], language)
        for button in response.get("buttons", ()):
            button["title"] = texts.translate("chat", button["title"], button["title"], language)
        return response


def _wording(variations: List[Dict[str, Any]], channel: str) -> Dict[str, Any]:
    """Return the variation for a channel, else the one for every channel: it stands first."""
    return next((one for one in variations if one.get("channel") == channel), variations[0])
