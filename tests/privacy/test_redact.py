"""What is found in each country, and what holds for any text at all."""

import re

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot import PROJECT_ROOT
from bot.knowledge.countries import load_countries
from bot.knowledge.languages import load_languages
from bot.knowledge.redaction import load_redaction
from bot.privacy.documents import modules
from bot.privacy.redact import TYPES, Mode, Redaction, Redactor

DATA = PROJECT_ROOT / "data"
COUNTRIES = sorted(load_countries(DATA))
KNOWLEDGE = load_redaction(DATA)


def found(done: Redaction, text: str) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in done.spans]


@pytest.mark.parametrize("form", [PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966])
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_phone_of_every_country_is_found(redactor: Redactor, country: str, form: int) -> None:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    text = f"ok {phonenumbers.format_number(number, form)} ok"
    [span] = redactor.redact(text, "en", mode=Mode.OWN).spans
    assert (span.type, span.kept) == ("phone", False) and text[span.start : span.end] in text[2:-2]
    assert redactor.redact(text, "en", mode=Mode.OWN).text == "ok [phone] ok"


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_phone_in_national_form_is_found_behind_a_word_for_it(redactor: Redactor, country: str) -> None:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    text = f"my phone is {phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)}"
    assert redactor.redact(text, "en", mode=Mode.OWN).text == "my phone is [phone]"


@pytest.mark.parametrize(
    "country, kind, number",
    [
        ("UA", "tax_number", "3040040410"), ("PL", "id_number", "91081711602"), ("PL", "tax_number", "647-019-46-25"),
        ("DE", "tax_number", "52359647589"), ("AT", "id_number", "2653180984"), ("RO", "id_number", "2880514125468"),
        ("MD", "id_number", "1946524473957"), ("BG", "id_number", "8603150248"), ("CZ", "id_number", "855914/1470"),
        ("SK", "id_number", "815216/1809"), ("ES", "id_number", "33404612X"), ("ES", "id_number", "X4202710N"),
        ("IT", "tax_number", "TSTTST22A06H501J"), ("FR", "id_number", "293057587923465"),
        ("NL", "id_number", "014539226"),
        ("BE", "id_number", "70081513964"), ("DK", "id_number", "130585-9163"), ("SE", "id_number", "700314-2283"),
        ("FI", "id_number", "110689-586T"), ("LT", "id_number", "47103124609"), ("SI", "id_number", "1704998505713"),
        ("GR", "id_number", "13066528962"), ("PT", "tax_number", "264314930"), ("IE", "id_number", "4080544E"),
        ("AL", "tax_number", "J73080880T"), ("GB", "id_number", "7993218349"), ("PT", "id_number", "559538077ZZ8"),
        ("US", "id_number", "536-22-1234"),
    ],
)  # fmt: skip
def test_a_number_of_each_state_is_found(redactor: Redactor, country: str, kind: str, number: str) -> None:
    text = f"Our tax number {number}" if kind == "tax_number" else f"My document is {number}."
    assert (kind, number) in found(redactor.redact(text, "en", mode=Mode.OWN), text)


@pytest.mark.parametrize(
    "language, text, kind, shown",
    [
        ("uk", "паспорт серії АА 000123 забрали", "id_number", "АА 000123"),
        ("uk", "вул. Садова, буд. 12, кв. 5", "address", "вул. Садова, буд. 12, кв. 5"),
        ("uk", "індекс 01001", "address", "01001"),
        ("uk", "12.03.1994 року народження", "birth_date", "12.03.1994"),
        ("uk", "ПП «Тестова Зоря» шукає людей", "company", "ПП «Тестова Зоря»"),
        ("uk", "бус із номерами АА0001ВВ", "plate", "АА0001ВВ"),
        ("ru", "проспект Тестовый 15, кв. 3", "address", "проспект Тестовый 15, кв. 3"),
        ("ru", "дата рождения: 1 марта 1994", "birth_date", "1 марта 1994"),
        ("en", "born on March 12, 1994 there", "birth_date", "March 12, 1994"),
        ("en", "at 12 Garden Street, flat 3", "address", "12 Garden Street, flat 3"),
        ("en", "postcode: SW1A 1AA", "address", "SW1A 1AA"),
        ("en", "Testdream & Partners Ltd hired us", "company", "Testdream & Partners Ltd"),
        ("en", f"wallet 0x{1:040}", "wallet", f"0x{1:040}"),
        ("en", "we are at 50°27'00\"N 30°31'25\"E now", "coordinates", "50°27'00\"N 30°31'25\"E"),
        ("pl", "al. Testowa 5/7, 00-001 Warszawa", "address", "al. Testowa 5/7, 00-001 Warszawa"),
        ("pl", "ur. 12.03.1994 w Lublinie", "birth_date", "12.03.1994"),
        ("pl", "rejestracja WX 0001A", "plate", "WX 0001A"),
        ("pl", "numer konta 00 0000 0000 0000 0000 0000 0001", "iban", "00 0000 0000 0000 0000 0000 0001"),
        ("de", "Am Testplatz 5, 10115 Berlin", "address", "Am Testplatz 5, 10115 Berlin"),
        ("de", "geb. 12. März 1994", "birth_date", "12. März 1994"),
        ("de", "Kennzeichen M-XX 123", "plate", "M-XX 123"),
        ("ro", "bd. Testului nr. 5, bl. 3, ap. 12", "address", "bd. Testului nr. 5, bl. 3, ap. 12"),
        ("ro", "născut la 12 martie 1994", "birth_date", "12 martie 1994"),
        ("ro", "mașina B 001 XXX", "plate", "B 001 XXX"),
    ],
)  # fmt: skip
def test_what_each_language_words_differently_is_found(
    redactor: Redactor, language: str, text: str, kind: str, shown: str
) -> None:
    assert (kind, shown) in found(redactor.redact(text, language, mode=Mode.OFFER), text)


