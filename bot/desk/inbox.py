"""The tickets of a desk as one session sees them: in lines, narrowed by a choice, with their links."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from bot.desk import rows, table
from bot.desk.index import Index
from bot.desk.lanes import NO_LANE, lead_number
from bot.desk.rows import Row
from bot.reports.identifiers import Lead
from bot.reports.links import Link
from bot.store.records import STATES

EVERY = 5
"""One line in so many is for lanes of mass, as long as there are others: neither kind can push the other away."""
_HEX = re.compile("[0-9a-f]{1,32}")

Mask = NDArray[np.bool_]


class Lines(NamedTuple):
    """Lines in the order in which they are shown: the slot of the ticket that stands for each, and how many it is."""

    slots: NDArray[np.int32]
    copies: NDArray[np.int64]


class Inbox:
    """The tickets of a desk, through a session's index that has all of them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._table = index.table

    def counts(self) -> Mapping[str, int]:
        """Return how many tickets are in each state."""
        return dict(zip(STATES, self._index.counts, strict=True))

    def countries(self) -> tuple[str, ...]:
        """Return the countries that tickets name, as codes."""
        return tuple(self._index.countries)

    def having(self, column: str, value: Any) -> Mask:
        """Return which tickets have a value in a column of `bot.desk.table`: a code, a country, a mark."""
        if column in ("state",):
            value = STATES.index(value)
        elif column == "country":
            value = value.encode("ascii", "replace")
        elif isinstance(value, str):
            value = table.code(column, value)
        found: Mask = self._table[column] == value
        return found

    def urgent(self) -> Mask:
        """Return which tickets are urgent."""
        found: Mask = self._table["urgent"] > 0
        return found

    def among(self, ids: Collection[str]) -> Mask:
        """Return which tickets have one of these ids."""
        if not ids:
            return np.zeros(len(self._table), bool)
        wanted = np.array([bytes.fromhex(id) for id in ids], "S16")
        found: Mask = np.isin(table.keys(self._table), wanted)
        return found

    def found(self, query: str, also: Callable[[str], Collection[str]]) -> Mask:
        """Return which tickets have every part of a query: in their words, or as the start of their id.

        Args:
            query: as typed.
            also: returns the ids of tickets that have a part elsewhere.
        """
        fits = np.ones(len(self._table), bool)
        parts = rows.wanted(query)
        having = [np.zeros(len(self._table), bool) for _ in parts]
        for segment in self._index.segments() if parts else ():
            for part, mask in zip(parts, having, strict=True):
                slots = segment.having(part.encode("utf-8", "surrogatepass"))
                # What came in since this request began is of the next one.
                mask[slots[slots < len(mask)]] = True
        for part, mask in zip(parts, having, strict=True):
            fits &= mask | self._starting(part) | self.among(also(part))
        return fits

    def count(self, shown: Mask) -> int:
        """Return how many tickets these are, not counting those that are gone."""
        return int(shown[self._index.order].sum())

    def lines(self, shown: Mask, *, folded: bool = True) -> Lines:
        """Return the lines of some tickets, near copies in one, in the order of the queue.

        Lanes of mass are in an order of their own, and have every fifth line.
        """
        slots = self._index.order[shown[self._index.order]]
        if not folded or not len(slots):
            return Lines(slots, np.ones(len(slots), np.int64))
        # Lanes are small numbers: counting and marking them takes a tenth of the time that sorting them does. And a
        # column read from its beginning is copied faster than rows are picked here and there.
        lanes = np.ascontiguousarray(self._table["lane"])[slots]
        copies = np.bincount(lanes)
        first = np.zeros(len(copies), np.int64)
        first[lanes[::-1]] = np.arange(len(lanes) - 1, -1, -1)
        stands = np.zeros(len(lanes), bool)
        stands[first[copies > 0]] = True
        slots, copies = slots[stands], copies[lanes[stands]]
        order = _shared_out(self._table["mass"][slots])
        return Lines(slots[order], copies[order])

    def rows(self, lines: Lines) -> list[Row]:
        """Return some lines as they are shown."""
        slots = [int(slot) for slot in lines.slots]
        shown = zip(slots, self._index.places(slots) if slots else (), lines.copies, strict=True)
        return [table.row(self._table[slot], place, int(copies)) for slot, place, copies in shown]

    def lane(self, id: str) -> Mask:
        """Return which tickets are a ticket or its near copies: none where there is no such ticket."""
        slot = self._slot(id)
        if slot is None:
            return np.zeros(len(self._table), bool)
        found: Mask = (self._table["lane"] == self._table["lane"][slot]) & ~self._table["gone"]
        return found

    def ids(self, shown: Mask) -> tuple[str, ...]:
        """Return the ids of some tickets, in the order of the queue."""
        order = self._index.order
        return tuple(each.tobytes().hex() for each in self._table["id"][order[shown[order]]])

    def links(self, id: str, leads: Sequence[Lead]) -> Optional[tuple[Link, ...]]:
        """Return the links of one ticket, those with the most independent texts first; None where it is not known.

        Args:
            leads: what the ticket names, in its order.
        """
        slot = self._slot(id)
        if slot is None:
            return None
        named = self._index.named()
        slots = named.slot[named.slot < len(self._table)]
        own = np.unique(named.lead[: len(slots)][slots == slot])
        links = []
        for lead in leads:
            number = lead_number(lead)
            if number in own:
                links.append(self._link(lead, slots[named.lead[: len(slots)] == number]))
        several = (link for link in links if len(link.tickets) > 1)
        return tuple(sorted(several, key=lambda link: (-link.texts, -len(link.tickets))))

    def _link(self, lead: Lead, slots: "NDArray[np.uint32]") -> Link:
        some = self._table[np.unique(slots)]
        some = some[~some["gone"]]
        some = some[np.argsort(some["created"], kind="stable")]
        worded = some[some["worded"]]
        texts = len(np.unique(np.where(worded["mass"], NO_LANE, worded["lane"])))
        accepted = int((some["state"] == STATES.index("accepted")).sum())
        return Link(lead, texts, accepted, tuple(each.tobytes().hex() for each in some["id"]))

    def _slot(self, id: str) -> Optional[int]:
        found = np.flatnonzero((table.keys(self._table) == bytes.fromhex(id)) & ~self._table["gone"])
        return int(found[0]) if len(found) else None

    def _starting(self, part: str) -> Mask:
        """Return which ids begin with a part of a query, if that is long enough to mean an id."""
        if len(part) < rows.LEAST_ID or not _HEX.fullmatch(part):
            return np.zeros(len(self._table), bool)
        whole = np.frombuffer(bytes.fromhex(part[: len(part) // 2 * 2]), np.uint8)
        fits: Mask = (self._table["id"][:, : len(whole)] == whole).all(axis=1)
        if len(part) % 2:
            fits &= self._table["id"][:, len(whole)] >> 4 == int(part[-1], 16)
        return fits


def _shared_out(mass: Mask) -> "NDArray[np.int64]":
    """Return in which order lines are shown, every fifth being of mass while there are both kinds."""
    others, many = np.flatnonzero(~mass), np.flatnonzero(mass)
    places = np.concatenate((np.arange(len(others)) * EVERY // (EVERY - 1), np.arange(len(many)) * EVERY + EVERY - 1))
    shared = np.full(int(places.max(initial=-1)) + 1, -1, np.int64)
    shared[places] = np.concatenate((others, many))
    order: NDArray[np.int64] = shared[shared >= 0]
    return order
