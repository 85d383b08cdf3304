"""Checking an offer: card, up to three questions, the card again with their answers, next steps."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Optional

from bot.conversation import contacts, spoken
from bot.conversation.answers import four_answers
from bot.conversation.reporting.draft import keep, report_in
from bot.conversation.state import Event, Reply, State, TextRef
from bot.knowledge.signs import Kind
from bot.offers.level import Level
from bot.offers.verdict import Verdict

Step = tuple[State, tuple[Reply, ...]]

_PREFIX = "sign."
_NEXT = {
    Level.HIGH: "utter_next_high",
    Level.ELEVATED: "utter_next_elevated",
    Level.NOT_ENOUGH: "utter_next_not_enough",
    Level.NONE_FOUND: "utter_next_none_found",
}


def owns(question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question.startswith(_PREFIX)


def is_offer(verdict: Verdict) -> bool:
    """Say whether a checked text is to be treated as an offer rather than as talk."""
    return bool(verdict.signs) or (verdict.kind is not Kind.OTHER and verdict.direction == "offering")


def must_be_checked(event: Event) -> bool:
    """Say whether a text gets its card whatever it seems to wish: an offer, or material that speaks of danger."""
    material = event.danger is not None and event.danger.material
    return event.verdict is not None and (material or is_offer(event.verdict))


def start(state: State, event: Event) -> Step:
    """Show the card of a text that was just given, and ask the first question."""
    verdict = event.verdict
    if verdict is None or event.text is None:
        raise ValueError("A check starts from a text and its verdict.")
    if not must_be_checked(event):
        return state.without_question(), (Reply("utter_not_an_offer"),)
    open_report = report_in(state.draft)
    passed_on = contacts.with_offer(state, event.contacts)
    draft = {"text": event.text, "message": event.message, "questions": list(verdict.questions), **passed_on}
    # A report that an emergency interrupted goes on afterwards: another text under check must not lose it.
    answers = {name: given for name, given in state.answers.items() if open_report and not owns(name)}
    checked = replace(state, flow="check", asked=None, answers=answers, draft=keep(draft, open_report))
    card = (Reply(card=verdict, about=event.message), *spoken.offer_other(state, verdict.language))
    if event.danger is not None and event.danger.material:
        return replace(checked, asked="material"), (Reply("utter_ask_material"), *card)
    return _ask_next(checked, verdict, card)


def card_again(state: State, event: Event) -> tuple[Reply, ...]:
    """Return the card of the offer under check once more, if there is one."""
    if state.draft is None or event.verdict is None:
        return ()
    return (Reply(card=event.verdict, about=str(state.draft.get("message", ""))),)


def answer(state: State, asked: str, given: str, event: Event) -> Step:
    """Note an answer about the offer under check; after the last one show the card anew."""
    answers = {**state.answers, asked: given}
    answered = replace(state, answers=answers, asked=None, flow="check")
    if state.draft is None or event.verdict is None:
        return answered.without_question(), (Reply("utter_ask_offer"),)
    return _ask_next(answered, event.verdict, ())


def material(state: State, given: str, event: Event) -> Step:
    """Say whether the danger in a pasted text is now: yes brings the emergency card."""
    if given == "yes":
        return replace(state, flow="emergency", asked=None), (Reply("utter_emergency"),)
    if event.verdict is None:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    return _ask_next(replace(state, asked=None), event.verdict, (Reply("utter_material_checked"),))


def question(asked: str) -> Reply:
    """Return the question about one sign, with the four answers."""
    sign = asked.removeprefix(_PREFIX)
    return Reply("utter_ask_sign", {"question": TextRef("signs", f"{sign}.question")}, four_answers(asked))


def answers_after(state: State, event: Event) -> Mapping[str, bool]:
    """Return what the person has said of signs once this event is counted; a new text starts afresh."""
    answers = {"yes": "affirm", "no": "deny"}
    asked = event.question or (state.asked if event.text is not None else None) or ""
    given = next((answer for answer, intent in answers.items() if intent == event.intent), "skip")
    if state.draft is None or (event.text is not None and not owns(asked)):
        return {}
    return answered_signs({**state.answers, **({asked: given} if owns(asked) else {})})


def without_signs_gone(state: State, signs: Collection[str]) -> State:
    """Return the state without questions about signs that there are no more, and without answers to them."""

    def gone(question: str) -> bool:
        return owns(question) and question.removeprefix(_PREFIX) not in signs

    draft = state.draft
    if draft is not None and any(sign not in signs for sign in draft.get("questions", ())):
        draft = {**draft, "questions": [sign for sign in draft["questions"] if sign in signs]}
    answers = {question: given for question, given in state.answers.items() if not gone(question)}
    return replace(state, asked=None if gone(state.asked or "") else state.asked, answers=answers, draft=draft)


def answered_signs(answers: Mapping[str, str]) -> Mapping[str, bool]:
    """Return the signs the person said yes or no to; 'don't know' and 'rather not say' count as neither."""
    return {
        asked.removeprefix(_PREFIX): given == "yes"
        for asked, given in answers.items()
        if owns(asked) and given in ("yes", "no")
    }


def _ask_next(state: State, verdict: Verdict, said: tuple[Reply, ...]) -> Step:
    open_question = _open_question(state)
    if open_question is not None:
        return replace(state, asked=open_question), (*said, question(open_question))
    if state.answers:
        said = (*said, Reply(card=verdict, about=str((state.draft or {}).get("message", ""))))
    return state.without_question(), (*said, Reply(_NEXT[verdict.level]))


def _open_question(state: State) -> Optional[str]:
    for sign in (state.draft or {}).get("questions", ()):
        if _PREFIX + sign not in state.answers:
            return _PREFIX + str(sign)
    return None
