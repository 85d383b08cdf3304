"""Links appear when a desk is at work, and nothing of what they are made of lies in the clear."""

import pytest

from bot.privacy.index_tags import tag
from bot.runtime.linking import links_among, links_of
from bot.store import tables
from tests.desks import PHONE, TODAY, Site, phone

OWN_WORDS = "Цей чоловік забрав мою сестру до готелю і не дає їй дзвонити додому вже другий тиждень"
ADVERT = "Робота в Польщі без досвіду, 3000 євро на місяць, житло безкоштовно, виїзд завтра вранці"


def tags(site: Site) -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    with site.database.read() as connection:
        for row in connection.execute(tables.index_tag.select()):
            found.setdefault(row.ticket, set()).add(row.tag)
    return found


def test_links_are_counted_with_their_reason(site: Site) -> None:
    first = site.report(offer=ADVERT, identifiers=(phone(),))
    site.report(offer=ADVERT + " пишіть", identifiers=(phone(),))
    third = site.report(narrative=OWN_WORDS, identifiers=(phone("+380671112233"), phone()))
    site.report(narrative="nothing shared", identifiers=(phone("+380671112244"),))
    site.report("hotline", narrative="another desk", identifiers=(phone(),))
    site.tickets.set_state(third, "accepted")
    session = site.at_work()
    found = links_of(session, *session.ticket(first))
    assert [str(link) for link in found] == [f"3 tickets, 2 independent texts, 1 accepted: phone {PHONE}"]
    among = links_among(session, session.tickets())
    assert set(among.values()) == set(found) and set(among) == set(found[0].tickets)


def test_the_index_holds_tags_only_and_follows_its_ticket(site: Site) -> None:
    ticket = site.report(offer=ADVERT, identifiers=(phone(),))
    assert tags(site) == {}
    session = site.at_work()
    own = tag(session.opened.keys.index_key, "phone", PHONE)
    assert session.shared_key is not None
    shared = tag(session.shared_key, "phone", PHONE)
    assert tags(site) == {ticket: {own}}
    site.tickets.set_state(ticket, "accepted")
    site.at_work()
    assert tags(site) == {ticket: {own, shared}}
    site.tickets.set_state(ticket, "done")
    site.at_work()
    assert tags(site) == {ticket: {own, shared}}
    site.tickets.withdraw(ticket, TODAY)
    assert tags(site) == {}


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
