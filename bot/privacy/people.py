"""Names of people: by what introduces them, by the dictionaries of two languages, and by lists of names.

A name is found in three ways that support each other: words that introduce one ("my name is", "recruiter"),
forms that the dictionaries of Ukrainian and Russian mark as given names, surnames or patronymics, and, in Latin
letters, common given names with their case endings and the ends that surnames have. Neighbours merge.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.redaction import NameFile, RedactionLanguage
from bot.language.morphology import Dictionary
from bot.privacy.spans import Span
from bot.privacy.whereabouts import WORD
from bot.privacy.words import alternatives, any_of, ending_in

_CYRILLIC = re.compile(r"[а-яёіїєґўъыэ]", re.IGNORECASE)
_JOINT = re.compile(r"[ \t]{1,2}|-")
_INITIAL = re.compile(r"(?<!\w)(?:[^\W\d_]\.[ ]?){1,2}\Z")
_SENTENCE_BEFORE = re.compile(r"(?:\A|[.!?…:\n\"«»“”•*–—-]|\)\s)\s*\Z")
_MOST_WORDS = 4
_LEAST_STEM = 3
_ONLY_OF_NAMES = frozenset(["o", "ie", "ę", "ą", "ou", "ě"])
"""Endings that may follow a stem as short as "Ann"."""
_REACH = 20
_LEAST_CAPITALS = 4
_MOST_LETTERS = 40
_SURE, _LIKELY, _BESIDE, _NO = 3, 2, 1, 0
"""How a word looks by itself: a name; a name unless the sentence begins with it; a name beside one; none."""


@dataclass(frozen=True)
class Word:
    """A word of the text and how much it looks like a name."""

    text: str
    start: int
    end: int
    looks: int
    in_place: bool


class PeopleFinder:
    """Finds names with the words of some languages; built once for them."""

    def __init__(self, names: NameFile, words: RedactionLanguage) -> None:
        self._given = {name for group in names.given.values() for name in group.split()}
        self._ambiguous = set(names.ambiguous.split())
        self._stems = {name.rstrip("aeoyiă") for name in self._given if len(name.rstrip("aeoyiă")) >= 3}
        self._uninflected = frozenset(names.uninflected)
        self._endings = sorted(names.endings, key=len, reverse=True)
        self._surname_ends = tuple(names.surname_endings)
        self._adjective_ends = tuple(names.adjective_endings)
        self._particles = frozenset(names.particles)
        self._no_name = any_of(
            (*words.no_name, *words.titles, *words.roles, *words.greetings, *words.family, *words.mine)
        )
        self._no_name_behind = ending_in(words.not_before_names, r"\s")
        own = alternatives((*words.my_name, *words.their_name))
        self._introduced = re.compile(rf"{own}[\s:,«\"'—–-]{{1,3}}", re.IGNORECASE)
        self._titled = re.compile(rf"{alternatives((*words.titles, *words.roles))}[.]?[\s:,«\"]{{1,2}}", re.IGNORECASE)
        self._family = re.compile(rf"{alternatives(words.family)}[\s,:]{{1,2}}", re.IGNORECASE)
        self._i_am = re.compile(rf"{alternatives(words.i_am)}[\s,]{{1,2}}", re.IGNORECASE)
        self._greeted = re.compile(rf"{alternatives((*words.greetings, *words.i_am))}[\s,!]{{1,2}}", re.IGNORECASE)

    def find(
        self, text: str, language: str, dictionary: Dictionary, taken: Sequence[Span], places: Sequence[Span]
    ) -> list[Span]:
        """Return the names of a text outside of what is `taken`; a place's name is a person's only beside another."""
        in_places = {at for span in places for at in range(span.start, span.end)}
        words = [
            Word(
                match.group(),
                match.start(),
                match.end(),
                min(self._looks(match.group(), language, dictionary), _BESIDE if match.start() in in_places else _SURE),
                match.start() in in_places,
            )
            for match in WORD.finditer(text)
            if not any(span.start < match.end() and match.start() < span.end for span in taken)
        ]
        after = {word.start: index for index, word in enumerate(words)}
        chosen = self._after_introductions(text, words, after, language, dictionary)
        for group in _neighbours(text, words):
            chosen |= self._names_in(text, group)
        return _merged(text, [word for word in words if word.start in chosen])

    def is_name(self, words: str, language: str, dictionary: Dictionary) -> bool:
        """Say whether words, taken by themselves, begin with a name and are not much more."""
        parts = [match.group() for match in WORD.finditer(words)]
        return 0 < len(parts) <= _MOST_WORDS and self._looks(parts[0], language, dictionary) >= _LIKELY

    def _after_introductions(
        self, text: str, words: list[Word], after: dict[int, int], language: str, dictionary: Dictionary
    ) -> set[int]:
        chosen: set[int] = set()
        for match in self._introduced.finditer(text):
            at = after.get(match.end())
            if at is not None:
                group = _capitalised(text, words, at) or ([words[at]] if len(words[at].text) > 2 else [])
                chosen |= {word.start for word in group}
        for match in self._i_am.finditer(text):
            at = after.get(match.end())
            # People type their own names in small letters; only what is nothing but a name counts then.
            if at is not None and self._looks(words[at].text.title(), language, dictionary) == _SURE:
                chosen.add(words[at].start)
        for pattern, least in ((self._titled, _BESIDE), (self._family, _BESIDE), (self._greeted, _LIKELY)):
            for match in pattern.finditer(text):
                at = after.get(match.end())
                group = _capitalised(text, words, at) if at is not None else []
                if group and group[0].looks >= least:
                    chosen |= {word.start for word in group if word.looks >= least}
        return chosen

    def _names_in(self, text: str, group: list[Word]) -> set[int]:
        """Return the names in a run of neighbouring capitalised words."""
        sure = [
            word.looks == _SURE
            or (word.looks == _LIKELY and not _SENTENCE_BEFORE.search(text, max(0, word.start - 3), word.start))
            or bool(word.looks and _after_initial(text, word.start))
            for word in group
        ]
        if not any(sure):
            likely = [word for word in group if word.looks >= _LIKELY]
            return {word.start for word in likely} if len(likely) > 1 else self._unknown_pair(text, group)
        first, last = sure.index(True), len(sure) - 1 - sure[::-1].index(True)
        while first > 0 and group[first - 1].looks >= _LIKELY:
            first -= 1
        while last < len(group) - 1 and group[last + 1].looks >= _BESIDE and last - first < _MOST_WORDS - 1:
            last += 1
        while not group[last].text[0].isupper():
            last -= 1
        return {word.start for word in group[first : last + 1]}

    def _unknown_pair(self, text: str, group: list[Word]) -> set[int]:
        """Two or three capitalised words in Latin letters inside a sentence, unless the word before speaks of a place.

        Names of all the world are on no list; where it is unclear, removing a name is the smaller harm.
        """
        before = text[max(0, group[0].start - _REACH) : group[0].start]
        shaped = all(word.text.istitle() and len(word.text) > 2 and not word.in_place for word in group)
        if not shaped or not 2 <= len(group) <= 3 or _CYRILLIC.search(group[0].text):
            return set()
        if _SENTENCE_BEFORE.search(before[-3:]) or self._no_name_behind.search(before):
            return set()
        return {word.start for word in group}

    def _looks(self, word: str, language: str, dictionary: Dictionary) -> int:
        if not word[0].isupper() or len(word) < 2 or self._no_name.fullmatch(word):
            return _BESIDE if word in self._particles else _NO
        if (word.isupper() and len(word) < _LEAST_CAPITALS) or len(word) > _MOST_LETTERS:
            return _NO
        if _CYRILLIC.search(word):
            return self._looks_cyrillic(word, language, dictionary)
        return self._looks_latin(word, language)

    def _looks_cyrillic(self, word: str, language: str, dictionary: Dictionary) -> int:
        forms = dictionary.likeliest(word, language)
        if forms.grammatical or forms.company or (forms.known and forms.verb):
            return _NO
        if not forms.name or (forms.known and forms.place and not forms.given):
            return _BESIDE
        if not forms.known or forms.common:
            return _BESIDE if forms.adjective and not forms.given else _LIKELY
        return _SURE

    def _looks_latin(self, word: str, language: str) -> int:
        shown = word.title() if word.isupper() else word
        parts = re.split(r"[-']", shown)
        if any(part in self._given for part in parts) or shown in self._given:
            return _LIKELY if shown in self._ambiguous else _SURE
        if language not in self._uninflected and self._is_inflected(shown):
            return _LIKELY
        if len(shown) >= 5 and shown.endswith(self._surname_ends):
            # "Warszawska" is a surname beside a given name only; alone it is an adjective.
            return _BESIDE if shown.endswith(self._adjective_ends) else _LIKELY
        return _BESIDE

    def _is_inflected(self, word: str) -> bool:
        return any(
            word.endswith(ending) and word[: len(word) - len(ending)] in self._stems
            for ending in self._endings
            if len(word) - len(ending) >= (_LEAST_STEM if ending in _ONLY_OF_NAMES else _LEAST_STEM + 1)
        )


def _capitalised(text: str, words: list[Word], at: int) -> list[Word]:
    """Return the capitalised words that follow one another from `at` on."""
    group: list[Word] = []
    for word in words[at : at + _MOST_WORDS]:
        joined = not group or _JOINT.fullmatch(text[group[-1].end : word.start])
        if not joined or not (word.text[0].isupper() or (group and word.looks)) or (not word.looks):
            break
        group.append(word)
    while group and not group[-1].text[0].isupper():
        group.pop()
    return group


def _neighbours(text: str, words: list[Word]) -> list[list[Word]]:
    """Cut the words that may be names into runs with nothing but a space or an initial's dot between."""
    groups: list[list[Word]] = []
    for word in words:
        if not word.looks:
            continue
        if groups and _JOINT.fullmatch(text[groups[-1][-1].end : word.start]):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def _merged(text: str, words: list[Word]) -> list[Span]:
    spans: list[tuple[int, int]] = []
    for word in words:
        if spans and _JOINT.fullmatch(text[spans[-1][1] : word.start]):
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return [_with_initials(text, start, end) for start, end in spans]


def _after_initial(text: str, start: int) -> "re.Match[str] | None":
    initials = _INITIAL.search(text, max(0, start - 8), start)
    return initials if initials and initials.group()[0].isupper() else None


def _with_initials(text: str, start: int, end: int) -> Span:
    initials = _after_initial(text, start)
    if initials:
        start = initials.start()
    return Span("person", text[start:end], start, end)
