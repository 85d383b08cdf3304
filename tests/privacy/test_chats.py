"""A pasted chat: "my number" is the number of whoever speaks, and one of them is the person who reports."""

import pytest

from bot.privacy.redact import Mode, Redactor
from tests.privacy.marks import read_marks

CHATS = [
    (
        "uk",
        "{person-Олена}: Добрий день, мене звати {person-Олена Петренко}, мій номер {phone-+380671112233}\n"
        "{person+Ігор}: Вітаю! Є робота в {place+Польщі}, 3000 євро, паспорт віддати водію\n"
        "{person-Олена}: Добре\n{person+Ігор}: Пишіть {phone+050 123 4567}",
    ),
    (
        "uk",
        "{person+Ігор}: Вітаю! Робота є, 3000 євро, потрібні дівчата. Пишіть мені {phone+050 123 4567}\n"
        "{person-Олена}: Добрий день, ось мій номер {phone-+380671112233}",
    ),
    (
        "uk",
        "Я: мій телефон {phone-+380671112233}, звати {person-Олена}\n"
        "Рекрутер: пропоную роботу, 3000 євро, мій номер {phone+050 123 4567}",
    ),
    (
        "uk",
        "{person-Олена}: привіт, ось ваш номер {phone+050 123 4567} правильний?\n"
        "{person+Ігор}: так, пишіть мені, є робота 3000 євро, {person-Олено}\n{person-Олена}: {phone-067 111 22 33}",
    ),
    (
        "ru",
        "Я: мой номер {phone-+380671112233}\n"
        "{person+Виктор}: мой телефон {phone+050 123 4567}, предлагаю работу, платим хорошо",
    ),
    (
        "en",
        "[12.11.2026, 10:11] {person-Olena Petrenko}: Hello, my number is {phone-+380671112233}\n"
        "[12.11.2026, 10:12] {person+Igor}: we are hiring, 3000 euro. My number is {phone+07400 123456}",
    ),
    (
        "en",
        "[10:11, 24.11.2026] {person-sunny_girl}: Hello, my number is {phone-+380671112233}\n"
        "[10:12, 24.11.2026] {person+Igor}: we are hiring, 3000 euro. My number is {phone+07400 123456}",
    ),
    (
        "en",
        "You: my number is {phone-+380671112233}\nSunny: my number is {phone+07400 123456}, we pay 3000 euro per month",
    ),
    (
        "pl",
        "Ja: mój numer {phone-512 345 678}\n"
        "{person+Marek}: mój telefon {phone+601 234 567}, oferuję pracę, 3000 zł, bez umowy",
    ),
    (
        "de",
        "Ich: meine Nummer ist {phone-01512 3456789}\n"
        "{person+Thomas}: meine Nummer ist {phone+01511 2345678}, wir bieten Arbeit, 3000 Euro im Monat",
    ),
    (
        "ro",
        "Eu: numărul meu este {phone-0721 234 567}\n"
        "{person+Mihai}: numărul meu este {phone+0712 034 567}, ofer muncă bună, 3000 euro pe lună",
    ),
]
LISTS = [
    ("uk", "Потрібні люди\nМенеджер: {phone+050 123 4567}\nВодій {person+Іван}: мій номер {phone+067 111 22 33}"),
    ("uk", "Зарплата: 3000 євро\nТелефон: мій {phone+050 123 4567}\nГрафік з 8:00 до 20:00"),
    ("en", "Pay: 3000 euro a month and free rooms\nCall me: {phone+07400 123456}"),
]  # fmt: skip


@pytest.mark.parametrize("language, marked", CHATS)
def test_only_the_recruiters_lines_keep_what_is_called_mine(redactor: Redactor, language: str, marked: str) -> None:
    _check(redactor, language, marked)


@pytest.mark.parametrize("language, marked", LISTS)
def test_labels_of_an_advertisement_are_no_speakers(redactor: Redactor, language: str, marked: str) -> None:
    _check(redactor, language, marked)


def test_where_nobody_recruits_what_anybody_calls_theirs_is_removed(redactor: Redactor) -> None:
    text = "Ігор: привіт, ось мій номер 050 123 4567\nОлена: а це мій номер +380671112233, вдалого дня"
    done = redactor.redact(text, "uk", mode=Mode.OFFER)
    assert "123 4567" not in done.text and "671112233" not in done.text


def test_in_own_words_a_chat_keeps_the_recruiters_number(redactor: Redactor) -> None:
    text, _ = read_marks(CHATS[0][1])
    done = redactor.redact(text, "uk", mode=Mode.OWN)
    assert "050 123 4567" in done.text and "671112233" not in done.text
    assert ("phone", "+380671112233") in done.own


def _check(redactor: Redactor, language: str, marked: str) -> None:
    text, marks = read_marks(marked)
    done = redactor.redact(text, language, mode=Mode.OFFER)
    assert [(text[span.start : span.end], span.type, span.kept) for span in done.spans] == marks
