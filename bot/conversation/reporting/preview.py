"""The preview: the exact text that would leave, to whom, and the receipt code that works only once it is sent."""

import hashlib
from dataclasses import replace
from typing import Optional

from bot.conversation.payloads import payload
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.content import contacts_left_out, ticket_of
from bot.conversation.reporting.draft import ReportDraft, ReportFacts, keep, report_in
from bot.conversation.state import Button, Event, Reply, State, TextRef
from bot.privacy.receipts import grouped
from bot.reports.preview import PreviewLine, lines
from bot.reports.ticket import Ticket, to_bytes

Step = tuple[State, tuple[Reply, ...]]
SHOW = Button(TextRef("chat", "report.button.show"), payload("affirm", asked.PREVIEW, "show"))
_SEND = Button(TextRef("chat", "report.button.send"), payload("affirm", asked.PREVIEW))
_STOP = Button(TextRef("chat", "report.button.stop"), payload("deny", asked.PREVIEW))
_UNDO = Button(TextRef("chat", "report.button.undo"), payload("affirm", asked.PREVIEW, "undo"))
_ENOUGH = Button(TextRef("chat", "report.button.enough"), payload("deny", asked.MORE))
_AFTERWARDS = (
    Button(TextRef("chat", "📞 Numbers to call"), payload("numbers")),
    Button(TextRef("chat", "🔎 Check an offer"), payload("check")),
)
_WORD = Button(TextRef("chat", "report.button.word"), payload("affirm", asked.WORD))
_MORE = Button(TextRef("chat", "report.button.more"), payload("affirm", asked.MORE))


def ticket_to_send(state: State, event: Event) -> Optional[tuple[ReportDraft, Ticket]]:
    """Return what `advance` needs passed on for this event, or None.

    Only the button of the preview that is on the screen sends, and only the text that stands in it: "really?"
    is no yes, and what has changed since (an answer, the language) is shown again first.
    """
    question = event.question
    report = report_in(state.draft)
    if report is None or event.report is None or state.asked != asked.PREVIEW or question != asked.PREVIEW:
        return None
    if event.intent != "affirm" or event.value is not None or event.text is not None:
        return None
    ticket = ticket_of(state, report, event.report)
    return (report, ticket) if _digest(ticket) == report.shown else None


def show(state: State, event: Event) -> Step:
    """Show what would be sent."""
    report, facts = report_in(state.draft), event.report
    if report is None or facts is None:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    ticket = ticket_of(state, report, facts)
    contacts = contacts_left_out(report, ticket)
    said = (Reply("utter_report_left_out"),) if contacts and not report.shown else ()
    shown = (*lines(ticket), *contacts)
    state = replace(state, draft=keep(state.draft, replace(report, shown=_digest(ticket))))
    names = ", ".join(facts.names.get(desk, desk) for desk in ticket.recipients)
    values = {"code": grouped(report.code), "recipients": names}
    response = "utter_report_preview" if report.version == 0 else "utter_report_preview_addition"
    buttons = (_SEND, *_strike(shown), *_put_in(shown), *((_UNDO,) if report.changes else ()), _STOP)
    reply = Reply(response, values, buttons, lines=shown)
    return replace(state, flow="report", asked=asked.PREVIEW), (*said, reply)


def strike(line: PreviewLine) -> str:
    """Return the payload that takes a line out."""
    return payload("deny", asked.PREVIEW, line.id)


def put_in(line: PreviewLine) -> str:
    """Return the payload that puts in a line which was left out."""
    return payload("affirm", asked.PREVIEW, line.id)


def _strike(shown: tuple[PreviewLine, ...]) -> tuple[Button, ...]:
    return tuple(Button(f"✂️ {number}", strike(line)) for number, line in enumerate(shown, 1) if line.removable)


def _put_in(shown: tuple[PreviewLine, ...]) -> tuple[Button, ...]:
    return tuple(Button(f"➕ {number}", put_in(line)) for number, line in enumerate(shown, 1) if line.left_out)


def answer(state: State, event: Event) -> Optional[Step]:
    """Send, strike a line, put one in or back, or stop."""
    report = report_in(state.draft)
    if report is None:
        return state.without_question(), (Reply("utter_nothing_asked"),)
    if event.intent == "affirm" and event.value == "undo":
        return _with(state, event, report.changes[:-1])
    if event.intent == "affirm" and (event.value == "show" or event.text is not None):
        return show(state, event)
    if event.intent == "deny" and event.value is not None and event.report is not None:
        shown = {line.id for line in lines(ticket_of(state, report, event.report)) if line.removable}
        struck = ((event.value, False),) if event.value in shown else ()
        return _with(state, event, (*report.changes, *struck))
    if event.intent == "affirm" and event.value is not None and event.report is not None:
        contacts = contacts_left_out(report, ticket_of(state, report, event.report))
        added = ((event.value, True),) if event.value in {line.id for line in contacts} else ()
        return _with(state, event, (*report.changes, *added))
    if event.intent in ("deny", "skip") and (event.text is None or event.certain or event.intent == "deny"):
        return _stopped(state, report)
    if event.intent == "affirm" and event.report is not None:
        return _sent(state, report, event.report)
    return None


def _with(state: State, event: Event, changes: tuple[tuple[str, bool], ...]) -> Step:
    report = report_in(state.draft)
    assert report is not None
    return show(replace(state, draft=keep(state.draft, replace(report, changes=changes))), event)


def _stopped(state: State, report: ReportDraft) -> Step:
    """Forget what was not sent; what was sent before stays sent."""
    ended = replace(state, draft=keep(state.draft, None), answers={}).without_question()
    if report.tried:
        return ended, (unsure(report),)
    return ended, (Reply("utter_report_stopped" if report.version == 0 else "utter_report_addition_stopped"),)


def _sent(state: State, report: ReportDraft, facts: ReportFacts) -> Step:
    if facts.sent is None:
        return show(state, Event("affirm", report=facts))  # a yes to an older preview: nothing was tried
    if facts.sent != "sent":
        again = replace(state, asked=asked.PREVIEW, draft=keep(state.draft, replace(report, tried=True)))
        return again, (Reply("utter_report_failed", buttons=(SHOW, _STOP)),)
    kept = replace(report, version=report.version + 1, tried=False)
    values = {"code": grouped(report.code)}
    if kept.version > 1 or asked.is_about_a_child(state.answers):
        ended = replace(state, draft=keep(state.draft, None), answers={}).without_question()
        said = (
            Reply("utter_report_sent", values, _AFTERWARDS)
            if kept.version == 1
            else Reply("utter_report_added", values)
        )
        return ended, (said,)
    waiting = replace(state, asked=asked.MORE, draft=keep(state.draft, kept))
    return waiting, (Reply("utter_report_sent", values), more(waiting))


def more(state: State, response: str = "utter_report_more") -> Reply:
    """Offer more questions and a spoken word; the code is not in it, so that asking again does not show it again."""
    report = report_in(state.draft)
    word = (_WORD,) if report is not None and not report.spoken else ()
    return Reply(response, buttons=(_MORE, *word, _ENOUGH))


def unsure(report: ReportDraft) -> Reply:
    """Say that a report which could not be confirmed may have arrived all the same."""
    return Reply("utter_report_stopped_unsure", {"code": grouped(report.code)})


def stands(state: State, event: Event) -> Step:
    """Answer an old button of a report that may have been passed on: it changes nothing any more."""
    if state.asked == asked.MORE:
        return state, (more(state),)
    return show(state, event)


def _digest(ticket: Ticket) -> str:
    return hashlib.sha256(to_bytes(ticket)).hexdigest()
