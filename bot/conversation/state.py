"""What a conversation remembers, what can happen to it, and what it says: small frozen values.

All of `State` can be written as JSON, because a session keeps it as slots and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Optional, Union

from bot.conversation.heard import Heard
from bot.conversation.reporting.draft import ReportFacts
from bot.offers.verdict import Verdict
from bot.reports.contact import Contact
from bot.reports.preview import PreviewLine
from bot.safety.danger import Danger

DEFAULT_LANGUAGE = "uk"


@dataclass(frozen=True)
class State:
    """Where a conversation stands; one session slot a field, and only `draft` holds what people wrote."""

    flow: Optional[str] = None
    asked: Optional[str] = None
    answers: Mapping[str, str] = field(default_factory=dict)
    suspended: Optional[Mapping[str, Optional[str]]] = None
    draft: Optional[Mapping[str, Any]] = None
    language: str = DEFAULT_LANGUAGE
    places: Mapping[str, str] = field(default_factory=dict)
    owner: str = "bot"
    language_from: str = "page"

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> "State":
        """Return the state that these slots hold; missing ones have their first value."""
        known = {f.name: slots[f.name] for f in fields(cls) if slots.get(f.name) is not None}
        return cls(**known)

    def to_slots(self) -> dict[str, Any]:
        """Return one JSON value a field."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def concerns_writer(self) -> bool:
        """Whether the writer has said that this is about themselves: a report about them, or danger."""
        aside = (self.suspended or {}).get("flow")
        return self.answers.get("report.about_whom") == "me" or "emergency" in (self.flow, aside)

    def without_question(self) -> "State":
        """Return this state with nothing asked and no flow under way."""
        return replace(self, flow=None, asked=None)

    def interrupted(self) -> "State":
        """Return this state with the open question put aside, so that `resumed` can bring it back."""
        if self.asked is None or self.flow == "emergency":
            # What was put aside before stays aside: a second word of danger must not lose it.
            return replace(self, flow="emergency", asked=None)
        aside = {"flow": self.flow, "asked": self.asked}
        return replace(self, flow="emergency", asked=None, suspended=aside)


@dataclass(frozen=True)
class Event:
    """One thing a person did: typed words, or pressed a button (then `question` and `value` are its own).

    `heard` is the language of typed words, where something is known about it. `certain`: the words are a
    command, an exit word, or nothing but "skip" or "I do not know"; not a reading of what they may mean.
    `passed_on`: the words are someone else's: a forward is checked, and neither answers a yes-or-no question
    nor wishes anything. `contacts`: who wrote them, or what a card says that was shared without words.
    """

    intent: str
    text: Optional[str] = None
    question: Optional[str] = None
    value: Optional[str] = None
    message: str = ""
    danger: Optional[Danger] = None
    verdict: Optional[Verdict] = None
    heard: Optional[Heard] = None
    certain: bool = False
    report: Optional[ReportFacts] = None
    passed_on: bool = False
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class TextRef:
    """A text by id, in the person's language; `domain` is a PO file, or `languages` for their names."""

    domain: str
    id: str


Value = Union[str, TextRef]


@dataclass(frozen=True)
class Button:
    """A button put together by a flow; `title` is a text of the domain or words as they are."""

    title: Value
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to the person: a response of the domain with its values, or the card of a check.

    `lines` are those of a report's preview. `choices` asks for a button a country (`countries`, or
    `countries:<question>` where it answers one), a language (`languages`), or one (`language:<code>`).
    `language`: in which it is said, where that is not the conversation's.
    """

    response: Optional[str] = None
    values: Mapping[str, Value] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    card: Optional[Verdict] = None
    about: str = ""
    lines: tuple[PreviewLine, ...] = ()
    choices: Optional[str] = None
    language: Optional[str] = None
