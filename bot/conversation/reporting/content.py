"""From answers to the ticket that would be sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import chain
from typing import Any, Optional, TypeVar

from bot.conversation.reporting import questions as asked
from bot.conversation.reporting.draft import ReportDraft, ReportFacts
from bot.conversation.state import State
from bot.knowledge.questions import QuestionSet, Situation
from bot.knowledge.signs import Concern, Kind, Severity
from bot.privacy.own_values import holds_own, without_own
from bot.reports import child
from bot.reports.preview import PreviewLine, left_out, line_of, lines, without
from bot.reports.rating import rated
from bot.reports.routing import Route, Staff, route
from bot.reports.ticket import (
    AboutWhom,
    Age,
    Answer,
    Basis,
    Consent,
    Count,
    Form,
    Identifier,
    Moment,
    Obtained,
    Place,
    ScreeningRow,
    Stage,
    Ticket,
    TicketSign,
    When,
)
from bot.screening.screen import RECRUITMENT, classify, raised_questions, rules_met, scale_of

Pairs = tuple[tuple[str, str], ...]
Code = TypeVar("Code", bound=Enum)
PROFILE = "adult_labour"
_DAYS = {"today": 0, "tomorrow": 1, "three_days": 3}
_CONTROL = {"documents_taken": "WithholdsDocuments", "cannot_leave": "RestrictsMovement"}
_MOST_CONTACTS = 40
"""A hostile offer may hold hundreds; all of them stay in its text."""
CONSENT_TEXT = "2026-11-24"
"""Version of the sentences a person reads before they agree (`utter_report_preview`, `report.statistics.ask`)."""


def route_of(state: State, facts: ReportFacts) -> Route:
    """Return where the report would go by what was said so far."""
    answers = state.answers
    staff = answers.get(asked.STAFF)
    concerns = {Staff(staff)} if staff in {member.value for member in Staff} else set()
    return route(facts.desks, _country(answers), to_police=answers.get(asked.POLICE) == "yes", concerns=concerns)


def ticket_of(state: State, report: ReportDraft, facts: ReportFacts) -> Ticket:
    """Return the ticket of a report, less what any part gave away as the reporter's, and the lines that were struck.

    Of contacts it holds those that were put in.
    """
    report = _without_own(report)
    ticket = _child(state, report, facts) if asked.is_about_a_child(state.answers) else _full(state, report, facts)
    # Where answers changed, a line that was struck may no longer be there.
    there = {line.id for line in lines(ticket) if line.removable}
    return without(ticket, there.intersection(line for line, put_in in dict(report.changes).items() if not put_in))


def contacts_left_out(report: ReportDraft, ticket: Ticket) -> tuple[PreviewLine, ...]:
    """Return the lines of the contacts that a ticket does not hold and could: about a child it never does."""
    if ticket.form is Form.CHILD:
        return ()
    held = {line_of(item) for item in ticket.identifiers}
    return tuple(
        left_out(contact) for contact in _without_own(report).contacts if line_of(contact.identifier) not in held
    )


def _without_own(report: ReportDraft) -> ReportDraft:
    """Return the draft with what was removed as the reporter's from one part removed from all of them."""
    offer = report.offer
    own = (*report.own, *(offer.own if offer else ()))
    if not own:
        return report
    if offer is not None:
        signs = tuple(
            (*sign[:4], tuple(words for words in sign[4] if not holds_own(words, own))) for sign in offer.signs
        )
        offer = replace(
            offer, text=without_own(offer.text, own), signs=signs, identifiers=_others(offer.identifiers, own)
        )
    words = {question: without_own(said, own) for question, said in report.words.items()}
    identifiers = {question: _others(pairs, own) for question, pairs in report.identifiers.items()}
    contacts = tuple(contact for contact in report.contacts if not holds_own(contact.value, own))
    return replace(report, words=words, identifiers=identifiers, offer=offer, contacts=contacts)


def _others(identifiers: Pairs, own: Pairs) -> Pairs:
    return tuple((kind, value) for kind, value in identifiers if not holds_own(value, own))


