"""From a reply of the conversation to a message that Rasa's dispatcher can say."""

from typing import Any, Optional

from bot.conversation.payloads import payload
from bot.conversation.state import Button, Reply, State, TextRef, Value
from bot.knowledge.signs import Severity
from bot.language.texts import alphabetical, country_name, language_name
from bot.offers.card import render
from bot.privacy.receipt_words import in_words
from bot.privacy.receipts import parse_code
from bot.runtime.preview_text import preview_rows, preview_text
from bot.runtime.services import Services

_CODE, _IN_WORDS = "code", "in_words"
_LIST = "list."
_ONE_LANGUAGE = "language:"
_ANSWERS_WITH_COUNTRY = "countries:"
_LANGUAGES = "languages"
_MOST_LISTED = 8
_MANY = 8
"""Choices from which a page shows one list instead of buttons."""


def can_be_said(services: Services, reply: Reply) -> bool:
    """Say whether a reply makes sense here: a language that is only read is nothing to switch to."""
    language = (reply.choices or "").partition(_ONE_LANGUAGE)[2]
    return not language or language in services.knowledge.languages


def message_of(services: Services, state: State, reply: Reply, channel: Optional[str] = None) -> dict[str, Any]:
    """Return the keyword arguments of `CollectingDispatcher.utter_message` for a reply, as a channel words it."""
    if reply.card is not None:
        card = render(reply.card, services.knowledge.catalogue, services.texts, state.language)
        training = _training(services, state)
        return {"json_message": {"kind": "check", "check": {**card, **training}, "about": reply.about}}
    choices = _choices(services, state, reply)
    values = {name: _text(services, state, value, channel) for name, value in reply.values.items()}
    spoken_in = {"language": reply.language or state.language, "places": dict(state.places)}
    message: dict[str, Any] = {"response": reply.response, "spoken_in": spoken_in, **values}
    if _CODE in reply.values:
        message[_IN_WORDS] = _in_words(services, state, values[_CODE])
        message["shown"] = {_CODE: values[_CODE], **_training(services, state)}
    if reply.lines:
        rows = preview_rows(services, state, reply.lines)
        message["lines"] = preview_text(rows)
        message["shown"]["preview"] = rows
    listed = {"listed": True} if len(choices) >= _MANY else {}
    buttons = [
        *({**_button(services, state, button), **listed} for button in choices),
        *(_button(services, state, button) for button in reply.buttons),
    ]
    return {**message, "buttons": buttons} if buttons else message


def _in_words(services: Services, state: State, code: str) -> str:
    """Return a line with a receipt as words, empty in a language that has no list of them."""
    words = services.knowledge.receipt_words.get(state.language)
    if words is None:
        return ""
    title = services.texts.get("chat", "receipt.in_words", state.language)
    return f"\n{title} {', '.join(in_words(parse_code(code), words))}"


def _button(services: Services, state: State, button: Button) -> dict[str, Any]:
    return {"title": _text(services, state, button.title), "payload": button.payload}


def _training(services: Services, state: State) -> dict[str, str]:
    """Return the sentence that a demo says wherever someone could take it for real."""
    demo = services.settings.demo
    return {"training": services.texts.get("signs", "training", state.language)} if demo else {}


def _text(services: Services, state: State, value: Value, channel: Optional[str] = None) -> str:
    if not isinstance(value, TextRef):
        return value
    if value.domain == _LANGUAGES:
        return language_name(value.id, state.language)
    if value.id.startswith(_LIST):
        return _sign_list(services, state, value.id.removeprefix(_LIST))
    return services.texts.get(value.domain, value.id, state.language, channel)


def _sign_list(services: Services, state: State, kind: str) -> str:
    """Return the heaviest signs of a kind as lines, those that always weigh high first."""
    catalogue = services.knowledge.catalogue
    heavy = [
        sign
        for sign in catalogue.signs.values()
        if sign.kind.value == kind and sign.severity is Severity.HIGH and sign.audience == "all"
    ]
    heavy.sort(key=lambda sign: sign.id not in catalogue.level.always_high)
    return "\n".join(
        "• " + services.texts.get("signs", f"{sign.id}.title", state.language) for sign in heavy[:_MOST_LISTED]
    )


def _choices(services: Services, state: State, reply: Reply) -> list[Button]:
    if reply.choices == "countries":
        return [Button(name, payload("numbers", value=code)) for code, name in _countries(services, state)]
    if reply.choices is not None and reply.choices.startswith(_ANSWERS_WITH_COUNTRY):
        question = reply.choices.removeprefix(_ANSWERS_WITH_COUNTRY)
        return [Button(name, payload("affirm", question, code)) for code, name in _countries(services, state)]
    if reply.choices == "languages":
        return [_language_button(services, code) for code in services.knowledge.languages]
    if reply.choices is not None and reply.choices.startswith(_ONE_LANGUAGE):
        return [_language_button(services, reply.choices.removeprefix(_ONE_LANGUAGE))]
    return []


def _countries(services: Services, state: State) -> list[tuple[str, str]]:
    names = {code: country_name(code, state.language) for code in services.knowledge.countries}
    return sorted(names.items(), key=lambda item: alphabetical(item[1]))


def _language_button(services: Services, code: str) -> Button:
    return Button(services.knowledge.languages[code].name, payload("language", value=code))
