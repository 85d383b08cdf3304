"""How much it weighs that several tickets name one identifier: tickets, independent texts, accepted ones."""

from dataclasses import replace
from datetime import timedelta

from bot.reports.identifiers import Lead
from bot.reports.links import Linked, independent, is_copy, linked, links, shingles
from bot.reports.ticket import Form, Ticket
from tests.reports.tickets import NOW

ADVERT = (
    "Робота в Польщі без досвіду, 3000 євро на місяць, житло безкоштовно. Виїзд завтра, паспорт віддати водію. "
    "Пишіть Сергію, місць мало, телефонувати не треба"
)
OWN_WORDS = "Цей чоловік забрав мою сестру до готелю і не дає їй дзвонити додому вже другий тиждень"
PHONE, HANDLE = Lead("phone", "+380501234567"), Lead("handle", "robota_pl")


def a(id: str, text: str = ADVERT, state: str = "new", minutes: int = 0) -> Linked:
    return linked(id, Ticket(created=NOW + timedelta(minutes=minutes), offer=text), state)


def test_an_advert_that_was_passed_on_is_one_text() -> None:
    changed = (
        ADVERT.upper(),
        ADVERT.replace("о", "o").replace("а", "a"),
        ADVERT + " Увага, мені це прислала подруга, вона вже їде!",
        ADVERT.replace("3000 євро", "3500 €").replace("Сергію", "Олегу"),
        ADVERT[: len(ADVERT) * 2 // 3],
    )
    for text in changed:
        assert is_copy(shingles(ADVERT), shingles(text)), text
    assert independent([a("1"), *(a(text, text) for text in changed)]) == 1


def test_two_who_tell_of_the_same_phone_in_their_own_words_are_two() -> None:
    other = "Моя подруга поїхала на роботу до складу, а там у неї забрали документи й не платять"
    assert independent([a("1"), a("2", OWN_WORDS), a("3", other), a("4", OWN_WORDS + "!")]) == 3


def test_a_ticket_without_words_is_no_independent_text() -> None:
    child = linked("1", Ticket(created=NOW, form=Form.CHILD, age="child"), "new")
    assert independent([child]) == 0 and independent([child, a("2")]) == 1


def test_a_link_names_its_reason() -> None:
    tickets = [a("2", minutes=1, state="accepted"), a("1"), a("3", OWN_WORDS, minutes=2)]
    [link] = links({PHONE: tickets})
    assert str(link) == "3 tickets, 2 independent texts, 1 accepted: phone +380501234567"
    assert link.tickets == ("1", "2", "3")


def test_links_with_the_most_independent_texts_come_first_and_one_ticket_makes_none() -> None:
    alone, copies = [a("1")], [a("1"), a("2"), a("3")]
    found = links({PHONE: copies, HANDLE: [a("1"), a("4", OWN_WORDS)], Lead("email", "a@b.c"): alone})
    assert [link.lead for link in found] == [HANDLE, PHONE]
    assert str(found[1]).startswith("3 tickets, 1 independent text, 0 accepted")


def test_the_order_in_which_tickets_are_given_changes_nothing() -> None:
    tickets = [a(str(n), ADVERT[n * 3 :] + OWN_WORDS[: n * 9], minutes=n) for n in range(8)]
    assert links({PHONE: tickets}) == links({PHONE: tickets[::-1]})
    assert replace(links({PHONE: tickets})[0], lead=HANDLE) == links({HANDLE: tickets})[0]