def situation_of(state: State, report: ReportDraft) -> str:
    """Return the id of the set of structured questions that fits what was said."""
    stage = _said(state.answers, asked.STAGE)
    if stage == "transit":
        return Situation.ON_THE_WAY.value
    if stage != "exploitation":
        return Situation.OFFER.value
    kind = report.offer.kind if report.offer else None
    by_kind = {"housing": Situation.IN_HOUSING, "relationship": Situation.IN_A_RELATIONSHIP}
    return by_kind.get(kind or "", Situation.AT_WORK).value


def _full(state: State, report: ReportDraft, facts: ReportFacts) -> Ticket:
    answers, offer = state.answers, report.offer
    questions = facts.questions[situation_of(state, report)]
    rows = _screening(state, report, facts, questions)
    refer = {question.refer.value for question in raised_questions(questions, answers) if question.refer}
    return rated(
        Ticket(
            created=datetime.fromisoformat(report.created),
            language=state.language,
            rules_version=facts.indicators.rules_version,
            kind=Kind(offer.kind) if offer else None,
            concern=Concern(offer.concern) if offer and offer.concern else None,
            level=offer.level if offer else None,
            about_whom=_one_of(AboutWhom, answers, asked.ABOUT),
            age=_one_of(Age, answers, asked.AGE),
            place=Place(country=_country(answers), words=report.words.get(asked.PLACE_WORDS)),
            when=When(moment=_one_of(Moment, answers, asked.MOMENT)),
            deadline=_deadline(answers, report),
            stage=_one_of(Stage, answers, asked.STAGE),
            basis_of_knowledge=_one_of(Basis, answers, asked.BASIS),
            with_whom=report.words.get(asked.WHO),
            narrative=report.words.get(asked.NARRATIVE),
            offer=offer.text if offer else None,
            identifiers=_identifiers(report),
            signs=_signs(report),
            answers=_answers(state, facts),
            methods_of_control=tuple(code for reason, code in _CONTROL.items() if reason in refer),
            screening=rows,
            ilo_class=_class(questions, rows, answers),
            **_sent_to(state, facts),
        )
    )


def _child(state: State, report: ReportDraft, facts: ReportFacts) -> Ticket:
    """Four taps about a child: no offer, no words, no scoring."""
    answers = state.answers
    sent_to = _sent_to(state, facts)
    consent = sent_to.pop("consent")
    ticket = child.referral(
        datetime.fromisoformat(report.created),
        where=Place(country=_country(answers)),
        when=When(moment=_one_of(Moment, answers, asked.MOMENT)),
        how_many=_one_of(Count, answers, asked.PEOPLE),
        with_whom=_one_of(child.WithWhom, answers, asked.WITH_WHOM),
        language=state.language,
        age=Age(answers[asked.AGE]),
        **sent_to,
    )
    return ticket.copy(update={"consent": consent})


def _sent_to(state: State, facts: ReportFacts) -> dict[str, Any]:
    chosen = route_of(state, facts)
    statistics = state.answers.get(asked.STATISTICS) == "yes"
    return {
        "recipients": chosen.recipients,
        "not_to": chosen.not_to,
        "not_to_kinds": chosen.not_to_kinds,
        "consent": Consent(statistics=statistics, text_version=CONSENT_TEXT),
    }


def _said(answers: Mapping[str, str], question: str) -> Optional[str]:
    """Return an answer that says something: 'don't know' and 'rather not say' are no answers."""
    answer = answers.get(question)
    return None if answer in asked.UNKNOWN else answer


def _country(answers: Mapping[str, str]) -> Optional[str]:
    code = _said(answers, asked.COUNTRY)
    return code.upper() if code else None


def _one_of(codes: type[Code], answers: Mapping[str, str], question: str) -> Optional[Code]:
    said = _said(answers, question)
    return codes(said) if said else None


