"""A session's index follows the tickets of its desk, in either database, however often the opening is broken off."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bot.desk import refresh, search
from bot.desk.inbox import Inbox
from bot.desk.refresh import refreshed
from bot.desk.sessions import Session, SessionOver, Sessions
from bot.reports.ticket import Identifier, Place
from bot.runtime.desk_session import DeskSession
from bot.store import tables
from tests.databases import url as url
from tests.desks import Site, found, phone

WORDS = ("перша", "друга", "третя", "четверта", "п'ята", "шоста", "сьома")


@pytest.fixture
def site(tmp_path, url) -> Iterator[Site]:
    site = found(tmp_path, url)
    yield site
    site.database.close()


@pytest.fixture
def session() -> Session:
    return Sessions().start()[1]


def look(session: Session, desk: DeskSession) -> Inbox:
    index = refreshed(session, desk, noted=True)
    while index.waiting:
        index = refreshed(session, desk, noted=True)
    return Inbox(index)


def shown(inbox: Inbox, state: str = "new") -> set[str]:
    return set(inbox.ids(inbox.having("state", state)))


def test_an_opening_that_is_broken_off_goes_on_and_comes_to_the_same(site: Site, session: Session, monkeypatch) -> None:
    sent = [site.report(narrative=word, place=Place(country="DE", words=word)) for word in WORDS]
    desk = site.at_work()
    whole = look(Sessions().start()[1], desk)
    monkeypatch.setattr(refresh, "AT_ONCE", 1)
    monkeypatch.setattr(refresh, "_SMALL_SEGMENTS", 3)
    monkeypatch.setattr(search, "LARGEST", 4)
    waiting = []
    for _ in WORDS:
        index = refreshed(session, desk, noted=True)
        waiting.append(index.waiting)
    assert waiting == [6, 5, 4, 3, 2, 1, 0]
    parts = Inbox(index)
    everything = parts.having("state", "new")
    assert parts.ids(everything) == whole.ids(whole.having("state", "new")) and set(parts.ids(everything)) == set(sent)
    for word, id in zip(WORDS, sent, strict=True):
        assert parts.ids(parts.found(word, lambda part: ())) == (id,)
    assert {row.place for row in parts.rows(parts.lines(everything))} == set(WORDS)


def test_what_others_do_is_seen_at_the_next_look(site: Site, session: Session) -> None:
    kept, decided, withdrawn, handed = (site.report(narrative=word) for word in WORDS[:4])
    desk = site.at_work()
    look(session, desk)
    site.tickets.set_state(decided, "accepted", desk_day := site.tickets.get(kept).day)
    site.tickets.withdraw(withdrawn, desk_day)
    with site.database.write() as connection:
        connection.execute(update(tables.ticket).where(tables.ticket.c.id == handed).values(desk="hotline"))
    late = site.report(narrative=WORDS[5])
    inbox = look(session, desk)
    assert shown(inbox) == {kept, late} and shown(inbox, "accepted") == {decided}
    assert inbox.counts()["new"] == 2
    found = [inbox.ids(inbox.found(WORDS[word], lambda part: ())) for word in (2, 5)]
    assert found == [(), (late,)]


def test_a_copy_that_comes_later_joins_its_lane_and_its_link(site: Site, session: Session) -> None:
    advert = "Робота на складі в Німеччині, житло безкоштовно, документи робимо самі, виїзд завтра"
    first = site.report(offer=advert, identifiers=(phone(),))
    many = [site.report(narrative=f"{word} людина розповіла") for word in WORDS]
    desk = site.at_work()
    look(session, desk)
    copy = site.report(offer=f"{advert}. Пишіть", identifiers=(phone(),))
    own = site.report(narrative="Він обіцяв моїй сестрі роботу, а потім забрав її паспорт", identifiers=(phone(),))
    inbox = look(session, desk)
    assert set(inbox.ids(inbox.lane(first))) == {first, copy}
    assert len(inbox.lines(inbox.having("state", "new")).slots) == len(many) + 2
    leads = desk.leads.of(desk.ticket(first)[1])
    links = inbox.links(first, leads)
    assert links is not None
    assert [(set(link.tickets), link.texts, link.accepted) for link in links] == [({first, copy, own}, 2, 0)]
    assert inbox.links("f" * 32, leads) is None


def test_nothing_is_kept_for_a_session_that_was_locked_meanwhile(site: Site) -> None:
    site.report(narrative=WORDS[0], identifiers=(Identifier(value="@x", type="handle"),))
    desk, sessions = site.at_work(), Sessions()
    token, session = sessions.start()
    session.put("keys", "x")
    other = sessions.find(token)
    assert other is not None
    other.lock()
    with pytest.raises(SessionOver):
        refreshed(session, desk, noted=True)
    again = sessions.find(token)
    assert again is not None and again.locked
