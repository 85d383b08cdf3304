"""Words of the redaction files as regular expressions, and the sentences they are looked for in.

Everything here keeps offsets: a prepared text has exactly one character for each of the original.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from bot.knowledge.redaction import RedactionLanguage

_ONE_FOR_ONE = {ord(c): "'" for c in "’ʼ‘`´ʹ′"} | {ord(c): " " for c in "\u00a0\u202f\u2007\t"}
_NEVER = r"(?!)"
_SENTENCE_END = re.compile(
    r"[!?…]+[\s\"»”)]+|(?<=[^\W\d_]{4})\.[\"»”)]*\s+(?=[^\W_a-z])|(?<=[\d)»”\"])\.\s+(?=[^\W\d_])"
    r"|(?<=[^\W\d]{2})\.\s+(?=[A-ZА-ЯІЇЄҐЁÀ-Þ][^\W\d_])|(?<![:,–—-])[ ]{0,4}[\n\r]+\s*|;\s+"
)


def prepare(text: str) -> str:
    """Return the text with every kind of apostrophe and space made plain, of the same length."""
    return text.translate(_ONE_FOR_ONE)


def mark(kind: str) -> str:
    """Return what stands in the place of something removed."""
    return f"[{kind}]"


def mentions(text: str, value: str) -> Iterable[tuple[int, int]]:
    """Return where a value stands in a text as whole words, whatever the case, by offsets.

    A plain search: patterns stay in the cache of `re`, and what people wrote must not outlive their session.
    """
    shown, wanted = _lowered(text), _lowered(value)
    at = shown.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not (_in_word(shown[at - 1 : at]) or _in_word(shown[end : end + 1])):
            yield at, end
            at = shown.find(wanted, end)
        else:
            at = shown.find(wanted, at + 1)


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _lowered(text: str) -> str:
    """Return the text in small letters, one for each of the original."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def alternatives(words: Iterable[str]) -> str:
    """Return a group that matches any of the words as whole words; `*` stands for any ending."""
    parts = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in sorted(words, key=len)[::-1]]
    return rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else _NEVER


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole words that ignores case."""
    return re.compile(alternatives(words), re.IGNORECASE)


def ending_in(words: Iterable[str], between: str) -> re.Pattern[str]:
    """Return a pattern for a text that ends in one of the words and then only in `between`."""
    return re.compile(rf"{alternatives(words)}{between}\Z", re.IGNORECASE)


def joined(entries: Sequence[RedactionLanguage]) -> RedactionLanguage:
    """Return one entry with the words of several languages, the first of which names it."""
    return reduce(_both, entries)


def _both(one: RedactionLanguage, other: RedactionLanguage) -> RedactionLanguage:
    words = {
        name: tuple(dict.fromkeys([*value, *getattr(other, name)])) for name, value in one if isinstance(value, tuple)
    }
    return one.copy(update=words)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the text, by its offsets."""

    start: int
    end: int


def sentences(text: str, whole: Sequence[tuple[int, int]] = ()) -> tuple[Sentence, ...]:
    """Cut a text into sentences, never inside one of the spans in `whole`."""
    found, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        if not any(start < match.end() - 1 and match.start() + 1 < end for start, end in whole):
            found.append(Sentence(begin, match.end()))
            begin = match.end()
    return (*found, Sentence(begin, len(text)))
