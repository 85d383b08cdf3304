"""Bringing a session's index up to date: what was changed is asked for by day, what is new is opened.

Opening many tickets can be broken off after any request and goes on with the next; in between, nothing but sealed
drawers is left.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from bot.desk import index, lanes, rows, search, table
from bot.desk.index import NAMED, PLACES, STATE, TABLE, TEXTS, Index, Places, State
from bot.desk.lanes import Named
from bot.desk.search import Segment
from bot.desk.sessions import Session
from bot.desk.table import Table
from bot.privacy.seal import SealError, open_sealed
from bot.reports.copies import said
from bot.reports.glance import Glance
from bot.reports.ticket import TicketError
from bot.runtime.bodies import glance_in
from bot.runtime.desk_session import DeskSession
from bot.store.records import STATES, Standing
from bot.store.standings import Body, bodies, standings

AT_ONCE = 1500
"""Tickets that one request opens at the most: that takes a second or two."""
_IN_MEMORY = 500
"""Sealed tickets in memory at a time."""
_FEW, _SHARE = 16, 50
"""So many new tickets, or one in so many, are put beside the others; with more, all are put into lanes anew."""
_SMALL_SEGMENTS = 5
_OVERLAP = timedelta(days=1)
"""The clocks of two machines need not agree on when a day ends."""
_POSITIVE = (1 << 63) - 1


def refreshed(session: Session, desk: DeskSession, *, noted: bool) -> Index:
    """Return the index of a session as the tickets are now. Blocks while new tickets are opened.

    Args:
        noted: whether the audit log tells of this look already; otherwise it does before a new ticket is opened.

    Raises:
        StoreUnavailable, KeyFolderError: the tickets cannot be read, or the audit log cannot be written.
        SessionOver: it was locked or ended meanwhile.
    """
    with session.updating():
        today = datetime.now(timezone.utc).date()
        if not index.begun(session):
            index.begin(session, State(since="", waiting=[], segments=[]))
        update = _Update(session, desk)
        if update.look(today) and not noted:
            desk.note("list")
        update.open_some()
        update.settle()
        return update.kept()


class _Read(NamedTuple):
    """One ticket as it was opened; without a glance, it does not open."""

    standing: Standing
    ticket: Optional[Glance]


class _Update:
    """The index while it is changed."""

    def __init__(self, session: Session, desk: DeskSession) -> None:
        self._session = session
        self._desk = desk
        self._state = index.state(session)
        kept = index.opened(session, TABLE)
        self._table: Table = kept["table"]
        self._order: NDArray[np.int32] = kept["order"]
        self._sorted: NDArray[np.int32] = kept["sorted"]
        self._changed = False

    def look(self, today: date) -> bool:
        """Ask for what was changed since the last look; return whether there are tickets to open for it."""
        since = date.fromisoformat(self._state.since) - _OVERLAP if self._state.since else None
        found = standings(self._desk.database, self._desk.desk, since)
        new = self._compare(found)
        known = set(self._state.waiting)
        fresh = [found[place].id for place in new if found[place].id not in known]
        self._state.waiting += fresh
        self._changed |= bool(fresh) or self._state.since != today.isoformat()
        self._state.since = today.isoformat()
        return bool(fresh)

    def open_some(self) -> None:
        """Open tickets that wait, as many as one request may."""
        now, self._state.waiting = self._state.waiting[:AT_ONCE], self._state.waiting[AT_ONCE:]
        read: list[_Read] = []
        for start in range(0, len(now), _IN_MEMORY):
            some = bodies(self._desk.database, self._desk.desk, now[start : start + _IN_MEMORY])
            read += [self._read(body) for body in some]
        if read:
            self._add(read)

    def settle(self) -> None:
        """Once every ticket is opened, put the new ones into their lanes, and all into their order."""
        state, count = self._state, len(self._table)
        if state.waiting or state.settled == count:
            return
        self._writable()
        named, texts = Named(**index.opened(self._session, NAMED)), index.texts(self._session)
        if count - state.folded > max(_FEW, state.folded // _SHARE):
            index.keep_templates(self._session, lanes.fold(self._table, texts, named))
            state.folded = count
        else:
            lanes.follow(self._table, texts, named, index.templates(self._session), state.settled)
        state.settled = count
        self._order = table.in_order(self._table)
        self._sorted = _sorted(self._table)

    def kept(self) -> Index:
        """Keep what was changed, and return the index."""
        if self._changed:
            arrays = {"table": self._table, "order": self._order, "sorted": self._sorted}
            index.keep(self._session, TABLE, arrays)
            # Every page shows these: counted anew only when something was changed.
            self._state.counts = table.counts(self._table, self._order)
            self._state.countries = table.countries(self._table, self._order)
            self._session.put(STATE, vars(self._state))
        state = self._state
        return Index(self._session, self._table, self._order, len(state.waiting), state.counts, state.countries)

    def _compare(self, found: Sequence[Standing]) -> "NDArray[np.int64]":
        """Take over new states, mark what is gone, and return the places of what is to be opened."""
        if not found:
            return np.empty(0, np.int64)
        marks = np.array([standing.sealing or b"" for standing in found], f"S{table.MARK_BYTES}")
        theirs = np.array([standing.theirs for standing in found], bool)
        here = ~theirs & (marks != b"")
        if not len(self._table):
            return np.flatnonzero(here)
        ids = np.frombuffer(b"".join(bytes.fromhex(standing.id) for standing in found), "S16")
        slots, known = self._find(ids)
        same = known & here & (self._table["mark"][slots] == marks)
        states = np.array([STATES.index(standing.state) for standing in found], np.uint8)
        moved, gone = same & (self._table["state"][slots] != states), known & ~same
        if moved.any() or gone.any():
            self._writable()
            self._table["state"][slots[moved]] = states[moved]
            self._table["gone"][slots[gone]] = True
            self._order = self._order[~self._table["gone"][self._order]]
            self._sorted = self._sorted[~self._table["gone"][self._sorted]]
        return np.flatnonzero(here & ~same)

    def _find(self, ids: "NDArray[np.bytes_]") -> "tuple[NDArray[np.int32], NDArray[np.bool_]]":
        """Return the slot of each id, and whether there is one."""
        if not len(self._sorted):
            return np.zeros(len(ids), np.int32), np.zeros(len(ids), bool)
        keys = table.keys(self._table)[self._sorted]
        at = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
        return self._sorted[at], keys[at] == ids

    def _writable(self) -> None:
        self._changed = True
        if not self._table.flags.writeable:
            self._table = self._table.copy()

    def _read(self, body: Body) -> _Read:
        """Open one ticket: one that does not open, or that nobody vouches for, hides no other."""
        identifier = body.standing.id
        try:
            return _Read(body.standing, glance_in(identifier, open_sealed(body.sealed, self._identity), self._vouching))
        except (SealError, TicketError):
            return _Read(body.standing, None)

    @cached_property
    def _vouching(self) -> bytes:
        return self._desk.vouching_key

    @property
    def _identity(self) -> str:
        return self._desk.opened.keys.identity

    def _add(self, read: Sequence[_Read]) -> None:
        session, first = self._session, len(self._table)
        texts = said([each.ticket.said if each.ticket else "" for each in read])
        entries = [table.entry(*each, _tapped(each, pairs)) for each, pairs in zip(read, texts.pairs, strict=True)]
        self._table = np.concatenate((self._table, table.made(entries)))
        self._sorted = _sorted(self._table)
        self._changed = True
        before = index.texts(session)
        index.keep(session, TEXTS, (before + texts)._asdict())
        self._add_named(read, first)
        self._add_places(read)
        words = (rows.searchable(each.ticket) if each.ticket else () for each in read)
        self._add_words(search.segment(words, first))

    def _add_named(self, read: Sequence[_Read], first: int) -> None:
        before = index.opened(self._session, NAMED)
        leads, slots = [], []
        for slot, each in enumerate(read, first):
            for lead in self._desk.leads.of(each.ticket) if each.ticket else ():
                leads.append(lanes.lead_number(lead))
                slots.append(slot)
        more: dict[str, NDArray[Any]] = {"lead": np.array(leads, np.uint64), "slot": np.array(slots, np.uint32)}
        index.keep(self._session, NAMED, {name: np.concatenate((before[name], more[name])) for name in more})

    def _add_places(self, read: Sequence[_Read]) -> None:
        before = Places(**index.opened(self._session, PLACES))
        words = [rows.short(each.ticket.where).encode() if each.ticket else b"" for each in read]
        start = len(before.text)
        ends = (start + np.cumsum([len(each) for each in words])).astype(np.uint32)
        text = np.concatenate((before.text, np.frombuffer(b"".join(words), np.uint8)))
        index.keep(self._session, PLACES, {"text": text, "ends": np.concatenate((before.ends, ends))})

    def _add_words(self, segment: Segment) -> None:
        """Keep a segment; several small ones become one."""
        state, session = self._state, self._session
        self._keep_words(segment)
        small = [(number, size) for number, size in state.segments if size <= search.LARGEST // 2]
        if len(small) < _SMALL_SEGMENTS:
            return
        joined: list[tuple[int, int]] = []
        for number, size in small:
            if sum(known for _, known in joined) + size <= search.LARGEST:
                joined.append((number, size))
        parts = [Segment(**index.opened(session, index.words_drawer(number))) for number, _ in joined]
        state.segments = [each for each in state.segments if tuple(each) not in joined]
        self._keep_words(search.merged(parts))
        for number, _ in joined:
            session.drop(index.words_drawer(number))

    def _keep_words(self, segment: Segment) -> None:
        index.keep(self._session, index.words_drawer(self._state.next), segment._asdict())
        self._state.segments.append((self._state.next, len(segment.slots)))
        self._state.next += 1


def _tapped(read: _Read, pairs: int) -> int:
    """Return what stands for the answers, the place and the day of a ticket that says too little to be compared, or 0.

    One that names something is never alike.
    """
    ticket = read.ticket
    if ticket is None or pairs or ticket.identifiers:
        return 0
    return hash((ticket.created.date(), ticket.answered, rows.short(ticket.where).casefold())) & _POSITIVE | 1


def _sorted(kept: Table) -> "NDArray[np.int32]":
    """Return the slots of the tickets that are there, by their ids."""
    there = np.flatnonzero(~kept["gone"]).astype(np.int32)
    found: NDArray[np.int32] = there[np.argsort(table.keys(kept)[there])]
    return found
