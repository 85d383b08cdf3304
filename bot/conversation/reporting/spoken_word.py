"""A spoken word for a receipt, chosen once after the report was sent: whoever finds the code has it not."""

from dataclasses import replace
from typing import Optional

from bot.conversation.payloads import payload
from bot.conversation.reporting import preview
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.draft import ReportDraft, keep, report_in
from bot.conversation.state import Button, Event, Reply, State, TextRef

Step = tuple[State, tuple[Reply, ...]]
_WITHOUT = Button(TextRef("chat", "report.button.no_word"), payload("deny", asked.WORD))


def word_to_choose(state: State, event: Event) -> Optional[tuple[ReportDraft, str]]:
    """Return the typed word that `advance` needs kept for this event, or None."""
    report = report_in(state.draft)
    if report is None or state.asked != asked.WORD or event.question is not None or event.certain:
        return None
    return (report, event.text) if event.text is not None else None


def answer(state: State, event: Event) -> Step:
    """Ask for the word, take it, or go on without one."""
    report = report_in(state.draft)
    if report is None or not report.version:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    chosen = event.report.word if event.report is not None else None
    if chosen in ("short", "failed"):
        return state, (Reply(f"utter_report_word_{chosen}", buttons=(_WITHOUT,)),)
    if chosen is not None:
        waiting = replace(state, asked=asked.MORE, draft=keep(state.draft, replace(report, spoken=chosen)))
        return waiting, (preview.more(waiting, "utter_report_word_kept"),)
    if event.text is None and event.intent == "affirm" and not report.spoken:
        return replace(state, flow="report", asked=asked.WORD), (question(),)
    waiting = replace(state, asked=asked.MORE)
    return waiting, (preview.more(waiting),)


def question() -> Reply:
    """Return the question, which says what is lost if the word is forgotten."""
    return Reply("utter_report_word_ask", buttons=(_WITHOUT,))
