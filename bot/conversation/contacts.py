"""Contacts that come with what a person passes on: with the offer under check, or with the report that is being made.

They stand in the draft, apart from the words, and are forgotten with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Optional

from bot.conversation.reporting.draft import keep, report_in
from bot.conversation.reporting.questions import is_about_a_child
from bot.conversation.state import Event, Reply, State
from bot.reports.contact import Contact, read_contacts, together

_SLOT = "contacts"

Step = tuple[State, Reply]


def of_offer(draft: Optional[Mapping[str, Any]]) -> tuple[Contact, ...]:
    """Return the contacts that belong to the offer under check."""
    return read_contacts((draft or {}).get(_SLOT))


def with_offer(state: State, found: Sequence[Contact]) -> dict[str, Any]:
    """Return what the draft of a new offer holds of contacts: who wrote it, and cards that came before any offer."""
    before = () if (state.draft or {}).get("text") else of_offer(state.draft)
    return _held(together(before, found))


def with_report(state: State, found: Sequence[Contact]) -> State:
    """Return the state with contacts beside the report that is being made; about a child none are kept."""
    report = report_in(state.draft)
    if report is None or is_about_a_child(state.answers):
        return state
    report = replace(report, contacts=together(report.contacts, found))
    return replace(state, draft=keep(state.draft, report))


def card(state: State, event: Event) -> Step:
    """Keep a card that was shared, and say what becomes of it."""
    if report_in(state.draft) is None:
        held = _held(together(of_offer(state.draft), event.contacts))
        return replace(state, draft={**(state.draft or {}), **held}), Reply("utter_contact_noted")
    if is_about_a_child(state.answers):
        return state, Reply("utter_contact_unread")
    return with_report(state, event.contacts), Reply("utter_contact_noted_report")


def _held(contacts: Sequence[Contact]) -> dict[str, Any]:
    return {_SLOT: [asdict(contact) for contact in contacts]} if contacts else {}
