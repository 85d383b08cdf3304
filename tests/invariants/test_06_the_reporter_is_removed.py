"""Invariant 6: the reporter is removed, the suspect is kept, and the place of the offence is evidence."""

import pytest

from bot.reports.contact import Contact, Source
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


WHO = {
    "uk": "Мене звати Олена Петренко, мій телефон +380671112233, а він Ігор +380509998877",
    "ru": "Меня зовут Елена Петренко, мой телефон +380671112233, а он Игорь +380509998877",
    "en": "I am Olena Petrenko, my phone is +380671112233, he is Igor +380509998877",
    "pl": "Nazywam się Olena Petrenko, mój telefon +380671112233, a on to Igor +380509998877",
    "de": "Ich heiße Olena Petrenko, meine Nummer ist +380671112233, er heißt Igor, +380509998877",
    "ro": "Mă numesc Olena Petrenko, numărul meu este +380671112233, pe el îl cheamă Igor, +380509998877",
}
HOME = {
    "uk": "Я живу за адресою вул. Шевченка 5 кв 3, мій номер +380671112233",
    "en": "I live at 15 Peace Avenue, my number is +380671112233",
    "pl": "Mieszkam przy ul. Pokoju 15 m. 3, mój numer +380671112233",
}


@pytest.mark.parametrize("language", WHO)
async def test_the_reporter_leaves_the_answers_about_others(chat, passphrase: str, language: str) -> None:
    ticket = await _ticket(chat, passphrase, language, None, {
        "report.who": WHO[language], "report.place.words": HOME.get(language, HOME["en"]),
    })  # fmt: skip
    sealed = to_bytes(ticket).decode()
    for mine in ("Петренко", "Petrenko", "71112233", "Шевченка", "Peace Avenue", "Pokoju"):
        assert mine not in sealed, (ticket.with_whom, ticket.place.words)
    assert "+380509998877" in {found.value for found in ticket.identifiers}
    assert "+380509998877" in str(ticket.with_whom) and ("Igor" in sealed or "Ігор" in sealed or "Игорь" in sealed)


async def test_what_one_answer_calls_the_reporters_own_leaves_all_of_them(chat, passphrase: str) -> None:
    offer = (
        "Робота в Польщі без досвіду, 3000 євро. Паспорт віддати водію. Пишіть +380501234567\n"
        "Контактна особа від групи Олена Петренко, +380671112233, olena.p@example.com"
    )
    narrative = (
        "Мене звати Олена Петренко, мій телефон 067 111 22 33, моя пошта olena.p@example.com. Він просив мовчати."
    )
    ticket = await _ticket(chat, passphrase, "uk", offer, {
        "report.who": "Олена Петренко з 0671112233 дзвонила водію +380501234567", "report.narrative": narrative,
    })  # fmt: skip
    sealed = to_bytes(ticket).decode()
    for mine in ("Петренко", "Олена", "71112233", "111 22 33", "olena.p"):
        assert mine not in sealed, sealed
    assert "+380501234567" in {found.value for found in ticket.identifiers}
    assert "+380501234567" in str(ticket.offer) and "[phone]" in str(ticket.offer)


async def test_in_a_pasted_chat_the_line_says_whose_number_it_is(chat, passphrase: str) -> None:
    offer = (
        "Ігор: Вітаю! Робота в Польщі, 3000 євро, паспорт віддати водію. Мій номер +380501234567\n"
        "Олена: Добрий день, мене звати Олена Петренко, мій номер +380671112233"
    )
    ticket = await _ticket(chat, passphrase, "uk", offer, {})
    sealed = to_bytes(ticket).decode()
    for mine in ("Петренко", "Олена", "71112233"):
        assert mine not in sealed, sealed
    assert "Ігор" in str(ticket.offer)
    assert {"+380501234567"} <= {found.value for found in ticket.identifiers}


@pytest.mark.parametrize("language", NARRATIVE)
async def test_who_is_behind_a_forward_is_sent_only_where_it_was_put_in(chat, passphrase: str, language: str) -> None:
    friend = Contact(Source.ORIGIN, "person", "Solomiya", "telegram", "7001")
    suspect = Contact(Source.ORIGIN, "handle", "@igor_work", "telegram", "7002")
    mine = Contact(Source.CARD, "phone", "067 111 22 33")
    before = tickets_of(passphrase)
    person = chat.open(language)
    told = {"passed_on": True, "contacts": (friend, suspect, mine)}
    await person.talk.assistant.hear_out(person.session, OFFER, "m1", **told)
    await person.presses("/report")
    shown = await answers_all(person, {"report.narrative": NARRATIVE[language]})
    lines = [row for row in shown[-1]["preview"] if "add" in row]
    # What an answer calls the reporter's own is not even offered.
    assert [row["value"].split(" · ")[0] for row in lines] == ["Solomiya", "@igor_work"]
    await person.presses(person.session.buttons[lines[1]["add"]])
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    sealed = to_bytes(ticket).decode()
    assert "@igor_work" in {found.value for found in ticket.identifiers} and "7002" in sealed
    for kept_out in ("Solomiya", "7001", "111 22 33"):
        assert kept_out not in sealed


async def _ticket(chat, passphrase: str, language: str, offer, words: dict[str, str]):
    before = tickets_of(passphrase)
    person = chat.open(language)
    if offer:
        await person.says(offer)
        if person.slots.get("asked") == "material":
            await person.presses('/deny{"question": "material"}')
    await person.presses("/report")
    await answers_all(person, words)
    await presses(person, "affirm", "report.preview")
    [ticket] = [t for i, t in tickets_of(passphrase).items() if i not in before]
    return ticket
