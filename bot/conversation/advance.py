"""One step of a conversation: where it stands and what happened, to where it stands next and what is said.

Pure: no clock, no store, no network. The flows are in the modules beside this one; the order in which
an event is understood is:

1. a button that answers an earlier question, or an answer to the question that is open;
2. a wish that is valid at any time (help, numbers, language, leaving, …);
3. a text worth checking, which becomes the offer under check;
4. otherwise the menu, with what was not understood said plainly.
"""

from dataclasses import replace
from typing import Optional

from bot.conversation import contacts, leaving, menu, numbers, offer, spoken
from bot.conversation.reporting import addition, receipt
from bot.conversation.reporting import flow as report
from bot.conversation.reporting.questions import PREFIX as _REPORT
from bot.conversation.state import Event, Reply, State

Step = tuple[State, tuple[Reply, ...]]

FALLBACK = "nlu_fallback"
CONTACT = "contact"
"""The intent of a contact card: no words, and no button either."""
_ANSWERS = {"affirm": "yes", "deny": "no", "dont_know": "dont_know", "skip": "skip"}
_ENDS = frozenset({"exit", "delete"})
_LONG_ENOUGH_TO_CHECK = 4
"""Words from which a typed text may be an offer."""
_LONG_ANSWER = 12
"""Words from which a text typed at an open question is taken as a new offer, not as an answer."""


def advance(state: State, event: Event) -> Step:
    """Return the next state and what is said; every event gets at least one reply."""
    # An offer says nothing of who passes it on, nor do names and places given in an answer.
    telling = not is_answered(state.asked) and not offer.must_be_checked(event)
    heard = spoken.follow(state, event.heard) if telling else state
    after, replies = _step(heard, event)
    if heard is not state and after.language == heard.language:
        return after, (*replies, spoken.notice())
    if telling and event.danger is None and event.intent not in _ENDS:
        after, wondering = spoken.ask(after, event.heard)
        return after, (*replies, *wondering)
    return after, replies


def takes_forwards(asked: Optional[str]) -> bool:
    """Say whether a forward is checked while this question is open, rather than being its answer."""
    return asked is None or not (asked.startswith(_REPORT) or addition.asks(asked) or receipt.owns(asked))


def is_answered(asked: Optional[str]) -> bool:
    """Say whether a question is open that most words are meant for: that about a language waits for a yes or a no."""
    return asked is not None and not spoken.owns(asked)


def _step(state: State, event: Event) -> Step:
    if event.intent == CONTACT:
        state, said = contacts.card(state, event)
        return state, (said, *(ask_again(state) if state.asked is not None else ()))
    if event.contacts and report.owns(state, state.asked or ""):
        state = contacts.with_report(state, event.contacts)
    passed_on = event.passed_on and takes_forwards(state.asked)
    for step in (_checked,) if passed_on else (_answered, _wished, _checked):
        outcome = step(state, event)
        if outcome is not None:
            return outcome
    if state.asked is not None and event.text is not None:
        return state, (Reply("utter_answer_unclear"), *ask_again(state))
    return menu.choose(state, event)


def text_to_check(state: State, event: Event) -> Optional[str]:
    """Return the text whose verdict `advance` needs for this event, or None.

    It is the typed text where that may be an offer, or the offer under check where a question about it
    was answered or its card is wanted in another language.
    """
    if _may_be_offer(state, event):
        return event.text
    question = event.question or state.asked or ""
    if not (state.draft or {}).get("text"):
        return None
    assert state.draft is not None
    if event.intent == "report" or (event.intent == "language" and event.value):
        return str(state.draft["text"])
    if event.intent in _ANSWERS and (offer.owns(question) or question == "material"):
        return str(state.draft["text"])
    return None


