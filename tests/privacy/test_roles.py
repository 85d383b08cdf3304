"""Whose something is decides: the reporter is removed, the suspect is kept."""

import pytest

from bot.privacy.redact import Mode, Redactor
from tests.privacy.marks import read_marks

OWN = [
    # uk
    ("uk", "Привіт, я {person-Оксана}. Шукала роботу, знайшла {person-Марека}, він поляк, тел {phone+512 345 678}"),
    ("uk", "Можете набрати мене на {phone-050 123 4567} після шостої"),
    ("uk", "Хлопець на ім'я {person+Артур} скинув свій інстаграм {handle+@test.artur}"),
    ("uk", "Начальник {person+Степан Гнатюк} тримає мій паспорт {id_number-FX000123}"),
    ("uk", "Мене звуть {person-Надія Бойко}, дата народження {birth_date-01.02.1999}"),
    ("uk", "Ось її номер: {phone+0 800 123 456}, звати {person+Лариса}"),
    ("uk", "Моя подруга {person-Аліна} працює там, телефон подруги {phone-050 123 4567}"),
    ("uk", "Кошти просили кинути на {iban+UA620000000000000000000000001}"),
    ("uk", "Мій рахунок {iban-UA620000000000000000000000001}, вони його хотіли"),
    ("uk", "Проживаю за адресою {address-просп. Миру 15, кв. 3}, тут безпечно"),
    ("uk", "Дівчат тримають на {address+вул. Лісова, 9}, це {place+Одеса}"),
    ("uk", "Він мене обманув, передзвоніть будь ласка {phone-050 123 4567}"),
    ("uk", "Рекрутер питав мої дані: {person-Олена Бойко}, {phone-050 123 4567}"),
    # ru
    ("ru", "Он меня обманул, перезвоните пожалуйста {phone-050 123 4567}"),
    ("ru", "Это {person-Наталья}, мой ватсап {phone-+380 50 123 4567}"),
    ("ru", "Парень по имени {person+Артур} скинул свой инстаграм {handle+@test.artur}"),
    ("ru", "Хозяйка {person+Лариса Петровна} забрала мой паспорт {id_number-FX000123}"),
    ("ru", "Вот её номер: {phone+050 123 4567}, зовут {person+Лариса}"),
    ("ru", "Моя подруга {person-Алина} работает там, телефон подруги {phone-050 123 4567}"),
    ("ru", "Деньги просили скинуть на {iban+UA620000000000000000000000001}"),
    ("ru", "Проживаю по адресу {address-ул. Мира 15, кв. 3}"),
    # en
    ("en", "This is {person-Natalia}, you can text me on {phone-07400 123456}"),
    ("en", "A man named {person+Artur} gave me his instagram {handle+@test.artur}"),
    ("en", "Mr {person+Collins} keeps my passport {id_number-FX000123}"),
    ("en", "Her number: {phone+07400 123456}, her name is {person+Larisa}"),
    ("en", "My friend {person-Alina} works there, my friend's phone is {phone-07400 123456}"),
    ("en", "They asked me to send money to {iban+GB85AAAA00000000000001}"),
    ("en", "My address is {address-15 Peace Avenue} and I am scared"),
    ("en", "The girls are kept at {address+9 Forest Road} in {place+Odesa}"),
    ("en", "{phone+07400 123456} is the number of the recruiter"),
    ("en", "Reach me at {email-natalia.test@example.com}, the landlord is {email+rooms@example.org}"),
    ("en", "He lied to me, please call back {phone-07400 123456}"),
    ("en", "hi im {person-anna} my phone is {phone-07400123456} the guy is called {person+Mike}"),
    # pl
    ("pl", "On mnie oszukał, proszę dzwonić {phone-512 345 678}"),
    ("pl", "Z tej strony {person-Natalia}, mój whatsapp {phone-512 345 678}"),
    ("pl", "Facet o imieniu {person+Artur} wysłał swój instagram {handle+@test.artur}"),
    ("pl", "Pani {person+Wiśniewska} trzyma mój paszport {id_number-FX000123}"),
    ("pl", "To jest jej numer: {phone+512 345 678}, nazywa się {person+Larysa}"),
    ("pl", "Moja koleżanka {person-Alina} tam pracuje, telefon koleżanki {phone-512 345 678}"),
    ("pl", "Kazali przelać pieniądze na {iban+PL74000000000000000000000001}"),
    ("pl", "Mój adres: {address-ul. Pokoju 15 m. 3}"),
    # de
    ("de", "Hier ist {person-Natalia}, mein WhatsApp ist {phone-01512 3456789}"),
    ("de", "Ein Mann namens {person+Artur} gab mir sein Instagram {handle+@test.artur}"),
    ("de", "Frau {person+Schneider} hat meinen Reisepass {id_number-C01X00T47}"),
    ("de", "Das ist ihre Nummer: {phone+01512 3456789}, sie heißt {person+Larissa}"),
    ("de", "Meine Freundin {person-Alina} arbeitet dort, die Nummer meiner Freundin ist {phone-01512 3456789}"),
    ("de", "Ich soll Geld auf {iban+DE09000000000000000001} überweisen"),
    ("de", "Meine Adresse ist {address-Friedensstraße 15}"),
    ("de", "Er hat mich betrogen, bitte rufen Sie zurück {phone-01512 3456789}"),
    # ro
    ("ro", "El m-a mințit, vă rog sunați {phone-0712 034 567}"),
    ("ro", "Eu sunt {person-Natalia}, whatsappul meu: {phone-0712 034 567}"),
    ("ro", "Un bărbat pe nume {person+Artur} mi-a dat instagramul lui {handle+@test.artur}"),
    ("ro", "Doamna {person+Popescu} are pașaportul meu {id_number-05000123}"),
    ("ro", "Acesta e numărul ei: {phone+0712 034 567}, o cheamă {person+Larisa}"),
    ("ro", "Prietena mea {person-Alina} lucrează acolo, telefonul prietenei {phone-0712 034 567}"),
    ("ro", "Mi-au cerut să trimit bani în contul {iban+RO38AAAA0000000000000001}"),
    ("ro", "Adresa mea este {address-str. Păcii nr. 15}"),
]
OFFER = [
    ("uk", "Шановна {person-Оксано}, чекаємо вас. Контакт: {phone+050 123 4567}, {person+Іван}"),
    ("uk", "Ваш номер {phone-050 123 4567} нам дали знайомі"),
    ("ru", "Привет, {person-Алина}! Есть работа, мой номер {phone+050 123 4567}"),
    ("en", "Dear {person-Natalia}, contact our manager {person+Peter}: {email+jobs@example.org}"),
    ("en", "Hello, I am {person+Viktor}, HR manager, call me at {phone+07400 123456}"),
    ("pl", "Cześć {person-Natalia}, dzwoń do szefa: {phone+512 345 678}"),
    ("de", "Liebe {person-Natalia}, melde dich bei {person+Thomas}: {phone+01512 3456789}"),
    ("ro", "Dragă {person-Natalia}, sună la {phone+0712 034 567}"),
]


