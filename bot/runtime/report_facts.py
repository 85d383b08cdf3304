"""What the conversation about a report cannot know by itself: desks, time, codes, redacted words, outcomes."""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime, timezone
from typing import Optional

from bot.conversation.offer import answered_signs
from bot.conversation.reporting import flow, preview, receipt, receipt_answer, receipt_word, spoken_word
from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.draft import Offer, Receipt, ReportFacts, Words, report_in
from bot.conversation.state import Event, State
from bot.offers.questions import with_answers
from bot.privacy import receipt_words
from bot.privacy.receipts import ReceiptError, new_code
from bot.privacy.redact import Mode, Redaction
from bot.runtime.reporting import Reporting
from bot.runtime.services import Services
from bot.runtime.turns import language_of

_BEGINNINGS = frozenset({"report", "receipt"})
_LEADS = frozenset({"phone", "email", "url", "handle", "iban", "card", "wallet", "plate", "person", "company"})
"""Kinds of span that lead to somebody; places are evidence, but nobody's contact."""


def is_about_reporting(state: State, event: Event) -> bool:
    """Say whether an event is about a report or a receipt, so that `with_facts` has something to add."""
    question = event.question or state.asked or ""
    return event.intent in _BEGINNINGS or flow.owns(state, question) or receipt.owns(question)


async def looked_up(services: Services, session: str, state: State, event: Event) -> Optional[Receipt]:
    """Return what a typed receipt tells, in its turn among all that are asked for; None: there is none, or not now.

    What cannot be a receipt is refused at once: that costs nothing.
    """
    typed = receipt.code_to_look_up(state, event)
    if typed is None or services.reporting is None:
        return None
    try:
        code = receipt_words.parse(typed, services.knowledge.receipt_words)
    except ReceiptError:
        return Receipt("unreadable")
    return await asyncio.wrap_future(services.reporting.lookups.ask(session, code))


def with_facts(services: Services, state: State, event: Event, found: Optional[Receipt] = None) -> Event:
    """Return an event about reporting with what the conversation needs for it.

    Sends, withdraws, answers and keeps a spoken word where the event asks for it: it can wait for the database and
    a slow hash, so it belongs in a thread beside the event loop.

    Args:
        services: the parts of this process.
        state: the conversation before the event.
        event: what happened.
        found: what the receipt tells that was typed.
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
        receipt=found,
    )
    return _done(services, state, replace(event, report=facts))


def _done(services: Services, state: State, event: Event) -> Event:
    """Do what the event asks for, and note how it went."""
    reporting, facts = services.reporting, event.report
    assert reporting is not None and facts is not None
    to_send = preview.ticket_to_send(state, event)
    if to_send is not None:
        return replace(event, report=replace(facts, sent=reporting.send(*to_send)))
    chosen = spoken_word.word_to_choose(state, event)
    if chosen is not None:
        report, typed = chosen
        return replace(
            event, report=replace(facts, word=reporting.follow_up.choose_word(report.code, report.ticket, typed))
        )
    return replace(event, report=_followed_up(reporting, state, event, facts))


def _followed_up(reporting: Reporting, state: State, event: Event, facts: ReportFacts) -> ReportFacts:
    """Do what the holder of a receipt asks for."""
    held = receipt.ticket_to_withdraw(state, event)
    if held is not None:
        withdrawn, until = reporting.follow_up.withdraw(held.ticket, held=held.held)
        return replace(facts, withdrawn=withdrawn, until=until)
    tried = receipt_word.word_to_try(state, event)
    if tried is not None:
        held, typed = tried
        salt, tag = held.spoken
        return replace(facts, word=reporting.follow_up.try_word(held.ticket, typed, salt, tag))
    held = receipt_answer.answer_to_send(state, event)
    if held is not None:
        answered = reporting.follow_up.answer(held.letter, held.ticket, held.question[0], held.words, held.reporter)
        return replace(facts, answered=answered)
    return facts


def _words(services: Services, state: State, event: Event) -> "Words | None":
    """Redact typed words: in their own words people may name themselves, elsewhere they were asked of others."""
    if event.text is None or not flow.takes_any_words(state):
        return None
    own = state.asked == asked.NARRATIVE or receipt_answer.takes_words(state)
    mode = Mode.OWN if own else Mode.ANSWER
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