def _may_be_offer(state: State, event: Event) -> bool:
    if event.text is None or report.owns(state, state.asked or "") or receipt.owns(state.asked or ""):
        return False
    if event.passed_on:
        return True
    words = len(event.text.split())
    if is_answered(state.asked):
        return words >= _LONG_ANSWER
    return words >= _LONG_ENOUGH_TO_CHECK or (event.intent == FALLBACK and words >= 2)


def _answered(state: State, event: Event) -> Optional[Step]:
    question = event.question or (state.asked if event.text is not None else None)
    if question is None:
        return None
    if question == "danger":
        return _resume(state, event)
    if report.owns(state, question) or receipt.owns(question):
        return _about_reporting(state, question, event)
    if numbers.owns(question):
        return numbers.answer(state, question, event)
    answer = _ANSWERS.get(event.intent)
    if answer is None or _may_be_offer(state, event):
        return None
    if offer.owns(question):
        return offer.answer(state, question, answer, event)
    if question == "material":
        return offer.material(state, answer, event)
    if leaving.owns(question):
        return leaving.answer(state, question, answer)
    if spoken.owns(question):
        return _in_language(state, event, spoken.language_in(question)) if answer == "yes" else spoken.kept(state)
    return None


def _about_reporting(state: State, question: str, event: Event) -> Optional[Step]:
    """Take an answer about a report or a receipt; only a command or an exit word may end or erase one.

    "He deleted everything" and "I want to get out" are what people tell, not what they ask of the assistant.
    """
    ends = event.intent in _ENDS
    if event.text is not None and event.certain and (ends or event.text.startswith("/")):
        return None
    if report.owns(state, question):
        step = report.answer(state, question, event)
    else:
        step = receipt.answer(state, question, event)
    if step is None and event.text is not None and ends:
        return state, (Reply("utter_answer_unclear"), *ask_again(state))
    return step


def _resume(state: State, event: Event) -> Step:
    """Take up again what an emergency card interrupted."""
    aside = state.suspended or {}
    resumed = replace(state, flow=aside.get("flow"), asked=aside.get("asked"), suspended=None)
    if resumed.asked is None:
        return resumed, (Reply("utter_nothing_asked"),)
    return resumed, (Reply("utter_resumed"), *ask_again(resumed))


def ask_again(state: State) -> tuple[Reply, ...]:
    """Return the open question once more."""
    asked = state.asked or ""
    if offer.owns(asked):
        return (offer.question(asked),)
    if report.owns(state, asked):
        return report.ask_again(state)
    if receipt.owns(asked):
        return receipt.ask_again(state)
    if asked == "material":
        return (Reply("utter_ask_material"),)
    if numbers.owns(asked):
        return (numbers.question(),)
    if leaving.owns(asked):
        return leaving.first()
    if spoken.owns(asked):
        return (spoken.ask_about(asked),)
    return (Reply("utter_menu"),)


def _in_language(state: State, event: Event, language: str) -> Step:
    """Go on in a chosen language; the card under check and the open question come again in it."""
    chosen = spoken.choose(spoken.unasked(state), language)
    card = offer.card_again(chosen, event)
    asked = ask_again(chosen) if chosen.asked is not None and card else ()
    return chosen, (Reply("utter_language_set"), *card, *asked)


def _wished(state: State, event: Event) -> Optional[Step]:
    """Follow a wish that may be spoken at any time; a long text is an offer, whatever it seems to wish."""
    if _may_be_offer(state, event) and offer.must_be_checked(event):
        return None
    if event.intent == "language" and event.value:
        return _in_language(state, event, event.value)
    if event.intent == "report":
        return report.start(state, event)
    if event.intent == "receipt":
        return receipt.start(state, event)
    if event.intent == "leaving":
        return replace(state, flow="leaving", asked="leaving.second"), leaving.first()
    if event.intent == "numbers":
        return numbers.start(state, event)
    return menu.follow(state, event)


def _checked(state: State, event: Event) -> Optional[Step]:
    if not _may_be_offer(state, event) or event.verdict is None:
        return None
    return offer.start(state, event)
