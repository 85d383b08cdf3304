"""Links appear when a desk is at work, and nothing of what they are made of lies in the clear."""

from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest

from bot.privacy.index_tags import TagOpener, tag
from bot.runtime import rotating
from bot.runtime.handing_on import hand_on
from bot.runtime.linking import links_among, links_of
from bot.store import tables
from bot.store.records import HoldRecord
from tests.desks import PHONE, TODAY, Site, phone

OWN_WORDS = "Цей чоловік забрав мою сестру до готелю і не дає їй дзвонити додому вже другий тиждень"
ADVERT = "Робота в Польщі без досвіду, 3000 євро на місяць, житло безкоштовно, виїзд завтра вранці"


def entries(site: Site) -> dict[str, tuple[bytes, Optional[bytes]]]:
    with site.database.read() as connection:
        rows = connection.execute(tables.index_entry.select()).all()
    return {row.ticket: (row.own, row.shared) for row in rows}


def test_links_are_counted_with_their_reason(site: Site) -> None:
    first = site.report(offer=ADVERT, identifiers=(phone(),))
    site.report(offer=ADVERT + " пишіть", identifiers=(phone(),))
    third = site.report(narrative=OWN_WORDS, identifiers=(phone("+380671112233"), phone()))
    site.report(narrative="nothing shared", identifiers=(phone("+380671112244"),))
    site.report("hotline", narrative="another desk", identifiers=(phone(),))
    site.tickets.set_state(third, "accepted", TODAY)
    session = site.at_work()
    found = links_of(session, *session.ticket(first))
    assert [str(link) for link in found] == [f"3 tickets, 2 independent texts, 1 accepted: phone {PHONE}"]
    among = links_among(session, session.tickets())
    assert set(among.values()) == set(found) and set(among) == set(found[0].tickets)


def test_the_index_holds_sealed_tags_only_and_follows_its_ticket(site: Site) -> None:
    ticket = site.report(offer=ADVERT, identifiers=(phone(),))
    assert entries(site) == {}
    session = site.at_work()
    key = session.opened.keys.index_key
    own, shared = entries(site)[ticket]
    assert tag(key, "phone", PHONE) in TagOpener(key).open(ticket, own) and shared is None
    assert session.shared_key is not None
    for state in ("accepted", "done"):
        site.tickets.set_state(ticket, state, TODAY)
        site.at_work()
        _, shared = entries(site)[ticket]
        assert shared is not None
        assert tag(session.shared_key, "phone", PHONE) in TagOpener(session.shared_key).open(ticket, shared)
    site.tickets.withdraw(ticket, TODAY)
    assert entries(site) == {}


def test_two_tickets_that_share_everything_have_nothing_in_common_at_rest(site: Site) -> None:
    one, other = (site.report(offer=ADVERT, identifiers=(phone(), phone("+380671112233"))) for _ in range(2))
    site.at_work()
    first, second = entries(site)[one][0], entries(site)[other][0]
    pieces = [{sealed[at : at + 8] for at in range(len(sealed) - 7)} for sealed in (first, second)]
    assert not pieces[0] & pieces[1] and len(first) == len(second)


def test_an_entry_of_another_ticket_is_refused_and_hides_no_other(site: Site) -> None:
    ids = [site.report(offer=f"{ADVERT} {number}", identifiers=(phone(),)) for number in range(3)]
    session = site.at_work()
    with site.database.write() as connection:
        moved = tables.index_entry.update().where(tables.index_entry.c.ticket == ids[1])
        connection.execute(moved.values(own=entries(site)[ids[2]][0]))
    [link] = links_of(session, *session.ticket(ids[0]))
    assert set(link.tickets) == {ids[0], ids[2]}


def test_desks_have_their_own_keys_and_one_that_they_share(site: Site) -> None:
    sessions = [site.at_work(desk) for desk in ("ngo", "hotline", "police")]
    assert len({session.shared_key for session in sessions}) == 1
    assert len({session.opened.keys.index_key for session in sessions}) == 3


def test_a_shared_key_that_the_desk_did_not_sign_is_not_used(site: Site) -> None:
    from bot.privacy.seal import Label, SealError, seal_field

    session = site.at_work()
    forged = seal_field(Label("ngo", "deconfliction key", 1), b"s" * 64 + b"k" * 32, [session.opened.keys.recipient])
    with site.database.write() as connection:
        connection.execute(tables.desk_secret.update().values(sealed_shared_key=forged))
    session.row()
    with pytest.raises(SealError, match="did not sign"):
        _ = session.shared_key


def test_an_entry_whose_term_is_over_comes_back_neither_with_new_keys_nor_at_another_desk(site: Site) -> None:
    ids = [site.report(offer=ADVERT, identifiers=(phone(),)) for _ in range(4)]
    old, held, handed, fresh = ids
    today = datetime.now(timezone.utc).date()
    for id in ids:
        days = 20 if id == fresh else 800
        site.tickets.set_state(id, "accepted", today)
        with site.database.write() as connection:
            dated = tables.ticket.update().where(tables.ticket.c.id == id)
            connection.execute(dated.values(day=today - timedelta(days=days)))
    site.tickets.hold(HoldRecord(held, today, "court_order"))
    session = site.at_work()
    assert set(entries(site)) == {held, fresh}
    hand_on(session, handed, "hotline")
    site.at_work("hotline")
    rotating.rotate(site.at_work())
    session = site.at_work()
    assert set(entries(site)) == {held, fresh}
    assert session.ticket(old)[1].offer == ADVERT
    [link] = links_of(session, *session.ticket(fresh))
    assert set(link.tickets) == {fresh, held}
