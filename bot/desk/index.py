"""A session's own index of its desk's tickets, kept sealed.

What a request does not need stays sealed: the table and its order are opened for every page, the words only for a
search, the texts' hashes only when tickets come in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.desk.arrays import packed, unpacked
from bot.desk.lanes import Named
from bot.desk.search import Segment
from bot.desk.sessions import Session
from bot.desk.table import KIND, Table
from bot.reports.copies import Said, Templates, said

TABLE, TEXTS, NAMED, PLACES, TEMPLATES, STATE = "table", "texts", "named", "places", "templates", "state"
"""The drawers; the words are in one for each segment."""


@dataclass
class State:
    """What is small.

    Attributes:
        since: the day of the last look at the database, as ISO 8601 writes it.
        waiting: ids of tickets that are still to be opened.
        segments: the number of each segment's drawer, and how many tickets it has.
        next: the next number.
        folded: how many tickets there were when all of them were put into lanes.
        settled: how many of them have a lane.
        counts: how many tickets are in each of `STATES`.
        countries: the countries that tickets name, as codes.
    """

    since: str
    waiting: list[str]
    segments: list[tuple[int, int]]
    next: int = 0
    folded: int = 0
    settled: int = 0
    counts: list[int] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)


@dataclass
class Places:
    """Short words about places: those of the ticket in slot n end at `ends[n]`."""

    text: NDArray[np.uint8]
    ends: NDArray[np.uint32]

    def of(self, slots: Sequence[int]) -> list[str]:
        """Return the words of some tickets."""
        return [bytes(self.text[self.ends[slot - 1] if slot else 0 : self.ends[slot]]).decode() for slot in slots]


@dataclass(frozen=True)
class Index:
    """The index as one request sees it.

    Attributes:
        session: which keeps it.
        table: all tickets by their slots, those that are gone included.
        order: the slots of those that are there, in the order of the queue.
        waiting: how many tickets are still to be opened; until there are none, the order is not known.
        counts: how many tickets are in each of `STATES`.
        countries: the countries that tickets name, as codes, sorted.
    """

    session: Session
    table: Table
    order: NDArray[np.int32]
    waiting: int
    counts: Sequence[int]
    countries: Sequence[str]

    def segments(self) -> Iterator[Segment]:
        """Yield the words of the tickets, those of some tickets at a time."""
        for number, _ in self.session.get(STATE)["segments"]:
            yield Segment(**opened(self.session, words_drawer(number)))

    def named(self) -> Named:
        """Return what the tickets name."""
        return Named(**opened(self.session, NAMED))

    def places(self, slots: Sequence[int]) -> list[str]:
        """Return the short words about the places of some tickets."""
        return Places(**opened(self.session, PLACES)).of(slots)


def begin(session: Session, state: State) -> None:
    """Make the index of no tickets."""
    keep(session, TEXTS, said([])._asdict())
    keep(session, NAMED, Named(np.empty(0, np.uint64), np.empty(0, np.uint32))._asdict())
    keep(session, PLACES, {"text": np.empty(0, np.uint8), "ends": np.empty(0, np.uint32)})
    keep_templates(session, csr_matrix((0, 0), dtype=np.float32))
    nothing = np.empty(0, np.int32)
    keep(session, TABLE, {"table": np.empty(0, KIND), "order": nothing, "sorted": nothing})
    session.put(STATE, vars(state))


def begun(session: Session) -> bool:
    """Return whether there is an index, finished or not."""
    return session.holds(STATE)


def state(session: Session) -> State:
    """Return what is small."""
    return State(**session.get(STATE))


def texts(session: Session) -> Said:
    """Return what stands for the texts of the tickets."""
    return Said(**opened(session, TEXTS))


def templates(session: Session) -> Templates:
    """Return the templates that were found when all tickets were put into lanes."""
    parts = opened(session, TEMPLATES)
    return csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))


def keep_templates(session: Session, found: Templates) -> None:
    """Keep templates."""
    parts = {"data": found.data, "indices": found.indices, "indptr": found.indptr, "shape": np.array(found.shape)}
    keep(session, TEMPLATES, parts)


def words_drawer(number: int) -> str:
    """Return the drawer of a segment."""
    return f"words-{number}"


def opened(session: Session, drawer: str) -> "dict[str, NDArray[Any]]":
    """Return the arrays in a drawer."""
    return unpacked(session.get_bytes(drawer))


def keep(session: Session, drawer: str, arrays: "Mapping[str, NDArray[Any]]") -> None:
    """Put arrays into a drawer."""
    session.put_bytes(drawer, packed(arrays))
