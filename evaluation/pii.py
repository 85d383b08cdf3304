"""How much of what identifies people is found, how much else is taken for it, and whether roles are read right.

Matching: a labelled span counts as found if a found span of the same type overlaps it, and a found span counts
as right if it overlaps a labelled one of its type; how far each reaches is not scored, because sources cut names
and addresses differently. Labels are mapped to our types (`presidio` and news corpora call a person PERSON);
labels without a type of ours are not scored, and what is found on them is neither right nor wrong.

Rows with `expected` instead of spans list the links, addresses and handles that must be found in a text: each
counts as found if a found span of one of these types overlaps where it stands; a row labelled NOT_LINK, or one
that expects nothing, must stay untouched. Precision counts only the types that a row's own set labels: a set
without phones says nothing of the phones found in it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.privacy.redact import TYPES, Mode, Redaction, Redactor
from evaluation.records import share

_OURS = {
    "PERSON": "person", "LOC": "place", "GPE": "place", "LOCATION": "place", "ORG": "company",
    "ORGANIZATION": "company", "PHONE": "phone", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban", "CREDIT_CARD": "card", "STREET_ADDRESS": "address", "ZIP_CODE": "address",
    "US_SSN": "id_number", "US_DRIVER_LICENSE": "id_number", "DOMAIN_NAME": "url",
} | {kind: kind for kind in TYPES}  # fmt: skip
_LINKS = ("url", "email", "handle")


@dataclass(frozen=True)
class _Hit:
    """One labelled or found thing: whose row, its type, and whether the other side has it."""

    row: int
    type: str
    right: bool


def measure(redactor: Redactor, rows: list[dict[str, Any]], language_of: Callable[[str], str]) -> dict[str, Any]:
    """Return recall and precision in all and by type, language and set; with `kept` labels, `role_accuracy`.

    `role_accuracy` is the share of labelled spans that were found and are rightly kept or removed, among those
    that were found; `leaks` counts spans labelled to be removed that were kept or not found.
    """
    labelled: list[_Hit] = []
    found: list[_Hit] = []
    roles: list[bool] = []
    leaks = 0
    scored = _types_by_set(rows)
    for number, row in enumerate(rows):
        language = row["lang"] if row["lang"] != "und" else language_of(row["text"])
        done = redactor.redact(row["text"], language, mode=Mode(row.get("mode", "own")))
        if row.get("spans") is None:
            wanted, got = _links(number, row, done)
        else:
            wanted, got = _spans(number, row, done, scored[str(row.get("set"))])
        labelled += wanted
        found += got
        right, leaked = _roles(row, done)
        roles += right
        leaks += leaked
    result: dict[str, Any] = {"rows": len(rows), **_figures(labelled, found)}
    if roles:
        result |= {"role_accuracy": share(sum(roles), len(roles)), "leaks": leaks}
    return result | {
        "types": _by(labelled, found, lambda hit: hit.type),
        "languages": _by(labelled, found, lambda hit: rows[hit.row]["lang"]),
        "sets": _by(labelled, found, lambda hit: str(rows[hit.row].get("set"))),
    }


def _types_by_set(rows: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    types: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        types[str(row.get("set"))] |= {_OURS[span["type"]] for span in row.get("spans") or () if span["type"] in _OURS}
    return types


def _spans(number: int, row: dict[str, Any], done: Redaction, scored: set[str]) -> tuple[list[_Hit], list[_Hit]]:
    labels = [(span["start"], span["end"], _OURS.get(span["type"])) for span in row["spans"]]
    found = [(span.start, span.end, span.type) for span in done.spans]
    wanted = [_Hit(number, kind, any(_same(label, other) for other in found)) for label in labels if (kind := label[2])]
    got = [
        _Hit(number, span[2], any(_same(label, span) for label in labels))
        for span in found
        if span[2] in scored and not any(label[2] is None and _overlap(label, span) for label in labels)
    ]
    return wanted, got


def _links(number: int, row: dict[str, Any], done: Redaction) -> tuple[list[_Hit], list[_Hit]]:
    found = [(span.start, span.end, span.type) for span in done.spans if span.type in _LINKS]
    labels, at = [], 0
    for text in row.get("expected") or ():
        start = row["text"].find(text, at)
        start = start if start >= 0 else row["text"].find(text)
        labels.append((start, start + len(text), "url"))
        at = max(at, start + len(text))
    wanted = [_Hit(number, "url", any(_overlap(label, span) for span in found)) for label in labels]
    return wanted, [_Hit(number, "url", any(_overlap(label, span) for label in labels)) for span in found]


def _roles(row: dict[str, Any], done: Redaction) -> tuple[list[bool], int]:
    right, leaks = [], 0
    for label in row.get("spans") or ():
        if "kept" not in label:
            continue
        where = (label["start"], label["end"], _OURS.get(label["type"]))
        # A removed span of another type still hides the words, which is what a role asks for.
        same = [span for span in done.spans if _overlap(where, (span.start, span.end, span.type))]
        if same:
            right.append(all(span.kept == label["kept"] for span in same))
        leaks += not label["kept"] and not any(not span.kept for span in same)
    return right, leaks


def _overlap(one: tuple[int, int, Any], other: tuple[int, int, Any]) -> bool:
    return bool(one[0] < other[1] and other[0] < one[1])


def _same(label: tuple[int, int, Any], span: tuple[int, int, Any]) -> bool:
    return label[2] == span[2] and _overlap(label, span)


def _figures(labelled: list[_Hit], found: list[_Hit]) -> dict[str, Any]:
    return {
        "recall": share(sum(hit.right for hit in labelled), len(labelled)),
        "precision": share(sum(hit.right for hit in found), len(found)),
    }


def _by(labelled: list[_Hit], found: list[_Hit], key: Callable[[_Hit], str]) -> dict[str, Any]:
    groups: dict[str, tuple[list[_Hit], list[_Hit]]] = defaultdict(lambda: ([], []))
    for side, hits in enumerate((labelled, found)):
        for hit in hits:
            groups[key(hit)][side].append(hit)
    return {name: {"labelled": len(pair[0]), **_figures(*pair)} for name, pair in sorted(groups.items())}
