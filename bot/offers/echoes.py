"""Signs that only repeat another: the same words, the same behaviour, worded for another kind of offer."""

from collections.abc import Mapping

from bot.knowledge.signs import Catalogue, Kind, Severity, Sign

Hits = Mapping[str, list[tuple[int, int]]]
_WEIGHT = {Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}


def without_echoes(catalogue: Catalogue, kind: Kind, hits: Hits) -> dict[str, list[tuple[int, int]]]:
    """Return the hits without those that echo a sign of the offer's own kind.

    "We keep your passport" states J24 in a job, H11 in a room and T5 in a ride. Of these the one of the
    offer's kind stays; another goes if all its words are also the words of that one, both name the same
    ILO indicator, and it weighs no more, so that leaving it out can never lower a level.
    """
    own = [sign for sign in hits if catalogue.signs[sign].kind is kind]
    return {
        sign: spans
        for sign, spans in hits.items()
        if sign in own or not any(_echoes(catalogue, sign, original, hits) for original in own)
    }


def as_own_kind(catalogue: Catalogue, kind: Kind, hits: Hits) -> dict[str, list[tuple[int, int]]]:
    """Return the hits with every sign of another kind given to its twin of the offer's own kind.

    Only where the twin weighs at least as much, so that no level can fall.
    """
    moved: dict[str, list[tuple[int, int]]] = {}
    for sign, spans in hits.items():
        moved.setdefault(_twin(catalogue, kind, sign), []).extend(spans)
    return moved


def _twin(catalogue: Catalogue, kind: Kind, sign: str) -> str:
    if catalogue.signs[sign].kind is kind:
        return sign
    for twins in catalogue.level.twins:
        if sign in twins:
            for twin in twins:
                heavier = _weight(catalogue, catalogue.signs[twin]) >= _weight(catalogue, catalogue.signs[sign])
                if catalogue.signs[twin].kind is kind and heavier:
                    return twin
    return sign


def _echoes(catalogue: Catalogue, sign: str, original: str, hits: Hits) -> bool:
    one, other = catalogue.signs[sign], catalogue.signs[original]
    return (
        bool(set(one.dimensions.split()) & set(other.dimensions.split()))
        and _weight(catalogue, one) <= _weight(catalogue, other)
        and all(any(_overlap(span, quoted) for quoted in hits[original]) for span in hits[sign])
    )


def _weight(catalogue: Catalogue, sign: Sign) -> int:
    return 3 if sign.id in catalogue.level.always_high else _WEIGHT[sign.severity]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
