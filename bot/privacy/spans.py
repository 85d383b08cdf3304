"""Finding contacts and account numbers in a text, each as a span of the original.

Numbers are accepted by their own checks, not by shape: phones by the numbering plans of
`phonenumbers`, IBANs and cards by their check digits (ISO 13616, ISO/IEC 7812) through
`python-stdnum`, web addresses by the public suffix list through `tldextract`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import phonenumbers
import tldextract
from stdnum import iban, luhn

_EMAIL = re.compile(
    r"(?:mailto:)?(?:(?<![\w.+-])\"[^\"\s]{1,64}\"|[\w.+-]{1,64}(?:\"[^\"\s@]{1,32}\"[\w.+-]{0,32})?)@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}",
    re.I,
)
_URL = re.compile(
    r"(?<![^\W_])(?<!_)(?:https?://|www\.)[^\s<>\"«»|｜\[\]]{3,2000}"
    r"|(?<![\w@./:-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-zа-яіїєґ]{2,14}(?:[/?#][^\s<>\"'«»|｜]{0,500})?(?![\w@-])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_.]{2,31}")
_MESSENGER_PATH = re.compile(r"\b(?:t\.me|wa\.me|viber\.me|m\.me|instagram\.com|vk\.com)/[\w+./-]{2,64}", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}\b")
_CARD = re.compile(r"(?<![\w+])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?!\d)")
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{25,60}|0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33})\b")
_TRAILING = ".,;:!?)»\"'"


@dataclass(frozen=True)
class Span:
    """Something that names or reaches a person or an account; `value` is its normal form."""

    type: str
    value: str
    start: int
    end: int


class SpanFinder:
    """Finds contacts; built once, because the public suffix list takes a moment to read."""

    def __init__(self) -> None:
        # Bundled list, no cache folder: nothing is fetched and nothing is written.
        self._suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def find(self, text: str, regions: Sequence[str] = ()) -> tuple[Span, ...]:
        """Return the contacts of `text` in order; where two overlap, the longer one wins.

        Args:
            text: the original text.
            regions: countries (ISO 3166) whose national phone format is assumed, likeliest first.
        """
        found = [*self._emails(text), *self._urls(text), *_matches("wallet", _WALLET, text)]
        found += [*_ibans(text), *_cards(text), *_matches("handle", _HANDLE, text)]
        found += _phones(text, regions)
        return _without_overlaps(found)

    def domain(self, url: str) -> str:
        """Return the registered domain of a web or mail address, in lower case, or ''."""
        parts = self._suffixes(url)
        return f"{parts.domain}.{parts.suffix}".lower() if parts.domain and parts.suffix else ""

    def _emails(self, text: str) -> Iterable[Span]:
        for span in _matches("email", _EMAIL, text):
            if self.domain(span.value.rpartition("@")[2]):
                yield span

    def _urls(self, text: str) -> Iterable[Span]:
        for match in _URL.finditer(text):
            shown = _trimmed(match.group())
            explicit = shown.lower().startswith(("http", "www."))
            # A bare word.word is an address only under a suffix written in one script, in lower case.
            if (explicit and _is_host(shown)) or (self.domain(shown) and _looks_like_domain(shown)):
                kind = "handle" if _MESSENGER_PATH.search(shown) else "url"
                yield Span(
                    kind, shown.lower() if kind == "handle" else shown, match.start(), match.start() + len(shown)
                )


def _trimmed(shown: str) -> str:
    """Return an address without what ends the sentence; a bracket belongs to it if it was opened inside."""
    while shown and (shown[-1] in _TRAILING or (shown.count(")") > shown.count("(") and shown[-1] == ")")):
        if shown[-1] == ")" and shown.count(")") <= shown.count("("):
            break
        shown = shown[:-1]
    return shown


def _is_host(shown: str) -> bool:
    """Say whether what stands behind http:// or www. can be a machine: labels of letters, or an IPv4 address."""
    after = shown.partition("//")[2] or shown
    host = re.split(r"[/?#]", after, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    labels = host.split(".")
    if len(labels) < 2 or any(not label or (label[0] in "-_" and label is labels[0]) for label in labels):
        return False
    if any(label.startswith("-") or label.endswith(("-", "_")) for label in labels) or "_" in labels[-2]:
        return False
    return (len(labels[-1]) > 1 and labels[-1].isalpha()) or bool(re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", host))


def _looks_like_domain(shown: str) -> bool:
    host = re.split(r"[/?#]", shown, maxsplit=1)[0]
    name, _, suffix = host.rpartition(".")
    plain = host == host.lower() or "/" in shown or (name.isupper() and suffix.islower())
    return host.isascii() and plain and host[0] not in "-_" and not host.replace(".", "").isdigit()


def _matches(kind: str, pattern: re.Pattern[str], text: str) -> Iterable[Span]:
    for match in pattern.finditer(text):
        value = match.group().rstrip(_TRAILING)
        yield Span(
            kind, value.lower() if kind in ("email", "handle") else value, match.start(), match.start() + len(value)
        )


def _ibans(text: str) -> Iterable[Span]:
    for match in _IBAN.finditer(text):
        if iban.is_valid(match.group()):
            yield Span("iban", iban.compact(match.group()), match.start(), match.end())


def _cards(text: str) -> Iterable[Span]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
            yield Span("card", digits, match.start(), match.end())


def _phones(text: str, regions: Sequence[str]) -> list[Span]:
    found: list[Span] = []
    for region in regions or ("ZZ",):
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            if all(match.end <= other.start or match.start >= other.end for other in found):
                value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
                found.append(Span("phone", value, match.start, match.end))
    return found


def _without_overlaps(found: Iterable[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda s: s.start))
