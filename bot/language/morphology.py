"""Dictionaries of Ukrainian and Russian word forms, read when they are first needed and then shared."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LANGUAGES = ("uk", "ru")


@dataclass(frozen=True)
class WordForms:
    """What the dictionary knows of one word form.

    `name`: some reading of it is a given name, surname or patronymic. `given`: some reading is a given name or
    a patronymic. `place`: some reading is a place's. `company`: some reading is an organisation's. `common`:
    some reading is an ordinary word. `grammatical`: some reading is a pronoun,
    preposition, conjunction or particle. `adjective`: some reading is an adjective. `known`: the dictionary has the form; otherwise it is guessed by its end.
    `lemmas`: dictionary forms, in lower case.
    """

    name: bool
    given: bool
    place: bool
    company: bool
    common: bool
    grammatical: bool
    adjective: bool
    known: bool
    lemmas: frozenset[str]


def word_forms(word: str, language: str) -> WordForms:
    """Return what the dictionary of `language` (`uk` or `ru`) knows of a word, whatever its case.

    Nothing is cached: people's words must not outlive their session.
    """
    readings = [reading for reading in _analyzer(language).parse(word) if reading.score >= _LEAST_SCORE]
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
