"""Five words are the same receipt as its digits; slips are put right or found, and no list holds a frightening word."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot import PROJECT_ROOT
from bot.knowledge.files import KnowledgeError
from bot.knowledge.receipt_words import load_receipt_words
from bot.privacy.receipt_words import in_words, is_nothing_else, parse, parse_words, plain
from bot.privacy.receipts import ReceiptError, grouped, new_code

LISTS = load_receipt_words(PROJECT_ROOT / "data")
CODES = st.builds(new_code)
LETTERS = {
    "de": re.compile("[A-Za-zÄÖÜäöü][a-zäöüß]{3,9}"),
    "en": re.compile("[a-z]{4,10}"),
    "pl": re.compile("[a-ząćęłńóśźż]{4,10}"),
    "ro": re.compile("[a-zăâîșț]{4,10}"),
    "ru": re.compile("[а-яё]{4,10}"),
    "uk": re.compile("(?:[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя]'?){4,10}"),
}
FRIGHTENING = re.compile(
    "victim|danger|weapon|safe|slave|prison|police|^kill|gun$|blood|rescue"
    "|жертв|небезпе|збро|^раб$|рабств|^тюрм|поліц|крові?$|опасн|оружи|тюрьм|кровь|полици|спасе|смерт|убий"
    "|^opfer|gefahr|waffe(?!l)|^sicher$|sklav|gefäng|polizei|^blut|rettung|rettet|^tot$|^tod(?!ay)|mord"
    "|ofiar|niebezp|^broń|bezpieczn|niewol|więzi|polic(?!z)|^krew$|ratun|śmier|zabi"
    "|victim|pericol|armă$|siguran|sclav|închiso|poliți|sânge$|salvar|moart|ucide",
    re.IGNORECASE,
)
LOOK_ALIKES = (
    str.maketrans("abceikmhoptxyu", "авсеікмнортхуи"),
    str.maketrans("авсеікмнортху", "abceikmhoptxy"),
)


@pytest.mark.parametrize("language", list(LISTS))
@settings(max_examples=50, deadline=None)
@given(code=CODES)
def test_words_and_digits_are_the_same_receipt(language: str, code: str) -> None:
    words = in_words(code, LISTS[language])
    assert len(words) == 5
    assert parse(" ".join(words), LISTS) == parse(grouped(code), LISTS) == code


@pytest.mark.parametrize("language", list(LISTS))
def test_however_the_words_are_written_they_are_read(language: str) -> None:
    code = new_code()
    words = in_words(code, LISTS[language])
    numbered = "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1))
    for typed in (", ".join(words).upper(), numbered, " - ".join(words), "«" + "; ".join(words).title() + "»."):
        assert parse_words(typed, LISTS) == code


def test_apostrophes_look_alikes_and_g_do_not_matter() -> None:
    lists = {"uk": tuple(LISTS["uk"])}
    with_marks = [word for word in LISTS["uk"] if "'" in word or "і" in word][:5]
    wanted = parse_words(" ".join(with_marks), lists)
    for mark in ("’", "ʼ", "`", ""):
        assert parse_words(" ".join(with_marks).replace("'", mark), lists) == wanted
    assert parse_words(" ".join(with_marks).replace("о", "o").replace("і", "i").replace("а", "a"), lists) == wanted


@pytest.mark.parametrize("language", ["de", "pl", "ro"])
def test_they_are_read_from_a_keyboard_without_the_language_s_letters(language: str) -> None:
    marked = [word for word in LISTS[language] if not word.isascii()][:40:8]
    wanted = parse_words(" ".join(marked), {language: LISTS[language]})
    assert parse_words(" ".join(map(plain, marked)), LISTS) == wanted
    assert all(plain(word).isascii() for word in marked)


def test_no_word_is_in_two_lists_in_whatever_way_it_is_written() -> None:
    """Else five words of one list, copied without a slip, could be another receipt in another list."""
    owner: dict[str, str] = {}
    for language, words in LISTS.items():
        for word in map(plain, words):
            for written in {word, *(word.translate(table) for table in LOOK_ALIKES)}:
                assert owner.setdefault(written, language) == language, (written, language)


def test_a_slip_in_one_language_is_not_read_in_its_neighbour() -> None:
    chance = random.Random(3)
    for _ in range(300):
        code, language = new_code(), chance.choice(["ru", "uk"])
        words = list(in_words(code, LISTS[language]))
        words[chance.randrange(5)] += "ъ"
        assert parse_words(" ".join(words), LISTS) == code


@pytest.mark.parametrize("language", list(LISTS))
def test_no_slip_of_the_hand_makes_one_word_into_another(language: str) -> None:
    words = [plain(word) for word in LISTS[language]]
    for at, word in enumerate(words):
        near = process.extractOne(word, words[at + 1 :], scorer=OSA.distance, score_cutoff=1)
        assert near is None, (word, near)


@pytest.mark.parametrize("language", list(LISTS))
def test_one_slip_is_put_right_or_refused_and_never_gives_another_receipt(language: str) -> None:
    chance, right = random.Random(7), 0
    for _ in range(150):
        code = new_code()
        words = list(in_words(code, LISTS[language]))
        place = chance.randrange(5)
        words[place] = slip(words[place], chance)
        try:
            assert parse_words(" ".join(words), LISTS) == code
            right += 1
        except ReceiptError as error:
            # A fixed sentence: some slips make a word of it, so that looking for them in it would mislead.
            assert str(error).startswith("One of the words is wrong")
    assert right > 120


def slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    other = chance.choice("оaеiнтr")
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


@pytest.mark.parametrize(
    "typed", ["", "apple", "apple pear plum cherry", "call me at once please now", "ні ні ні ні ні"]
)
def test_what_is_no_receipt_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ReceiptError) as caught:
        parse_words(typed, LISTS)
    assert not typed or typed not in str(caught.value)


def test_words_of_two_lists_are_no_receipt() -> None:
    with pytest.raises(ReceiptError, match="words is wrong"):
        parse_words(" ".join((*LISTS["en"][:3], *LISTS["uk"][:2])), LISTS)


@pytest.mark.parametrize("language", list(LISTS))
def test_the_words_are_plain_and_frighten_nobody(language: str) -> None:
    assert [word for word in LISTS[language] if not LETTERS[language].fullmatch(word)] == []
    assert [word for word in LISTS[language] if FRIGHTENING.search(word)] == []


@pytest.mark.parametrize("language", list(LISTS))
def test_only_what_is_nothing_but_a_receipt_goes_unread(language: str) -> None:
    words = list(in_words(new_code(), LISTS[language]))
    assert is_nothing_else(", ".join(words).upper(), LISTS) and is_nothing_else("123 456 789 01", LISTS)
    for said in ("112", "🆘🆘", "help me", "мене замкнули, рятуйте", " ".join(words[:4]), " ".join((*words, "help"))):
        assert not is_nothing_else(said, LISTS)
    assert not is_nothing_else(" ".join((*words[:4], "замкнули")), LISTS)


def test_the_first_and_the_last_word_never_change() -> None:
    """Known answers: a list that changes makes receipts in people's hands worthless."""
    assert {language: (words[0], words[1000], words[2047]) for language, words in LISTS.items()} == {
        "de": ("Abakus", "Landwirt", "Zypresse"),
        "en": ("abacus", "knead", "zucchini"),
        "pl": ("abażur", "odcinek", "żyzny"),
        "ro": ("abajur", "logică", "zvelt"),
        "ru": ("абажур", "огниво", "ящичек"),
        "uk": ("абетка", "матч", "ящірка"),
    }


def test_a_list_of_another_length_is_refused(tmp_path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "xx.txt").write_text("one\ntwo\ntwo\n")
    with pytest.raises(KnowledgeError, match="2048 different words: 2 are there"):
        load_receipt_words(tmp_path)
