"""Making hostile text harmless to look at: nothing hidden, nothing that acts, nothing to click.

A ticket holds words that a suspect may have written. They are shown as they are, but characters that a
reader cannot see, or that steer a terminal or the direction of writing, appear as their code point, and
addresses are defanged in the manner usual among investigators (hxxp, [.], [@]).
"""

import json
import re
import unicodedata
from typing import Any

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
"""Invisible characters that Unicode files under letters, marks and symbols (Default_Ignorable_Code_Point)."""
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)")
_DOT = re.compile(r"(?<=\w)[.．。｡](?=\w)")
_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")
_SCHEME = re.compile(
    r"\b(mailto|tel|sms|callto|tg|viber|whatsapp|signal|skype|magnet|javascript|data|file|intent):", re.IGNORECASE
)


def unmasked(text: str) -> str:
    """Return `text` with every character that is not plainly visible written as `<U+202E>`."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _UNSAFE or _UNSEEN.match(character):
        return f"<U+{ord(character):04X}>"
    return " " if category == "Zs" else character


def defanged(text: str) -> str:
    """Return `text` with nothing that a program would turn into a link; sums and dates stay readable."""
    text = re.sub(r"http(?=s?:)", "hxxp", text, flags=re.IGNORECASE)
    text = text.replace("://", "[:]//")
    text = _SCHEME.sub(r"\1[:]", text)
    text = re.sub(r"[@＠]", "[@]", text)
    text = _IPV4.sub(lambda match: match.group().replace(".", "[.]"), text)
    return _DOT.sub(lambda match: "." if _NUMBER.match(text, match.start()) else "[.]", text)


def harmless(text: str) -> str:
    """Return `text` on one line, unmasked and defanged."""
    return defanged(unmasked(text))


def json_line(value: Any) -> str:
    """Return a value as JSON on one line, to be printed: the same value, but nothing hidden or acting in it.

    Letters of every script stay readable; what is not plainly visible is written as JSON escapes.
    """
    return "".join(_escaped(character) for character in json.dumps(value, ensure_ascii=False))


def _escaped(character: str) -> str:
    unsafe = unicodedata.category(character) in _UNSAFE or _UNSEEN.match(character)
    if not unsafe:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[start]:02x}{units[start + 1]:02x}" for start in range(0, len(units), 2))
