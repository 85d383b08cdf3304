"""A report, question by question, to the preview; nothing exists outside the conversation until it is confirmed.

The first questions are about the person's own safety. Where they say no, nothing is asked or kept.
"""

from dataclasses import replace
from typing import Optional

from bot.conversation.contacts import of_offer
from bot.conversation.payloads import payload
from bot.conversation.reporting import addition, preview, receipt_answer, spoken_word
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.content import route_of
from bot.conversation.reporting.draft import ReportDraft, keep, report_in
from bot.conversation.reporting.questions import QUESTIONS, Question, next_question
from bot.conversation.state import Button, Event, Reply, State, TextRef

Step = tuple[State, tuple[Reply, ...]]
_YES_NO = {"affirm": "yes", "deny": "no"}


def owns(state: State, question: str) -> bool:
    """Say whether a question id belongs to this flow."""
    return question.startswith(asked.PREFIX) or addition.owns(state, question)


def takes_any_words(state: State) -> bool:
    """Say whether the open question is answered in free words, whatever they are."""
    question = QUESTIONS.get(state.asked or "")
    return receipt_answer.takes_words(state) or (question is not None and question.free)


def asks_for_place(question: Optional[str]) -> bool:
    """Say whether a question is answered by a country."""
    known = QUESTIONS.get(question or "")
    return known is not None and known.country


def start(state: State, event: Event) -> Step:
    """Begin a report with the person's own safety, or say that nothing can be passed on."""
    facts = event.report
    if facts is None or not facts.desks:
        return state.without_question(), (Reply("utter_report_unavailable"),)
    report = ReportDraft(
        facts.code, facts.ticket, facts.now.isoformat(), offer=facts.offer, contacts=of_offer(state.draft)
    )
    # Answers about the offer go with its report; those about another person's situation do not.
    kept = {name: given for name, given in state.answers.items() if name.startswith("sign.")}
    begun = replace(state, flow="report", answers=kept, draft=keep(state.draft, report))
    before = report_in(state.draft)
    unsure = (preview.unsure(before),) if before is not None and before.tried else ()
    return _ask(begun, (*unsure, Reply("utter_report_begins")))


def answer(state: State, question: str, event: Event) -> Optional[Step]:
    """Take one answer; None where the words do not answer the question."""
    if question == asked.PREVIEW:
        return _closed(state) if _nobody_takes_it(state, event) else preview.answer(state, event)
    if question == asked.WORD:
        return spoken_word.answer(state, event)
    if question == asked.MORE or addition.owns(state, question):
        return addition.answer(state, question, event)
    known, report = QUESTIONS.get(question), report_in(state.draft)
    if report is None:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    if report.may_be_there:
        # An old button.
        return preview.stands(state, event)
    given = _given(known, event) if known is not None else None
    if known is None or given is None:
        return None
    if known.free:
        said = event.report.words if given == "words" and event.report is not None else None
        report = report.with_words(question, said)
    answers = {**state.answers, question: given}
    return _noted(replace(state, answers=answers, draft=keep(state.draft, report)), question, given, event)


def ask_again(state: State) -> tuple[Reply, ...]:
    """Return the open question once more."""
    if state.asked in QUESTIONS:
        return (_question(QUESTIONS[state.asked]),)
    if addition.owns(state, state.asked or ""):
        return (addition.question(state, state.asked or ""),)
    if state.asked == asked.MORE:
        return (preview.more(state),)
    if state.asked == asked.WORD:
        return (spoken_word.question(),)
    return (Reply("utter_report_preview_again", buttons=(preview.SHOW,)),)


def _given(question: Question, event: Event) -> Optional[str]:
    """Return the code of an answer, `words` for free words, or None."""
    if event.text is not None and question.free:
        # "Unknown Viktor" is a name: only words that say nothing else pass over.
        return event.intent if event.certain and event.intent in asked.UNKNOWN else "words"
    if event.intent in asked.UNKNOWN:
        return event.intent
    if question.country:
        return event.value if event.value and len(event.value) == 2 else None
    if event.value in question.choices:
        return event.value
    said = _YES_NO.get(event.intent) if event.text is not None else None
    return said if said in question.choices else None


def _noted(state: State, question: str, given: str, event: Event) -> Step:
    if question == asked.SAFE and given in ("no", "not_sure", "dont_know"):
        return _not_now(state, given)
    if question == asked.SHARED and given == "yes":
        return _ask(state, (Reply("utter_report_shared"),))
    if question == asked.WRITER and len(given) == 2:
        state = replace(state, places={**state.places, "writer": given})
    if question == asked.COUNTRY and len(given) == 2:
        whose = "writer" if state.answers.get(asked.ABOUT) == "me" else "person"
        state = replace(state, places={**state.places, whose: given})
    # Before the country was asked, only a default desk could be found.
    asked_where = asked.COUNTRY in state.answers
    if asked_where and event.report is not None and route_of(state, event.report).intake is None:
        return _closed(state)
    if question == asked.AGE and asked.is_about_a_child(state.answers):
        return _ask(state, (Reply("utter_report_child"),))
    following = next_question(state.answers)
    return _ask(state, ()) if following is not None else preview.show(state, event)


def _nobody_takes_it(state: State, event: Event) -> bool:
    """Say whether the desk of a report that is at its preview has fallen asleep."""
    report = report_in(state.draft)
    if report is None or report.may_be_there or event.report is None:
        return False
    return route_of(state, event.report).intake is None


def _ask(state: State, said: tuple[Reply, ...]) -> Step:
    following = next_question(state.answers)
    assert following is not None
    return replace(state, flow="report", asked=following.id), (*said, _question(following))


def _not_now(state: State, given: str) -> Step:
    """It is not the moment: forget what was begun; where they are not sure, going on stays possible."""
    if given != "no":
        answers = {name: said for name, said in state.answers.items() if name != asked.SAFE}
        return replace(state, answers=answers, asked=asked.SAFE), (Reply("utter_report_not_sure"),)
    ended = replace(state, draft=keep(state.draft, None), answers={}).without_question()
    return ended, (Reply("utter_report_not_now"),)


def _closed(state: State) -> Step:
    """Nobody can take this report: say so, keep nothing of it, and show who can help."""
    ended = replace(state, draft=keep(state.draft, None), answers={}).without_question()
    return ended, (Reply("utter_report_no_desk"),)


def _question(question: Question) -> Reply:
    words = {"question": TextRef("chat", f"{question.id}.ask")}
    if question.country:
        return Reply("utter_report_question", words, _ways_out(question), choices=f"countries:{question.id}")
    choices = tuple(
        Button(choice_text(question.id, code), payload("affirm", question.id, code)) for code in question.choices
    )
    return Reply("utter_report_question", words, (*choices, *_ways_out(question)))


def choice_text(question: str, code: str) -> TextRef:
    """Return the text of a choice; yes and no are worded once."""
    common = code in ("yes", "no") and question != asked.STAFF
    return TextRef("chat", f"report.answer.{code}" if common else f"{question}.{code}")


def _ways_out(question: Question) -> tuple[Button, ...]:
    dont_know = Button(TextRef("chat", "🤷 Don't know"), payload("dont_know", question.id))
    skip = Button(TextRef("chat", "⏭️ Rather not say"), payload("skip", question.id))
    return (dont_know, skip) if question.dont_know else (skip,)
