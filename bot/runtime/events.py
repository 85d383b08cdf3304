"""From what Rasa parsed to an event of the conversation."""

from collections.abc import Mapping
from typing import Any, Optional

from bot.conversation.advance import FALLBACK
from bot.conversation.heard import heard_from
from bot.conversation.numbers import PLACE_QUESTION
from bot.conversation.reporting.flow import asks_for_place
from bot.conversation.state import Event, State
from bot.knowledge.danger import DangerKind
from bot.language.fold import fold
from bot.reports.contact import read_contacts
from bot.runtime.patches import TYPED
from bot.runtime.services import Services
from bot.runtime.turns import CONTACTS, PASSED_ON
from bot.safety.danger import Danger

_FINAL = frozenset({"exit", "delete"})
_HARDLY_A_DOUBT = 0.8


def event_from(services: Services, state: State, parsed: Mapping[str, Any]) -> Event:
    """Return the event of a parsed message: a slash that was not typed is a button's payload."""
    text = parsed.get("text") or ""
    intent = _sure(parsed.get("intent") or {})
    message = str(parsed.get("message_id") or "")
    contacts = read_contacts(parsed.get(CONTACTS))
    if text.startswith("/") and not parsed.get(TYPED):
        values = {entity["entity"]: entity["value"] for entity in parsed.get("entities") or ()}
        question, value = values.get("question"), values.get("value")
        return Event(intent, question=question, value=value, message=message, contacts=contacts)
    about_place = state.asked == PLACE_QUESTION or asks_for_place(state.asked) or intent == "numbers"
    place = services.places.find(text) if about_place else None
    return Event(
        intent,
        text=text,
        value=place,
        message=message,
        danger=_danger(parsed.get("danger")),
        heard=heard_from(parsed.get("spoken")),
        certain=_certain(services, text, parsed.get("intent") or {}),
        passed_on=bool(parsed.get(PASSED_ON)),
        contacts=contacts,
    )


def _sure(intent: Mapping[str, Any]) -> str:
    """Return the intent; one that ends or erases a conversation only where there is hardly a doubt."""
    name = str(intent.get("name") or FALLBACK)
    if name in _FINAL and float(intent.get("confidence") or 0.0) < _HARDLY_A_DOUBT:
        return FALLBACK
    return name


def _certain(services: Services, text: str, intent: Mapping[str, Any]) -> bool:
    """Say whether words are a command or an exit word (the component is sure of those), or only pass over."""
    command = text.startswith("/") or intent.get("confidence") == 1.0
    return command or fold(text).text.strip(" .!") in services.knowledge.passing_over


def _danger(found: Optional[Mapping[str, Any]]) -> Optional[Danger]:
    if not found:
        return None
    return Danger(DangerKind(found["kind"]), found["start"], found["end"], found["material"])
