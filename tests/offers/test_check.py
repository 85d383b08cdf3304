"""The check on real wording: signs with their exact words, and quiet where nothing is wrong."""

import pytest

from bot.offers.level import Level

SUSPICIOUS = [
    ("uk", "Забираємо документи одразу, віддамо після відпрацювання.", "J24"),
    ("en", "Hand in your ID when you arrive, the boss keeps it.", "J24"),
    ("ru", "Сначала отработаешь дорогу и жильё, потом будут деньги.", "J21"),
    ("pl", "Nie mów rodzinie, dokąd jedziesz, napiszesz z miejsca.", "J14"),
    ("de", "Zimmer gratis für eine Frau, dafür bist du nachts lieb zu mir.", "H2"),
    ("ro", "Copiii merg cu altă mașină, mamele cu a mea.", "T4"),
]
ORDINARY = [
    ("uk", "Потрібен пекар, офіційне оформлення, зарплата двічі на місяць, вул. Шевченка 5."),
    ("en", "Receptionist wanted, full training, contract before you start, apply on our website."),
    ("ru", "Сдаётся комната рядом с метро, договор, просмотр в любой день."),
    ("pl", "Magazynier, umowa o pracę, 32 zł za godzinę, bez opłat za rekrutację."),
    ("de", "Pflegekraft in Teilzeit, Tarifvertrag, Bewerbung an die Personalabteilung."),
    ("ro", "Autobuz Iași – Brașov, zilnic la ora opt, bilet la casă."),
]


@pytest.mark.parametrize("language, text, sign", SUSPICIOUS)
def test_a_stated_sign_is_found_with_its_words(services, language: str, text: str, sign: str) -> None:
    verdict = services.checker.check(text, language)
    found = {entry.sign: entry for entry in verdict.signs}
    assert sign in found, list(found)
    for evidence in found[sign].evidence:
        assert text[evidence.start : evidence.end] == evidence.text and evidence.text.strip()


@pytest.mark.parametrize("language, text", ORDINARY)
def test_an_ordinary_offer_is_not_flagged(services, language: str, text: str) -> None:
    assert services.checker.check(text, language).level not in (Level.HIGH, Level.ELEVATED)


def test_disguised_letters_hide_nothing(services) -> None:
    plain = "Паспорт залишиться у нас до кінця контракту"
    disguised = "Пacпopт зaлишиться y нac дo кiнця кoнтpaкту"
    assert {s.sign for s in services.checker.check(disguised, "uk").signs} >= {
        s.sign for s in services.checker.check(plain, "uk").signs if s.sign == "J24"
    }


def test_no_sign_is_shown_without_evidence(services) -> None:
    for language, text, _ in SUSPICIOUS:
        assert all(entry.evidence for entry in services.checker.check(text, language).signs)


@pytest.mark.parametrize("text", ["", " ", "😀", "\n\n", "...", "1"])
def test_a_text_without_words_has_no_signs(services, text: str) -> None:
    verdict = services.checker.check(text, "uk")
    assert verdict.signs == () and verdict.level is Level.NONE_FOUND
