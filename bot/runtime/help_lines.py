"""The help lines of a reply: which, in words and as cards that can be tapped."""

from dataclasses import dataclass
from typing import Any, Optional

from bot.conversation.state import State
from bot.knowledge.countries import Country, Status
from bot.knowledge.signs import Concern
from bot.language.texts import country_name
from bot.runtime.services import Services
from bot.safety.lines import DialableLine, best_line, dialable

_EMERGENCY = "112"
_MOST_LINES = 4
_ABOUT_A_CHILD = frozenset({"utter_emergency_child", "utter_report_child"})


@dataclass(frozen=True)
class HelpLines:
    """The same lines twice: as a paragraph, and as cards beside a note that says only what no card can."""

    text: str
    note: str
    cards: list[dict[str, Any]]


def help_lines(services: Services, state: State, response: str) -> HelpLines:
    """Return the lines for where the person concerned is, as they can be dialled from where the writer is.

    Where these are different countries, it is said that 112 reaches the writer's police. The emergency card
    shows the one line that fits best.
    """
    writer = state.places.get("writer")
    emergency = _emergency_card(services, state.language, writer)
    place, elsewhere = _place_of_help(services, state)
    if place is None:
        unknown = _text(services, state, "line.unknown_country")
        return HelpLines(unknown, unknown, [emergency])
    country = services.knowledge.countries[place]
    lines = dialable(country, writer)
    child = response in _ABOUT_A_CHILD
    if child or response.startswith("utter_emergency"):
        best = best_line(lines, Concern.CHILD if child else Concern.TRAFFICKING, child=child)
        lines = [best] if best else []
    warning = _text(services, state, "line.elsewhere") if elsewhere else ""
    national = [] if elsewhere else _national(services, state, country)
    if not lines:
        none = _joined(warning, _none(services, state, writer or place))
        return HelpLines(none, none, [emergency, *national])
    shown = lines[:_MOST_LINES]
    cards = [emergency, *national, *(_card(services, state, line) for line in shown)]
    sentences = "\n".join(_sentence(services, state, line) for line in shown)
    return HelpLines(_joined(warning, sentences), _joined(warning, country_name(place, state.language)), cards)


def _place_of_help(services: Services, state: State) -> tuple[Optional[str], bool]:
    """Return the country whose lines help, and whether the person concerned is in another than the writer."""
    writer, person = state.places.get("writer"), state.places.get("person")
    elsewhere = person is not None and writer is not None and person != writer
    if person is not None and dialable(services.knowledge.countries[person], writer):
        return person, elsewhere
    return writer or person, elsewhere


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _none(services: Services, state: State, place: str) -> str:
    return _text(services, state, "line.none").format(country=country_name(place, state.language))


def _sentence(services: Services, state: State, line: DialableLine) -> str:
    return f"{line.line.name}: {line.number} ({_note(services, state, line)})"


def _note(services: Services, state: State, line: DialableLine) -> str:
    parts = [f"line.answers.{line.line.answers}", f"line.for.{line.line.for_whom}"]
    if line.verify:
        parts.append("line.verify")
    return ", ".join(_text(services, state, part) for part in parts)


def _card(services: Services, state: State, line: DialableLine) -> dict[str, Any]:
    return {
        "name": line.line.name,
        "number": line.number,
        "href": line.href,
        "note": _note(services, state, line),
        "hours": line.line.hours,
    }


def _emergency_card(services: Services, language: str, place: Optional[str]) -> dict[str, Any]:
    """112 is always shown; where it was not read for the country it carries 'please verify'."""
    verify = False
    if place is not None:
        numbers = services.knowledge.countries[place].emergency
        verify = any(n.number == _EMERGENCY and n.status is Status.GK for n in numbers)
    note = services.texts.get("signs", "line.verify", language) if verify else ""
    name = services.texts.get("signs", "line.emergency", language)
    return {"name": name, "number": _EMERGENCY, "href": f"tel:{_EMERGENCY}", "note": note, "hours": None}


def _national(services: Services, state: State, country: Country) -> list[dict[str, Any]]:
    """National emergency numbers stand beside a 112 that needs checking."""
    return [
        {
            "name": _text(services, state, "line.emergency"),
            "number": number.number,
            "href": f"tel:{number.number}",
            "note": _text(services, state, "line.verify") if number.status in (Status.GK, Status.V1) else "",
            "hours": None,
        }
        for number in country.emergency
        if number.number != _EMERGENCY and number.status not in (Status.OLD, Status.BLANK)
    ]


def _text(services: Services, state: State, identifier: str) -> str:
    return services.texts.get("signs", identifier, state.language)
