"""How often words are used in a language: wordfreq where it knows the language, simplemma's dictionary where not.

wordfreq (R. Speer, 2022) counts words in books, subtitles, news and the web. simplemma (A. Barbaresi, 2021) knows the
forms of words but not how often they are used. Both are read in training only.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from bot.knowledge.transliterations import Scheme

UNCOUNTED = ("sq",)
"""Languages of the product whose words wordfreq does not count."""
MOST = 200_000
"""Words a language, the most frequent ones."""
_TRANSLITERATED = 30_000
_UNKNOWN_SHARE = 1e-5
"""The share of all words that a word has whose frequency nobody counted."""
_FEW = 100_000
"""Words below which a language's list is filled up from its dictionary."""
_RARE = 5e-9
"""The share of a word that a counted list does not have."""
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile("['’ʼ`]")


def words_of(text: str) -> list[str]:
    """Return the words of a text, in lower case; an apostrophe inside a word is left out."""
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()))


def frequencies(code: str, own_texts: Iterable[str], *, fill: bool) -> Mapping[str, float]:
    """Return the words of a language and the share of all words that each has, the most frequent first.

    Args:
        code: the language, as wordfreq or else simplemma calls it.
        own_texts: texts in it, whose counts stand in where no one else has counted.
        fill: whether a short list is filled up from the dictionary.
    """
    from wordfreq import available_languages, get_frequency_dict

    if code not in available_languages("best"):
        found = dict.fromkeys(_dictionary(code), _UNKNOWN_SHARE) | _counted(own_texts)
    else:
        # It holds the most frequent ones first.
        found = _joined(dict(islice(get_frequency_dict(code, "best").items(), MOST)))
        if fill and len(found) < _FEW:
            found = dict.fromkeys(_dictionary(code), _RARE) | found
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[:MOST])


def _joined(counted: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for entry, share in counted.items():
        words = words_of(entry)
        if len(words) == 1:
            found[words[0]] = max(found.get(words[0], 0.0), share)
    return found


def _dictionary(code: str) -> list[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    entries = DefaultDictionaryFactory().get_dictionary(code)
    forms = (form.decode() if isinstance(form, bytes) else form for pair in entries.items() for form in pair)
    return [words[0] for form in forms if len(words := words_of(form)) == 1]


def _counted(texts: Iterable[str]) -> dict[str, float]:
    said = [word for text in texts for word in words_of(text)]
    counts: dict[str, float] = {}
    for word in said:
        counts[word] = counts.get(word, 0.0) + 1 / len(said)
    return counts


def transliterated(words: Mapping[str, float], schemes: Iterable[Scheme]) -> Mapping[str, float]:
    """Return the most frequent words as people type them with Latin letters, by every scheme at once."""
    frequent = list(words.items())[:_TRANSLITERATED]
    found: dict[str, float] = {}
    for scheme in schemes:
        for word, share in frequent:
            for typed in words_of(scheme.of(word)):
                found[typed] = max(found.get(typed, 0.0), share)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
