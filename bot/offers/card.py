"""The card of a check, as the plain object of DESIGN section 10 with its texts in one language."""

from collections.abc import Mapping
from typing import Any

from bot.knowledge.signs import Catalogue
from bot.language.texts import Texts
from bot.offers.level import severity_of
from bot.offers.verdict import SignFound, Verdict

_SIGN_TEXTS = "signs"


def render(verdict: Verdict, catalogue: Catalogue, texts: Texts, language: str) -> dict[str, Any]:
    """Return the check of a verdict: ids and numbers, and every text in `language`.

    Signs meant for desks only are left out. Evidence offsets are those of the checked text.
    """

    def text(identifier: str) -> str:
        return texts.get(_SIGN_TEXTS, identifier, language)

    present = [found.sign for found in verdict.signs]
    shown = [found for found in verdict.signs if catalogue.signs[found.sign].audience == "all"]
    shown.sort(key=lambda found: "HML".index(severity_of(catalogue.signs[found.sign], present).value))
    return {
        "language": verdict.language,
        "kind": verdict.kind.value,
        "direction": verdict.direction,
        "concern": verdict.concern.value if verdict.concern else None,
        "level": verdict.level.value,
        "level_text": text(f"level.{verdict.level.value}"),
        "summary": text(f"summary.{verdict.level.value}"),
        "concern_text": text(f"concern.{verdict.concern.value}") if verdict.concern else None,
        "dimensions": _dimensions(present, catalogue),
        "missing": list(verdict.missing),
        "missing_text": [text(f"fact.{fact}") for fact in verdict.missing],
        "missing_title": text("missing"),
        "limits": text("limits"),
        "signs": [_sign(found, present, catalogue, texts, language) for found in shown],
        "identifiers": [
            {"type": span.type, "value": span.value, "start": span.start, "end": span.end}
            for span in verdict.identifiers
        ],
        "questions": [{"sign": sign, "text": text(f"{sign}.question")} for sign in verdict.questions],
    }


def _sign(found: SignFound, present: list[str], catalogue: Catalogue, texts: Texts, language: str) -> Mapping[str, Any]:
    sign = catalogue.signs[found.sign]
    severity = severity_of(sign, present).value

    def text(identifier: str) -> str:
        return texts.get(_SIGN_TEXTS, identifier, language)

    published = ", ".join(catalogue.sources[code].title for code in sign.source) if sign.verified else ""
    return {
        "id": sign.id,
        "title": text(f"{sign.id}.title"),
        "meaning": text(f"{sign.id}.meaning"),
        "severity": severity,
        "severity_text": text(f"severity.{severity}"),
        "concern": sign.concern.value,
        "dimension": sign.dimensions,
        "source": published,
        "source_text": text("source").format(source=published) if published else text("no_source"),
        "probability": found.probability,
        "confirmed_text": text("confirmed") if not found.evidence else None,
        "evidence": [{"text": e.text, "start": e.start, "end": e.end} for e in found.evidence],
    }


def _dimensions(present: list[str], catalogue: Catalogue) -> list[int]:
    """Return the ILO dimensions that an offer can show (1 to 3), sorted."""
    numbers = {
        int(identifier[1:].partition(".")[0])
        for sign in present
        for identifier in catalogue.signs[sign].dimensions.split()
    }
    return sorted(number for number in numbers if number <= 3)
