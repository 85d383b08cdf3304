"""What the conversation about a report cannot know by itself: desks, time, codes, redacted words, outcomes."""

import secrets
from dataclasses import replace
from datetime import datetime, timezone

from bot.conversation.offer import answered_signs
from bot.conversation.reporting import flow, preview, receipt
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.draft import Offer, ReportFacts, Words, report_in
from bot.conversation.state import Event, State
from bot.offers.questions import with_answers
from bot.privacy.receipts import new_code
from bot.privacy.redact import Mode, Redaction
from bot.runtime.services import Services
from bot.runtime.turns import language_of

_BEGINNINGS = frozenset({"report", "receipt"})
_LEADS = frozenset({"phone", "email", "url", "handle", "iban", "card", "wallet", "plate", "person", "company"})
"""Kinds of span that lead to somebody; places are evidence, but nobody's contact."""


def is_about_reporting(state: State, event: Event) -> bool:
    """Say whether an event is about a report or a receipt, so that `with_facts` has something to add."""
    question = event.question or state.asked or ""
    return event.intent in _BEGINNINGS or flow.owns(state, question) or receipt.owns(question)


def with_facts(services: Services, state: State, event: Event) -> Event:
    """Return an event about reporting with what the conversation needs for it.

    Sends, looks up and withdraws where the event asks for it: it can wait for the database, so it belongs
    in a thread beside the event loop.
    """
    reporting = services.reporting
    if reporting is None:
        return event
    if event.intent == "report" and event.question is None and not reporting.open():
        return event
    report = report_in(state.draft)
    facts = ReportFacts(
        # What may have been passed on goes on at the same desk, whoever is there now.
        desks=reporting.desks(asleep=report is not None and report.may_be_there),
        names=reporting.names,
        code=new_code(),
        ticket=secrets.token_hex(16),
        now=datetime.now(timezone.utc).replace(microsecond=0),
        text=lambda domain, identifier: services.texts.get(domain, identifier, state.language),
        indicators=services.knowledge.indicators,
        questions=services.knowledge.questions,
        sign_indicators={
            sign.id: tuple(sign.dimensions.split()) for sign in services.knowledge.catalogue.signs.values()
        },
        words=_words(services, state, event),
        offer=_offer(services, state) if event.intent == "report" else None,
    )
    return _done(services, state, replace(event, report=facts))


def _done(services: Services, state: State, event: Event) -> Event:
    """Do what the event asks for, and note how it went."""
    reporting, facts = services.reporting, event.report
    assert reporting is not None and facts is not None
    to_send = preview.ticket_to_send(state, event)
    if to_send is not None:
        return replace(event, report=replace(facts, sent=reporting.send(*to_send)))
    code = receipt.code_to_look_up(state, event)
    if code is not None:
        return replace(event, report=replace(facts, receipt=reporting.look_up(code)))
    ticket = receipt.ticket_to_withdraw(state, event)
    if ticket is not None:
        return replace(event, report=replace(facts, withdrawn=reporting.withdraw(ticket)))
    return event


def _words(services: Services, state: State, event: Event) -> "Words | None":
    """Redact typed words: in their own words people may name themselves, elsewhere they were asked of others."""
    if event.text is None or not flow.takes_any_words(state):
        return None
    mode = Mode.OWN if state.asked == asked.NARRATIVE else Mode.ANSWER
    redaction = services.redactor.redact(event.text, language_of(services, event.text), mode=mode)
    return Words(redaction.text, _leads(redaction, event.text, {}), redaction.own)


def _offer(services: Services, state: State) -> "Offer | None":
    """Return the offer under check, judged anew: the event's own verdict is of other words."""
    text = str((state.draft or {}).get("text") or "")
    if not text:
        return None
    checked = services.checker.check(text, language_of(services, text))
    verdict = with_answers(services.knowledge.catalogue, checked, answered_signs(state.answers))
    redaction = services.redactor.redact(text, verdict.language, mode=Mode.OFFER)
    removed = [(span.start, span.end) for span in redaction.spans if not span.kept]
    signs = services.knowledge.catalogue.signs
    return Offer(
        text=redaction.text,
        kind=verdict.kind.value,
        concern=verdict.concern.value if verdict.concern else None,
        level=verdict.level.value,
        signs=tuple(
            (
                found.sign,
                services.texts.get("signs", f"{found.sign}.title", state.language),
                signs[found.sign].severity.value,
                signs[found.sign].audience == "desk",
                tuple(e.text for e in found.evidence if not any(s < e.end and e.start < end for s, end in removed)),
            )
            for found in verdict.signs
        ),
        identifiers=_leads(redaction, text, {(span.start, span.end): span.value for span in verdict.identifiers}),
        own=redaction.own,
    )


def _leads(redaction: Redaction, text: str, normal: dict[tuple[int, int], str]) -> tuple[tuple[str, str], ...]:
    """Return kind and value of what leads to somebody and was kept, each once, in its normal form where known."""
    return tuple(
        dict.fromkeys(
            (span.type, normal.get((span.start, span.end), text[span.start : span.end]))
            for span in redaction.spans
            if span.kept and span.type in _LEADS
        )
    )
