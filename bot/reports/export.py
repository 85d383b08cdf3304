"""A ticket in the shape of the Human Trafficking Case Data Standard 2.0 (IOM)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.knowledge.htcds import Standard
from bot.knowledge.signs import Concern
from bot.reports.ticket import AboutWhom, Form, Ticket, to_bytes

PREFIX = "oberih_"
NOTICE = "Unverified allegation: a lead, not evidence. People are possible victims and possible suspects."
_OTHER = "Other"
_PICKED = {
    "prs_Gender": "gender",
    "vic_RelationshipToTrafficker": "recruiter_relation",
    "vic_RecruitmentWebsitesAndApps": "recruitment_channels",
    "vic_MethodOfRecruitment": "recruitment_methods",
    "vic_MethodsOfControl": "methods_of_control",
    "vic_TypeOfExploitation": "exploitation_types",
    "vic_TypeOfSexExploitation": "sexual_exploitation_types",
    "vic_ForcedLabourIndustry": "industry",
}


def export(ticket: Ticket, standard: Standard, ticket_id: str = "") -> dict[str, Any]:
    """Return a ticket as an object ready for JSON.

    A standard field appears only with values of its own picklist. A value that is not on a list with
    "Other" becomes "Other"; in any case everything that was said stands whole under `oberih_` names. The
    ticket's language is that of the report, so it is no `prs_PrimaryLanguage`; a referral sent with this
    person's agreement is not the consent that `con_Consent` describes.
    """
    fields = dict(_standard_fields(ticket, standard))
    own = {PREFIX + name: value for name, value in json.loads(to_bytes(ticket)).items() if _said(value)}
    marks = {"standard": standard.standard, "licence": standard.licence, "notice": NOTICE, "ticket_id": ticket_id}
    return {**fields, **own, **{PREFIX + name: value for name, value in marks.items() if value}}


def _said(value: Any) -> bool:
    return value not in ([], {})


def _standard_fields(ticket: Ticket, standard: Standard) -> Iterator[tuple[str, Any]]:
    if _about_a_person(ticket):
        yield "vic_TraffickingStatus", "PossibleVictimOfTrafficking"
    if ticket.stage is not None:
        yield "hte_Type", ticket.stage.value.capitalize()
    if ticket.place.country is not None:
        yield "hte_Country", ticket.place.country
    if ticket.narrative:
        yield "cas_IncomingReferralDetails", ticket.narrative
    for field, name in _PICKED.items():
        found = getattr(ticket, name)
        values = _picked(found if isinstance(found, tuple) else (found,), standard.picklists[field].allowed)
        if values:
            yield field, values if standard.picklists[field].many else values[0]


def _about_a_person(ticket: Ticket) -> bool:
    """Nobody is called a possible victim over an offer alone, or over pay or money alone."""
    someone = ticket.form is Form.CHILD or ticket.about_whom not in (None, AboutWhom.OFFER_ONLY)
    return someone and ticket.concern not in (Concern.LABOUR, Concern.FRAUD)


def _picked(values: Iterable[Any], allowed: tuple[str, ...]) -> list[str]:
    """Return the allowed ones of `values` in order, and "Other" for those that are not, where it is allowed."""
    said = [value for value in values if value]
    known = [value if value in allowed else _OTHER for value in said]
    return list(dict.fromkeys(value for value in known if value in allowed))
