"""Which tickets stand in one line, which of them were sent in mass, and how many independent texts name the same.

Near copies (`bot.reports.copies`) share a lane. Tickets that have too few words to be compared share one if many of
the same day answer everything alike. A lane of many tickets is mass: all mass lanes together count as one text, so
that nobody's templates vouch for each other. A ticket leaves a mass lane if it names what somebody outside of it
names too, and hardly anyone in it: then it was swallowed by mistake, or the flood was made to swallow it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.desk.table import Table
from bot.reports import copies
from bot.reports.copies import MANY, Said, Templates
from bot.reports.identifiers import Lead

_HARDLY_ANYONE = 3
NO_LANE = -1
_POSITIVE = (1 << 63) - 1


class Named(NamedTuple):
    """What tickets name, one row for each naming: `lead` stands for an identifier, `slot` is the ticket's place."""

    lead: NDArray[np.uint64]
    slot: NDArray[np.uint32]


def lead_number(lead: Lead) -> int:
    """Return what stands for an identifier: a hash that is keyed anew in each process."""
    return hash((lead.kind, lead.value)) & _POSITIVE


def fold(table: Table, texts: Said, named: Named) -> Templates:
    """Put every ticket of a table into its lane; return the templates that were found."""
    lanes, templates = copies.lanes(_there(table, texts))
    table["lane"] = lanes
    for tapped in _frequent(table["tapped"][~table["gone"]]):
        _join_tapped(table, tapped)
    _settle(table, named)
    return templates


def follow(table: Table, texts: Said, named: Named, templates: Templates, first: int) -> None:
    """Put the tickets from a place on, a few, into their lanes, or into new ones.

    Args:
        table, texts, named: as in `fold`, of all tickets.
        templates: those that were found when all tickets were put into lanes.
        first: the place of the first ticket that has no lane yet.
    """
    there = _there(table, texts)
    made_from = copies.made_by(there, templates, first)
    for place in range(first, len(table)):
        table["lane"][place] = made_from[place - first]
        if table["lane"][place] == NO_LANE:
            alike = [other for other in copies.like(there, place) if other < place and not table["mass"][other]]
            table["lane"][place] = table["lane"][alike[0]] if alike else _next(table)
    tapped = table["tapped"]
    for value in np.unique(tapped[first:]):
        if value and (tapped[~table["gone"]] == value).sum() >= MANY:
            _join_tapped(table, value)
    _settle(table, named)


def _there(table: Table, texts: Said) -> Said:
    """Return the texts without those of tickets that are gone."""
    return texts._replace(pairs=np.where(table["gone"], 0, texts.pairs).astype(np.uint16))


def _frequent(values: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    found, counts = np.unique(values, return_counts=True)
    frequent: NDArray[np.uint64] = found[(counts >= MANY) & (found > 0)]
    return frequent


def _join_tapped(table: Table, value: Any) -> None:
    same = np.flatnonzero(table["tapped"] == value)
    table["lane"][same] = table["lane"][same[0]]


def _next(table: Table) -> int:
    return int(table["lane"].max()) + 1


def _settle(table: Table, named: Named) -> None:
    """Find out which lanes are mass, and how many independent texts name what each ticket names."""
    _mark_mass(table)
    counted = ~table["gone"][named.slot] & table["worded"][named.slot]
    leads, place_of = np.unique(named.lead, return_inverse=True)
    _let_out(table, Named(place_of[counted], named.slot[counted]), len(leads))
    _mark_mass(table)
    slots = named.slot[counted]
    lanes = np.where(table["mass"][slots], NO_LANE, table["lane"][slots])
    texts = np.unique(np.stack((place_of[counted], lanes), axis=1), axis=0)[:, 0]
    independent = np.bincount(texts, minlength=len(leads))[place_of]
    table["repeats"] = 0
    several = np.where(independent > 1, np.minimum(independent, 0xFFFF), 0).astype(np.uint16)
    repeats = np.zeros(len(table), np.uint16)
    np.maximum.at(repeats, named.slot, several)
    table["repeats"] = repeats


def _mark_mass(table: Table) -> None:
    there = ~table["gone"]
    sizes = np.bincount(table["lane"][there], minlength=_next(table)) if len(table) else np.empty(0, np.int64)
    table["mass"] = there & (sizes[table["lane"]] >= MANY)


def _let_out(table: Table, named: Named, leads: int) -> None:
    in_mass = table["mass"][named.slot]
    outside = np.bincount(named.lead[~in_mass].astype(np.int64), minlength=leads)[named.lead] > 0
    asked = np.flatnonzero(in_mass & outside)
    if not len(asked):
        return
    within = np.stack((named.lead[asked].astype(np.int64), table["lane"][named.slot[asked]]), axis=1)
    _, group, sizes = np.unique(within, axis=0, return_inverse=True, return_counts=True)
    out = np.unique(named.slot[asked[sizes[group] <= _HARDLY_ANYONE]])
    table["lane"][out] = _next(table) + np.arange(len(out))
