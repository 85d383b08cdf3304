"""Invariant 6: the reporter is removed, the suspect is kept, and the place of the offence is evidence."""

import pytest

from bot.reports.ticket import to_bytes
from tests.reporting import NARRATIVE, OFFER, answers_all, presses, tickets_of

WORDS = {
    "report.place.words": "Łódź, ul. Piotrkowska 5, hotel Polonia",
    "report.who": "Andriy Kovalenko, +48 601 234 567, @andriy_work",
}


@pytest.mark.parametrize("language", NARRATIVE)
async def test_a_ticket_holds_the_suspect_and_the_place_and_nothing_of_the_reporter(
    chat, passphrase: str, language: str
) -> None:
    before = tickets_of(passphrase)
    person = chat.open(language)
    await person.says(OFFER)
    await person.presses("/report")
    await answers_all(person, {**WORDS, "report.narrative": NARRATIVE[language]})
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    sealed = to_bytes(ticket).decode()
    for mine in ("Петренко", "Petrenko", "380671112233", person.session.id):
        assert mine not in sealed, ticket.narrative
    values = {found.value.replace(" ", "") for found in ticket.identifiers}
    assert {"+380501234567", "@robota_pl", "+48601234567", "@andriy_work"} <= values
    assert ticket.place.country == "PL" and "Piotrkowska" in str(ticket.place.words)
    assert ticket.screening and ticket.signs and ticket.urgent


async def test_where_the_writer_is_stays_with_the_writer(chat, passphrase: str) -> None:
    before = tickets_of(passphrase)
    person = chat.open("en")
    await person.says(OFFER)
    await person.presses("/report")
    await answers_all(person, {}, writer="FI")
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    assert "FI" not in to_bytes(ticket).decode() and "Finland" not in to_bytes(ticket).decode()
