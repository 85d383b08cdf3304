"""How well the offer check finds warning signs, and how often it flags ordinary texts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.offers.model import OfferModel
from bot.runtime import answers
from bot.runtime.models import offers_path
from bot.runtime.services import Services
from evaluation.baselines import keywords, tf_idf
from evaluation.records import share

_FLAGGED = ("high", "elevated")


def measure(services: Services, rows: list[dict[str, Any]], *, baselines: bool = False) -> dict[str, Any]:
    """Return recall, false alarms, sign recall and exactness of evidence, in all and by language and set.

    `compared`, where baselines are wanted, has the same figures of what the field does today (`evaluation.baselines`).
    `reliability` says for each tenth of probability how often a sign that was given it was right, over phrases held out
    in training.
    `flagged_ordinary` and `high_ordinary` are shares of the rows labelled `suspicious: false`;
    `sign_precision` is None where rows are not labelled in full (`complete: true`).
    """
    with ThreadPoolExecutor(2) as pool:
        checks = list(pool.map(lambda row: answers.check(services, row["text"]), rows))
    pairs = list(zip(rows, checks, strict=True))
    return {
        **_figures(pairs),
        **({"compared": _compared(services, rows, pairs)} if baselines else {}),
        "reliability": _reliability(services),
        "evidence_exact": _evidence_exact(pairs),
        "languages": _by("lang", pairs),
        "sets": _by("set", pairs),
        "missed_signs": _missed(pairs),
        "false_signs": _false(pairs),
    }


Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


def _figures(pairs: Pairs) -> dict[str, Any]:
    suspicious = [check for row, check in pairs if row.get("suspicious") is True]
    ordinary = [check for row, check in pairs if row.get("suspicious") is False]
    unknown = [check for row, check in pairs if row.get("suspicious") is None]
    wanted = found = claimed = right = 0
    for row, check in pairs:
        if "signs" not in row:
            continue
        raised = {_family(sign["id"]) for sign in check["signs"]}
        wanted += len(row["signs"])
        found += sum(_family(sign) in raised for sign in row["signs"])
        if row.get("complete"):
            claimed += len(raised)
            right += len(raised & {_family(sign) for sign in row["signs"]})
    return {
        "rows": len(pairs),
        "recall": share(_flagged(suspicious), len(suspicious)),
        "flagged_ordinary": share(_flagged(ordinary), len(ordinary)),
        "high_ordinary": share(sum(check["level"] == "high" for check in ordinary), len(ordinary)),
        "flagged_unknown": share(_flagged(unknown), len(unknown)),
        "sign_recall": share(found, wanted),
        "sign_precision": share(right, claimed),
    }


def _compared(services: Services, rows: list[dict[str, Any]], pairs: Pairs) -> dict[str, Any]:
    catalogue = services.knowledge.catalogue
    others = {"keywords": keywords(catalogue, rows), "tf-idf": tf_idf(catalogue, rows)}
    figures = {"oberih": _figures(pairs)}
    return {**figures, **{name: _figures(list(zip(rows, checks, strict=True))) for name, checks in others.items()}}


def _reliability(services: Services) -> dict[str, Any]:
    table = OfferModel.load(offers_path(services.settings)).reliability
    return {
        f"from {number / len(table):.1f}": {"said": round(float(said), 3), "right": round(float(right), 3), "n": int(n)}
        for number, (said, right, n) in enumerate(table)
    }


def _family(sign: str) -> str:
    """J4 in labels stands for J4a or J4b."""
    return "J4" if sign in ("J4a", "J4b") else sign


def _flagged(checks: Iterable[Mapping[str, Any]]) -> int:
    return sum(check["level"] in _FLAGGED for check in checks)


def _evidence_exact(pairs: Pairs) -> bool:
    return all(
        row["text"][evidence["start"] : evidence["end"]] == evidence["text"] and evidence["text"].strip()
        for row, check in pairs
        for sign in check["signs"]
        for evidence in sign["evidence"]
    )


def _by(key: str, pairs: Pairs) -> dict[str, Any]:
    groups: dict[str, Pairs] = defaultdict(list)
    for row, check in pairs:
        groups[str(row.get(key))].append((row, check))
    shown = ("rows", "recall", "flagged_ordinary", "high_ordinary", "flagged_unknown", "sign_recall")
    return {
        name: {figure: value for figure, value in _figures(group).items() if figure in shown}
        for name, group in sorted(groups.items())
    }


def _missed(pairs: Pairs) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for row, check in pairs:
        raised = {_family(sign["id"]) for sign in check["signs"]}
        for sign in row.get("signs", ()):
            if _family(sign) not in raised:
                counts[sign] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _false(pairs: Pairs) -> dict[str, int]:
    """Signs raised on ordinary rows that were flagged: where false alarms come from."""
    counts: dict[str, int] = defaultdict(int)
    for row, check in pairs:
        if row.get("suspicious") is False and check["level"] in _FLAGGED:
            for sign in check["signs"]:
                counts[sign["id"]] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1])[:20])
