"""Invariant 9: under 18, or unsure, means four taps, children's lines, and no scoring; offers ask no age."""

import pytest

from tests.reporting import NARRATIVE, OFFER, answers_all, presses, tickets_of


@pytest.mark.parametrize("language", NARRATIVE)
@pytest.mark.parametrize("age", ["child", "unsure"])
async def test_a_child_gets_four_taps_and_no_scoring(chat, passphrase: str, language: str, age: str) -> None:
    before = tickets_of(passphrase)
    person = chat.open(language)
    await person.says(OFFER)
    await person.presses("/report")
    asked = []
    first = ("report.safe", "report.shared", "report.about_whom", "report.place.country", "report.writer")
    answers = {"report.safe": "yes", "report.shared": "no", "report.about_whom": "someone_i_know"}
    for question in first:
        await presses(person, "affirm", question, answers.get(question, "PL"))
    replies = await presses(person, "affirm", "report.age", age)
    assert any("lines" in reply or "116" in str(reply) or "112" in str(reply) for reply in replies)
    while person.slots["asked"] not in ("report.preview", "report.staff", "report.statistics"):
        asked.append(person.slots["asked"])
        values = {"report.when.moment": "now", "report.people_now": "1", "report.with_whom": "stranger"}
        await presses(person, "affirm", person.slots["asked"], values[person.slots["asked"]])
    assert asked == ["report.when.moment", "report.people_now", "report.with_whom"]
    await answers_all(person)
    sent = await presses(person, "affirm", "report.preview")
    assert person.slots.get("asked") is None and sent
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    assert ticket.urgent and ticket.form.value == "child"
    assert not (ticket.screening or ticket.ilo_class or ticket.level or ticket.signs)
    assert not (ticket.narrative or ticket.offer or ticket.identifiers or ticket.answers)


async def test_no_age_is_asked_about_an_offer(chat) -> None:
    person = chat.open("en")
    await person.says(OFFER)
    await person.presses("/report")
    asked = set()
    while person.slots["asked"] != "report.preview":
        asked.add(person.slots["asked"])
        await answers_one(person)
    assert "report.age" not in asked and "report.writer" not in asked


async def answers_one(person) -> None:
    codes = {"report.safe": "yes", "report.about_whom": "offer_only"}
    question = person.slots["asked"]
    if question in codes:
        await presses(person, "affirm", question, codes[question])
    else:
        await presses(person, "skip", question)
