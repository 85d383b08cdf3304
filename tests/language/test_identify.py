"""Languages are told apart, whatever they are typed with; strangers are said to be strangers."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import PROJECT_ROOT
from bot.conversation.heard import Certainty
from bot.knowledge.transliterations import load_transliterations
from bot.language.grams import ORDERS, pieces, table_of, weighted_pieces
from bot.language.identify import LanguageModel
from bot.language.word_lists import transliterated, words_of
from bot.runtime.turns import heard_in

SENTENCES = [
    ("uk", "Підкажіть, будь ласка, як перевірити цю роботу?"),
    ("ru", "Подскажите, пожалуйста, как проверить эту работу?"),
    ("en", "Could you please tell me how to check this job?"),
    ("pl", "Proszę powiedzieć, jak sprawdzić tę ofertę pracy?"),
    ("ro", "Spuneți-mi, vă rog, cum pot verifica acest loc de muncă?"),
    ("de", "Können Sie mir bitte sagen, wie ich diese Stelle prüfe?"),
    ("cs", "Můžete mi prosím říct, jak si tuhle práci ověřím?"),
    ("sk", "Môžete mi prosím povedať, ako si túto prácu overím?"),
    ("hu", "Meg tudná mondani, hogyan ellenőrizzem ezt az állást?"),
    ("bg", "Можете ли да ми кажете как да проверя тази работа?"),
    ("el", "Μπορείτε να μου πείτε πώς να ελέγξω αυτή τη δουλειά;"),
    ("it", "Può dirmi come verifico questo lavoro, per favore?"),
    ("es", "¿Me puede decir cómo compruebo este trabajo, por favor?"),
    ("pt", "Pode dizer-me como verifico este trabalho, por favor?"),
    ("fr", "Pouvez-vous me dire comment vérifier ce travail ?"),
    ("nl", "Kunt u mij zeggen hoe ik dit werk kan nakijken?"),
    ("da", "Kan du sige mig, hvordan jeg tjekker det her arbejde?"),
    ("sv", "Kan du säga mig hur jag kollar det här jobbet?"),
    ("fi", "Voitteko kertoa, miten tarkistan tämän työpaikan?"),
    ("lt", "Ar galite pasakyti, kaip man patikrinti šį darbą?"),
    ("sl", "Mi lahko prosim poveste, kako preverim to delo?"),
    ("sq", "A mund të më thoni si ta kontrolloj këtë punë?"),
]
LATIN = ["Pidkazhit bud laska yak pereviryty tsyu robotu", "dobryj den ja z ukrajiny", "mene zvaty olena a vas",
         "pryvit scho robyty z cym oholoshennyam"]  # fmt: skip
STRANGERS = [
    ("be", "Скажыце, калі ласка, як мне праверыць гэтую працу ў горадзе"),
    ("kk", "Бұл жұмысты қалай тексеруге болатынын айтыңызшы"),
    ("sr", "Како могу да проверим овај посао, молим вас реците ми нешто"),
    ("hr", "Možete li mi reći kako mogu provjeriti ovaj posao, molim vas lijepo"),
    ("lv", "Vai jūs varat pateikt, kā es varu pārbaudīt šo darbu, lūdzu"),
    ("et", "Kas te saaksite mulle öelda, kuidas seda tööpakkumist kontrollida"),
    ("tr", "Bu işi nasıl kontrol edebileceğimi söyler misiniz lütfen"),
    ("ar", "كيف يمكنني التحقق من هذه الوظيفة"),
    ("hi", "मैं इस नौकरी की जाँच कैसे करूँ"),
    ("ka", "როგორ შევამოწმო ეს სამუშაო"),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES)
def test_a_sentence_is_known_in_every_language(services, language: str, text: str) -> None:
    found = services.identifier.identify(text)
    assert (found.language, found.supported) == (language, True)


@pytest.mark.parametrize("text", LATIN)
def test_ukrainian_in_latin_letters_is_ukrainian(services, text: str) -> None:
    assert services.identifier.identify(text).language == "uk"


@pytest.mark.parametrize(("language", "text"), STRANGERS)
def test_strangers_are_told(services, language: str, text: str) -> None:
    found = services.identifier.identify(text)
    assert not found.supported
    assert found.language in services.identifier.codes


@pytest.mark.parametrize("text", ["", "   ", "123 456", "👍", "http://example.org/kak"])
def test_what_has_no_words_is_in_the_language_that_was_expected(services, text: str) -> None:
    found = services.identifier.identify(text, {"pl": 0.6})
    assert (found.language, found.confidence, found.supported) == ("pl", 0.0, False)


@pytest.mark.parametrize(("word", "expected"), [("tak", "pl"), ("tak", "uk"), ("no", "es"), ("да", "bg"), ("да", "ru")])
def test_a_word_of_several_languages_is_in_the_one_that_is_spoken_already(services, word: str, expected: str) -> None:
    assert services.identifier.identify(word, {expected: 0.9}).language == expected


@pytest.mark.parametrize("current", ["en", "pl", "uk"])
def test_one_short_message_is_no_reason_to_change_the_language(services, current: str) -> None:
    for text in ("ok", "ja", "no no", "tak", "super"):
        heard = heard_in(services, text, current)
        assert heard is None or heard.language == current or heard.certainty is not Certainty.SURE


@given(st.text(st.characters(whitelist_categories=("Ll", "Lo")), min_size=1, max_size=12))
def test_a_word_has_the_same_pieces_alone_and_in_a_list(word: str) -> None:
    alone = set(pieces(word).tolist())
    listed = {int(hashed) for order in ORDERS for hashed in weighted_pieces({word: 1.0}, order)[0]} if word else set()
    assert alone == listed


def test_a_table_sums_what_each_voice_has() -> None:
    table = table_of([
        (np.array([5, 9], np.uint32), np.array([10, 20], np.uint8)),
        (np.array([9, 11], np.uint32), np.array([1, 2], np.uint8)),
    ])  # fmt: skip
    sums, known = table.sums(np.array([9, 11, 12], np.uint32), 2)
    assert (sums.tolist(), known) == ([20.0, 3.0], 2)


def test_a_model_is_the_same_after_it_was_stored(services, tmp_path: Path) -> None:
    model = services.identifier._model
    model.save(tmp_path / "language.npz")
    again = LanguageModel.load(tmp_path / "language.npz")
    assert (again.voices, again.own, again.foreign) == (model.voices, model.own, model.foreign)
    assert np.array_equal(again.pieces.keys, model.pieces.keys)


def test_words_are_typed_in_every_way_at_once() -> None:
    schemes = load_transliterations(PROJECT_ROOT / "data").languages["uk"]
    typed = transliterated({"щука": 0.5}, schemes)
    assert {"shchuka", "schuka", "ščuka", "szczuka"} <= set(typed)


def test_an_apostrophe_does_not_cut_a_word() -> None:
    assert words_of("Дев'ять п’ять l'eau") == ["девять", "пять", "leau"]
