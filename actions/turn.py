"""The one action: a tracker into an event of `bot.conversation`, its replies into messages."""

import asyncio
import copy
from dataclasses import replace
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.conversation.advance import advance, text_to_check
from bot.conversation.offer import answers_after, without_signs_gone
from bot.conversation.state import Event, State
from bot.offers.questions import with_answers
from bot.runtime.events import event_from
from bot.runtime.report_facts import is_about_reporting, looked_up, with_facts
from bot.runtime.services import Services, current
from bot.runtime.speech import can_be_said, message_of
from bot.runtime.turns import language_of


class ActionTurn(Action):
    """Advances the conversation by one step."""

    def name(self) -> str:
        """Returns the name the flow policy predicts."""
        return "action_turn"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> List[Dict[str, Any]]:
        """Advances, says the replies, and returns the slots that changed."""
        # A copy: signs may be replaced meanwhile, and one turn goes by the same ones from beginning to end.
        services = copy.copy(current())
        before = without_signs_gone(State.from_slots(tracker.slots), services.knowledge.catalogue.signs)
        event = _with_verdict(services, before, event_from(services, before, tracker.latest_message))
        if services.reporting is not None and is_about_reporting(before, event):
            # Sending and looking up wait for a slow hash and the database: other conversations go on meanwhile.
            found = await looked_up(services, tracker.sender_id, before, event)
            loop = asyncio.get_running_loop()
            event = await loop.run_in_executor(services.reporting.threads, with_facts, services, before, event, found)
        after, replies = advance(before, event)
        for reply in (reply for reply in replies if can_be_said(services, reply)):
            dispatcher.utter_message(**message_of(services, after, reply, tracker.get_latest_input_channel()))
        old, new = State.from_slots(tracker.slots).to_slots(), after.to_slots()
        return [SlotSet(name, value) for name, value in new.items() if value != old[name]]


def _with_verdict(services: Services, state: State, event: Event) -> Event:
    text = text_to_check(state, event)
    if text is None:
        return event
    verdict = services.checker.check(text, language_of(services, text))
    answers = answers_after(state, event)
    return replace(event, verdict=with_answers(services.knowledge.catalogue, verdict, answers))
