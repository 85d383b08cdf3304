"""Training the language model from word lists: how common words and their pieces are in every voice."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.languages import LanguageFile
from bot.knowledge.transliterations import Transliterations
from bot.language.grams import ORDERS, Hashes, table_of, weighted_pieces, word_hash
from bot.language.identify import LATIN, PIECES_STEPS, WORDS_STEPS, LanguageModel
from bot.language.word_lists import frequencies, transliterated

_PIECES_FROM = 120_000
"""Words a voice whose pieces are counted."""
_POWER = 0.5
"""Rare words count for pieces more than their frequency says: the words of a list are what is asked about."""
_RAREST_PIECE, _RAREST_WORD = -16.0, -20.7
"""Logarithms of shares below which nothing counts: e ** -16, and one word in a thousand million."""
Valued = tuple[Hashes, NDArray[np.uint8]]


def train(
    languages: LanguageFile, transliterations: Transliterations, own_texts: Mapping[str, Iterable[str]]
) -> LanguageModel:
    """Return the model.

    Args:
        languages: those that are read, and the strangers.
        transliterations: how some of them are typed with Latin letters.
        own_texts: the project's own texts by language, for languages whose words nobody counted.
    """
    read = [language.code for language in (*languages.languages, *languages.read_only)]
    lists = {code: frequencies(code, own_texts.get(code, ()), fill=True) for code in read}
    typed = {code + LATIN: transliterated(lists[code], found) for code, found in transliterations.languages.items()}
    strangers = {
        stranger.code: frequencies(stranger.words or stranger.code, (), fill=False) for stranger in languages.strangers
    }
    voices = lists | typed | strangers
    with ThreadPoolExecutor() as pool:
        found_pieces = list(pool.map(_pieces, voices.values()))
        found_words = list(pool.map(_words, voices.values()))
    return LanguageModel(
        voices=tuple(voices),
        own=len(read),
        likelier=np.array([transliterations.likelier[v.removesuffix(LATIN)] if v in typed else 0.0 for v in voices]),
        pieces=table_of(found_pieces),
        words=table_of(found_words),
        foreign=languages.foreign_letters,
    )


def _pieces(words: Mapping[str, float]) -> Valued:
    used = {word: share**_POWER for word, share in islice(words.items(), _PIECES_FROM)}
    hashes, values = [], []
    for order in ORDERS:
        found, weights = weighted_pieces(used, order)
        steps = (np.log(weights / weights.sum()) - _RAREST_PIECE) * PIECES_STEPS
        hashes.append(found[steps >= 1])
        values.append(np.minimum(steps[steps >= 1], 255).astype(np.uint8))
    return np.concatenate(hashes), np.concatenate(values)


def _words(words: Mapping[str, float]) -> Valued:
    hashes = np.fromiter(map(word_hash, words), np.uint32, len(words))
    shares = np.fromiter(words.values(), np.float64, len(words))
    steps = np.clip((np.log(shares) - _RAREST_WORD) * WORDS_STEPS, 1, 255)
    return hashes, steps.astype(np.uint8)
