"""After a report is sent: up to seven more questions about the situation, as an addition to it."""

from dataclasses import replace
from typing import Optional

from bot.conversation.answers import four_answers
from bot.conversation.reporting import preview
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.content import PROFILE, situation_of, structured_text
from bot.conversation.reporting.draft import keep, report_in
from bot.conversation.state import Event, Reply, State, TextRef
from bot.knowledge.questions import Situation
from bot.screening.next_question import next_question

Step = tuple[State, tuple[Reply, ...]]
_ANSWERS = {"affirm": "yes", "deny": "no", "dont_know": "dont_know", "skip": "skip"}
_SITUATIONS = tuple(f"{situation.value}." for situation in Situation)


def asks(question: str) -> bool:
    """Say whether a question id is that of a structured question."""
    return question.startswith(_SITUATIONS)


def owns(state: State, question: str) -> bool:
    """Say whether a question id is that of a structured question in a report that was sent."""
    return asks(question) and report_in(state.draft) is not None


def answer(state: State, question: str, event: Event) -> Optional[Step]:
    """Begin the questions, or take the answer to one."""
    given = _ANSWERS.get(event.intent)
    if given is None:
        return None
    if question != asked.MORE:
        return _next(replace(state, answers={**state.answers, question: given}), event)
    if given == "yes":
        return _next(state, event)
    ended = replace(state, draft=keep(state.draft, None), answers={}).without_question()
    return ended, (Reply("utter_report_done"),)


def question(state: State, identifier: str) -> Reply:
    """Return a structured question with its four answers."""
    return Reply(
        "utter_report_question",
        {"question": TextRef("chat", structured_text(state, identifier))},
        four_answers(identifier),
    )


def _next(state: State, event: Event) -> Step:
    report, facts = report_in(state.draft), event.report
    if report is None or facts is None:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    questions = facts.questions[situation_of(state, report)]
    known = {name: given for name, given in state.answers.items() if name.startswith(_SITUATIONS)}
    following = next_question(facts.indicators, questions, PROFILE, known)
    if following is None:
        return preview.show(state, event)
    return replace(state, asked=following), (question(state, following),)
