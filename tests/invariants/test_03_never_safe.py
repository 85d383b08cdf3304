"""Invariant 3: nothing found is never "safe", and reassuring words never lower a level."""

import re

import pytest

from bot.offers.level import Level

REASSURING = {
    "uk": "Все офіційно й перевірено. Договір підписуємо до виїзду, паспорт залишається у вас, жодних оплат.",
    "en": "Everything is official and checked. Contract before travel, you keep your passport, no fees at all.",
    "ru": "Всё официально и проверено. Договор до выезда, паспорт остаётся у вас, никаких оплат.",
    "pl": "Wszystko legalnie i sprawdzone. Umowa przed wyjazdem, paszport zostaje u ciebie, żadnych opłat.",
    "de": "Alles offiziell und geprüft. Vertrag vor der Abreise, der Pass bleibt bei dir, keine Gebühren.",
    "ro": "Totul este oficial și verificat. Contract înainte de plecare, pașaportul rămâne la tine, fără taxe.",
}
ORDER = [Level.NONE_FOUND, Level.NOT_ENOUGH, Level.ELEVATED, Level.HIGH]
BANNED = {
    "en": r"\bsafe(ly|ty)?\b|\btrustworthy|\bnothing to worry",
    "uk": r"безпечн",
    "ru": r"безопасн",
    "pl": r"bezpieczn",
    "de": r"\bsicher(e|er|es|en)?\b|unbedenklich",
    "ro": r"\bsigur[ăe]?\b|în siguranță",
}


@pytest.mark.parametrize("language", REASSURING)
def test_reassuring_words_around_an_offer_never_lower_its_level(services, language: str) -> None:
    phrases = services.knowledge.catalogue.languages[language].signs
    for sign in ("J24", "J20", "J7", "H2", "T6"):
        offer = phrases[sign].phrases[0]
        alone = services.checker.check(offer, language).level
        padded = services.checker.check(f"{REASSURING[language]} {offer}\n{REASSURING[language]}", language).level
        assert ORDER.index(padded) >= ORDER.index(alone) or alone is Level.NOT_ENOUGH, (sign, offer)


@pytest.mark.parametrize("language", BANNED)
def test_no_text_of_a_level_card_or_step_says_or_implies_it(services, language: str) -> None:
    texts = services.texts
    shown = {
        identifier: text
        for domain in ("signs", "chat", "page")
        for identifier, text in texts.all_of(domain, language).items()
    }
    assert [i for i, text in shown.items() if re.search(BANNED[language], text, re.IGNORECASE)] == []


def test_none_found_says_that_it_is_no_guarantee(services) -> None:
    assert "not a guarantee" in services.texts.get("signs", "summary.none_found", "en")
    assert "not a guarantee" in services.texts.get("chat", "utter_next_none_found", "en")


def test_weak_signs_are_shown_even_when_the_level_is_low(services) -> None:
    from bot.offers.card import render

    verdict = services.checker.check("Робота на складі в Польщі, писати тільки в телеграм @robota_sklad", "uk")
    card = render(verdict, services.knowledge.catalogue, services.texts, "uk")
    assert {sign["id"] for sign in card["signs"]} >= {"J9"}