@pytest.mark.parametrize("language, marked", OWN)
def test_in_own_words_the_writer_is_removed_and_others_are_kept(redactor: Redactor, language: str, marked: str) -> None:
    _check(redactor, language, marked, Mode.OWN)


@pytest.mark.parametrize("language, marked", OFFER)
def test_an_offer_keeps_its_contacts_and_loses_its_reader(redactor: Redactor, language: str, marked: str) -> None:
    _check(redactor, language, marked, Mode.OFFER)


def _check(redactor: Redactor, language: str, marked: str, mode: Mode) -> None:
    text, marks = read_marks(marked)
    done = redactor.redact(text, language, mode=mode)
    found = [(text[span.start : span.end], span.type, span.kept) for span in done.spans]
    assert found == marks
    assert all((value in done.text) is kept for value, _, kept in marks)


def test_one_name_has_one_role_wherever_it_stands(redactor: Redactor) -> None:
    done = redactor.redact("Рекрутер Андрій обіцяв багато. Потім Андрія я не бачила.", "uk", mode=Mode.OWN)
    assert [span.kept for span in done.spans] == [True, True]
    done = redactor.redact("Мене звати Олена. Чому він кричить на Олену?", "uk", mode=Mode.OWN)
    assert "Олен" not in done.text


def test_a_removed_value_is_removed_everywhere(redactor: Redactor) -> None:
    text = "My email is anna.test@example.com. The boss wrote to anna.test@example.com from https://example.org"
    assert "anna.test" not in redactor.redact(text, "en", mode=Mode.OWN).text


ANSWER = [
    ("uk", "Мене звати {person-Олена Бойко}, мій тел {phone-+380671112233}, він {person+Ігор} {phone+050 999 88 77}"),
    ("uk", "Я живу за адресою {address-вул. Шевченка 5 кв 3}, мій номер {phone-+380671112233}"),
    ("uk", "Мій телефон {phone-+380671112233}, {person+Ігор} дзвонив з {phone+050 123 4567}"),
    ("uk", "{person+Ігор Бойко}, {phone+050 123 4567}, {handle+@test_work}"),
    ("ru", "мой номер {phone-+380671112233}, его зовут {person+Игорь}"),
    ("ru", "Меня зовут {person-Елена Петренко}, а он {person+Игорь} {phone+050 123 4567}"),
    ("ru", "Я живу по адресу {address-ул. Мира 15, кв. 3}"),
    ("en", "I am {person-Olena}, my phone is {phone-+380671112233}, he is {person+Igor} {phone+07400 123456}"),
    ("en", "call me at {phone-+380671112233}, the boss is {person+Igor}"),
    ("en", "I live at {address-15 Peace Avenue}, the girls are at {address+9 Forest Road}"),
    ("pl", "Mój telefon {phone-512 345 678}, on nazywa się {person+Igor}"),
    ("pl", "Nazywam się {person-Olena Nowak}, a on to {person+Igor Kowalski}, {phone+601 234 567}"),
    ("pl", "Mieszkam przy {address-ul. Pokoju 15 m. 3}, oni są na {address+ul. Leśnej 9}"),
    ("de", "Meine Nummer ist {phone-+4915112345678}, er heißt {person+Igor}"),
    ("de", "Ich heiße {person-Olena Petrenko}, er heißt {person+Igor Weber}, seine Nummer ist {phone+01512 3456789}"),
    ("de", "Ich wohne in der {address-Friedensstraße 15}, sie halten sie in der {address+Waldstraße 9} fest"),
    ("ro", "Numărul meu este {phone-+40721234567}, el este {person+Igor}"),
    ("ro", "Mă numesc {person-Olena Petrenko}, pe el îl cheamă {person+Igor}, {phone+0712 034 567}"),
    ("ro", "Locuiesc pe {address-str. Păcii nr. 15}"),
]  # fmt: skip


@pytest.mark.parametrize("language, marked", ANSWER)
def test_an_answer_about_others_keeps_them_and_loses_the_writer(redactor: Redactor, language: str, marked: str) -> None:
    _check(redactor, language, marked, Mode.ANSWER)


def test_what_is_only_doubtful_is_not_called_the_writers_own(redactor: Redactor) -> None:
    done = redactor.redact("Я дзвонила на 050 123 4567. Мій номер +380671112233.", "uk", mode=Mode.OWN)
    assert done.own == (("phone", "+380671112233"),)
    assert "123 4567" not in done.text