def _deadline(answers: Mapping[str, str], report: ReportDraft) -> Optional[date]:
    """Return the last day on which they may leave, counted from the day of the report."""
    days = _DAYS.get(answers.get(asked.DEADLINE, ""))
    return None if days is None else datetime.fromisoformat(report.created).date() + timedelta(days=days)


def _identifiers(report: ReportDraft) -> tuple[Identifier, ...]:
    """Return each contact once: those that were put in first, because they say more and nobody may miss them."""
    wanted = dict(report.changes)
    put_in = [contact.identifier for contact in report.contacts if wanted.get(line_of(contact.identifier))]
    found = {(item.type, item.value): item for item in put_in}
    forwarded = report.offer.identifiers if report.offer else ()
    for how, pairs in ((Obtained.FORWARDED, (forwarded,)), (Obtained.TYPED, report.identifiers.values())):
        for kind, value in chain.from_iterable(pairs):
            found.setdefault((kind, value), Identifier(type=kind, value=value, obtained=how))
    return tuple(found.values())[:_MOST_CONTACTS]


def _signs(report: ReportDraft) -> tuple[TicketSign, ...]:
    return tuple(
        TicketSign(id=sign, title=title, severity=Severity(severity), desk_only=desk_only, evidence=evidence)
        for sign, title, severity, desk_only, evidence in (report.offer.signs if report.offer else ())
    )


def _answers(state: State, facts: ReportFacts) -> tuple[Answer, ...]:
    """Return the answers about signs and to structured questions, each with its question as it was asked.

    What was not known or not said tells a desk nothing, and is left out.
    """
    return tuple(
        Answer(question=question, text=question_text(state, facts, question), answer=answer)
        for question, answer in state.answers.items()
        if not question.startswith(asked.PREFIX) and answer not in asked.UNKNOWN
    )


def question_text(state: State, facts: ReportFacts, question: str) -> str:
    """Return the words in which a question about a sign or a structured question is asked."""
    if question.startswith("sign."):
        return facts.text("signs", question.removeprefix("sign.") + ".question")
    return facts.text("chat", structured_text(state, question))


def structured_text(state: State, question: str) -> str:
    """Return the text id of a structured question: about oneself, or about someone else."""
    return question + (".self" if state.answers.get(asked.ABOUT) == "me" else ".other")


def _screening(
    state: State, report: ReportDraft, facts: ReportFacts, questions: QuestionSet
) -> tuple[ScreeningRow, ...]:
    """Return the ILO dimensions for which the offer's signs or the answers name an indicator.

    An offer can only speak of recruitment (facts A.2): its signs fill dimensions 1 to 3.
    """
    catalogue = facts.indicators
    scale = scale_of(catalogue, PROFILE)
    rests: dict[str, set[str]] = {}
    for sign in _signs(report):
        for name in facts.sign_indicators.get(sign.id, ()):
            if name in scale and catalogue.indicators[name].dimension in RECRUITMENT:
                rests.setdefault(name, set()).add(line_of(sign))
    for question in raised_questions(questions, state.answers):
        for name in question.indicators:
            rests.setdefault(name, set()).add(question.id)
    met = rules_met(scale, rests)
    rows = []
    for dimension in catalogue.dimensions:
        names = [name for name in rests if catalogue.indicators[name].dimension == dimension]
        if names:
            rests_on = tuple(sorted(set().union(*(rests[name] for name in names))))
            titles = tuple(f"{name} {catalogue.indicators[name].title}" for name in sorted(names))
            rows.append(
                ScreeningRow(dimension=dimension, indicators=titles, rule=met.get(dimension), rests_on=rests_on)
            )
    return tuple(rows)


def _class(questions: QuestionSet, rows: tuple[ScreeningRow, ...], answers: Mapping[str, str]) -> Optional[str]:
    """Return the provisional class, only where questions about the situation itself were answered."""
    answered = raised_questions(questions, answers)
    if not rows or not answered or 4 not in questions.fills:
        return None
    positive = {row.dimension for row in rows if row.rule}
    act = questions.act or any(question.act for question in answered)
    return classify(positive, child=False, act=act).value
