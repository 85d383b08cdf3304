"""Dictionaries of Ukrainian and Russian word forms, read when they are first needed and then shared."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LANGUAGES = ("uk", "ru")


@dataclass(frozen=True)
class WordForms:
    """What the dictionary knows of one word form.

    `name`: some reading of it is a given name, surname or patronymic. `given`: some reading is a given name or
    a patronymic. `place`: some reading is a place's. `company`: some reading is an organisation's. `common`:
    some reading is an ordinary word. `grammatical`: some reading is a pronoun, preposition, conjunction or
    particle. `adjective`: some reading is an adjective. `verb`: it is nothing but a verb. `known`: the
    dictionary has the form; otherwise it is guessed by its end. `lemmas`: dictionary forms, in lower case.
    """

    name: bool
    given: bool
    place: bool
    company: bool
    common: bool
    grammatical: bool
    adjective: bool
    verb: bool
    known: bool
    lemmas: frozenset[str]


class Dictionary:
    """Looks words up for one text, each once; it goes with the text, so that no word outlives its session."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], WordForms] = {}

    def __call__(self, word: str, language: str) -> WordForms:
        """Return what the dictionary of `language` (`uk` or `ru`) knows of a word, whatever its case."""
        key = (word, language)
        if key not in self._seen:
            self._seen[key] = _word_forms(word, language)
        return self._seen[key]

    def likeliest(self, word: str, language: str) -> WordForms:
        """Return the forms in the text's own language, or in the other one where only that knows the word.

        Texts mix the two languages, and each dictionary lacks names that the other has.
        """
        first, second = ("uk", "ru") if language == "uk" else ("ru", "uk")
        own = self(word, first)
        other = own if own.known else self(word, second)
        return other if other.known else own


def _word_forms(word: str, language: str) -> WordForms:
    # pymorphy3 asks for the name of each letter, and fails where Unicode has none for it (Tangut, private use).
    parsed = _analyzer(language).parse(word) if all(unicodedata.name(letter, "") for letter in word) else []
    readings = [reading for reading in parsed if reading.score >= _LEAST_SCORE]
    tags = [reading.tag.grammemes for reading in readings]
    named = [bool({"Name", "Surn", "Patr"} & grammemes) for grammemes in tags]
    return WordForms(
        name=any(named),
        given=any({"Name", "Patr"} & grammemes for grammemes in tags),
        place=any("Geox" in grammemes for grammemes in tags),
        company=any({"Orgn", "Trad"} & grammemes for grammemes in tags),
        common=any(not name and not {"Geox", "Orgn", "Trad"} & tag for name, tag in zip(named, tags, strict=True)),
        grammatical=any({"NPRO", "PREP", "CONJ", "PRCL"} & grammemes for grammemes in tags),
        adjective=any("ADJF" in grammemes for grammemes in tags),
        verb=bool(tags) and all({"VERB", "INFN", "GRND"} & grammemes for grammemes in tags),
        known=any(reading.is_known for reading in readings),
        lemmas=frozenset(reading.normal_form for reading in readings),
    )


_LEAST_SCORE = 0.02
"""Readings that the corpus hardly ever saw are left out; the Ukrainian dictionary gives no such shares."""


@lru_cache(maxsize=2)
def _analyzer(language: str) -> Any:
    # Imported here: the dictionaries take 20 to 30 MB each, and most runs need one of them or none.
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang=language)