@pytest.mark.parametrize(
    "language, text",
    [
        ("uk", "Платять 3500 євро на місяць, 8-10 годин, з 01.02.2024 до 15.03.2024."),
        ("ru", "Зарплата 25 000 - 30 000 грн, смены по 12 часов, 2 раза в неделю."),
        ("en", "We pay 1200 EUR, 40 hours, from 01.02.2024, room 12, 3.5 stars, e.g. this one."),
        ("pl", "Stawka 28,50 zł za godzinę, 160 godzin, od 01.02.2024."),
        ("de", "Im Jahr 2016 gab es 1.500 Stellen, 12 Euro pro Stunde."),
        ("ro", "Plătim 5.000 lei pe lună, 8 ore, 5 zile din 7."),
        ("en", "I am tired and I do not know what to do."),
    ],
)
def test_ordinary_words_and_amounts_are_left_alone(redactor: Redactor, language: str, text: str) -> None:
    done = redactor.redact(text, language, mode=Mode.OWN)
    assert (done.text, done.spans) == (text, ())


@pytest.mark.parametrize("language", ["uk", "en"])
def test_numbers_hidden_by_invisible_characters_are_found(redactor: Redactor, language: str) -> None:
    assert redactor.redact("+380\u200b50\u200b123\u200b4567", language, mode=Mode.OWN).text == "[phone]"


CONTACTS = st.sampled_from(
    ["+380501234567", "anna.test@example.com", "@anna_test", "https://example.org/a", "DE09000000000000000001",
     "4111 1111 1111 1111", "91081711602", "Мене звати Олена", "my name is Anna", "його номер", "мій номер",
     "\n", " ", ". ", "his number ", "AA0001BB", "вул. Садова 5", "Olena Kovalenko"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(CONTACTS, st.text(max_size=12)), max_size=8).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["uk", "ru", "en", "pl", "de", "ro", "el"]), st.sampled_from(Mode))
@example("AA\U00017000", "uk", Mode.OWN)  # a letter that has no name
def test_spans_are_exact_and_the_text_is_the_input_with_marks(
    redactor: Redactor, text: str, language: str, mode: Mode
) -> None:
    done = redactor.redact(text, language, mode=mode)
    rebuilt, at = [], 0
    for span in done.spans:
        assert at <= span.start < span.end <= len(text) and span.type in TYPES
        shown = text[span.start : span.end]
        rebuilt += [text[at : span.start], shown if span.kept else f"[{span.type}]"]
        at = span.end
    assert "".join([*rebuilt, text[at:]]) == done.text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="абвгд xyz.,\n", max_size=20), st.text(alphabet="абвгд xyz.,\n", max_size=20))
def test_no_removed_value_survives(redactor: Redactor, before: str, after: str) -> None:
    text = f"{before} мій номер +380 50 123 4567, пишіть anna.test@example.com\n{after} anna.test@example.com {before}"
    done = redactor.redact(text, "uk", mode=Mode.OWN)
    for span in done.spans:
        assert span.kept or text[span.start : span.end] not in done.text
    assert "123 4567" not in done.text and "anna.test" not in done.text


@pytest.mark.parametrize("piece", ["A-", "my ", "(", "1 ", "№", "я ", "www.", "A.", "\n ", "мій номер ", "ул. ", "@a"])
def test_long_hostile_texts_take_no_time(redactor: Redactor, piece: str) -> None:
    from time import perf_counter

    started = perf_counter()
    redactor.redact((piece * 6000)[:6000], "uk", mode=Mode.OWN)
    assert perf_counter() - started < 3


def test_every_module_for_national_numbers_exists_and_every_country_has_some() -> None:
    assert modules(KNOWLEDGE.numbers.numbers) == []
    assert {entry.country for entry in KNOWLEDGE.numbers.numbers} >= set(COUNTRIES)
    assert set(KNOWLEDGE.numbers.plates) >= set(COUNTRIES)
    assert set(KNOWLEDGE.numbers.postcodes) >= set(COUNTRIES)


def test_the_words_of_the_languages_are_lower_case_and_known_to_the_product() -> None:
    assert set(KNOWLEDGE.languages) <= set(load_languages(DATA))
    for entry in KNOWLEDGE.languages.values():
        words = [word for _, value in entry if isinstance(value, tuple) for word in value]
        assert [word for word in words if word != word.lower()] == [], entry.language
        assert "true" not in words and "false" not in words, "quote the words that YAML reads as true or false"


def test_no_pattern_made_of_peoples_words_outlives_a_redaction(redactor: Redactor) -> None:
    text = "Мене звати Зореслава Петренко, мій телефон +380671112233. Зореслава, +380671112233."
    for mode in Mode:
        redactor.redact(text, "uk", mode=mode)
    held = [str(key) for key in re._cache]  # type: ignore[attr-defined]
    assert [key for key in held if "зореслава" in key.casefold() or "671112233" in key] == []


@pytest.mark.parametrize(
    "piece", ["Я: мій номер\nОлена: ок\n", "[12:01] A: b\n", "Ігор 12:01\n", "Олена +380671112233, "]
)
def test_long_chats_take_no_time(redactor: Redactor, piece: str) -> None:
    from time import perf_counter

    started = perf_counter()
    for mode in (Mode.OFFER, Mode.ANSWER):
        redactor.redact((piece * 6000)[:6000], "uk", mode=mode)
    assert perf_counter() - started < 6
