"""Handing a ticket on, and asking who else follows its leads: only as far as the reporter and the desks allow."""

import pytest

from bot.privacy.pins import PinError
from bot.privacy.seal import SealError
from bot.runtime import handing_on, key_folder, rotating
from bot.runtime.desk_session import DeskError
from bot.runtime.handing_on import elsewhere, hand_on
from bot.store import tables
from bot.store.desks import Desks
from tests.desks import PHONE, TODAY, Site, opened_answer, phone


def accepted(site: Site, desk: str = "ngo", **content: object) -> str:
    ticket = site.report(desk, **{"identifiers": (phone(),), **content})
    assert site.tickets.set_state(ticket, "accepted", TODAY)
    site.at_work(desk)
    return ticket


def test_a_ticket_goes_over_whole_and_only_the_new_desk_opens_it(site: Site) -> None:
    ticket = site.report(narrative="words", identifiers=(phone(),))
    site.answers(ticket, b"an answer")
    session = site.at_work()
    before = session.ticket(ticket)[0]
    there = hand_on(session, ticket, "hotline")
    receiving = site.at_work("hotline")
    record, content = receiving.ticket(ticket)
    assert content.narrative == "words" and (record.desk, record.state) == ("hotline", "new")
    for name in ("kind", "concern", "level", "platform_kind", "day", "receipt_tag", "question_recipient"):
        assert getattr(record, name) == getattr(before, name)
    [message] = site.tickets.messages(ticket)
    assert opened_answer(receiving, message) == b"an answer"
    with pytest.raises(SealError):
        opened_answer(session, message)
    with pytest.raises(DeskError, match="has no ticket"):
        session.ticket(ticket)
    receipt = site.reporting.follow_up.find(site.codes[ticket])
    assert receipt is not None and (receipt.status, receipt.ticket) == ("new", there.id)
    with site.database.read() as connection:
        assert [row.target for row in connection.execute(tables.outbox.select())] == ["hotline"]


def test_it_goes_to_the_keys_that_the_other_desk_has_now(site: Site) -> None:
    ticket = site.report(narrative="words")
    rotating.rotate(site.at_work("hotline"))
    hand_on(site.at_work(), ticket, "hotline")
    assert site.at_work("hotline").ticket(ticket)[1].narrative == "words"


@pytest.mark.parametrize(
    "to, content, says",
    [
        ("ngo", {}, "is at desk ngo already"),
        ("police", {}, "the reporter has not agreed to it"),
        ("police", {"not_to": ("police",), "not_to_kinds": ("police",)}, "the reporter left it out"),
        ("hotline", {"not_to": ("hotline",)}, "the reporter left it out"),
        ("hotline", {"not_to_kinds": ("hotline",)}, "the reporter has not agreed to it"),
    ],
)
def test_a_ticket_stays_where_the_reporter_wants_it(site: Site, to: str, content: dict[str, object], says: str) -> None:
    ticket = accepted(site, **content)
    session = site.at_work()
    before = session.ticket(ticket)[0]
    with pytest.raises(DeskError, match=says):
        hand_on(session, ticket, to)
    assert session.ticket(ticket)[0] == before


def test_the_police_get_what_was_agreed_to_and_accepted(site: Site) -> None:
    ticket = site.report(narrative="words", recipients=("ngo", "police"))
    with pytest.raises(DeskError, match="receives qualified tickets only"):
        hand_on(site.at_work(), ticket, "police")
    site.tickets.set_state(ticket, "accepted", TODAY)
    hand_on(site.at_work(), ticket, "police")
    assert site.at_work("police").ticket(ticket)[1].narrative == "words"


def test_a_desk_that_is_not_pinned_gets_nothing(site: Site) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    file = site.settings.site
    file.write_text(file.read_text() + "  - {id: new, name: New, kind: hotline}\n")
    with pytest.raises(PinError, match="Desk new is not pinned"):
        hand_on(session, ticket, "new")


def test_a_ticket_that_changed_meanwhile_stays(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    monkeypatch.setattr(session, "note", lambda *_: site.answers(ticket))
    with pytest.raises(DeskError, match="has changed meanwhile"):
        hand_on(session, ticket, "hotline")
    assert site.at_work().ticket(ticket)[1].narrative == "words"


def test_another_desk_with_the_same_lead_is_found(site: Site) -> None:
    mine, _theirs, waiting = accepted(site), accepted(site, "hotline"), site.report("police", identifiers=(phone(),))
    [hit] = elsewhere(site.at_work(), mine, "case 12/26")
    assert (hit.desk, hit.lead.value, hit.tickets) == ("hotline", PHONE, 1) and waiting
    session = site.at_work()
    entries, wrong = session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)
    assert not wrong and (entries[-1].action, entries[-1].subject) == ("others", mine)
    assert session.log.reasons(session.opened, entries) == {entries[-1].number: "case 12/26"}


def test_a_silent_desk_and_an_excluding_ticket_are_never_found(site: Site) -> None:
    mine = accepted(site)
    accepted(site, "police", not_to_kinds=("ngo",))
    accepted(site, "hotline")
    Desks(site.database).share("hotline", "silently")
    site.at_work("hotline")
    with site.database.write() as connection:
        connection.execute(tables.desk.update().values(sharing="openly"))
    # Nothing is stored that could be found, whatever the database says of sharing.
    assert elsewhere(site.at_work(), mine, "case 12/26") == ()


def test_only_accepted_tickets_with_a_reason_and_not_too_often(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_on, "QUESTIONS_A_DAY", 2)
    mine, new = accepted(site), site.report(identifiers=(phone(),))
    session = site.at_work()
    with pytest.raises(DeskError, match="is new: ask other desks about an accepted one"):
        elsewhere(session, new, "reason")
    with pytest.raises(DeskError, match="Give a reason"):
        elsewhere(session, mine, "  ")
    for _ in range(2):
        assert elsewhere(session, mine, "reason") == ()
    with pytest.raises(DeskError, match="2 such questions a day"):
        elsewhere(session, mine, "reason")
    site.joins("second")
    assert elsewhere(site.at_work(name="second"), mine, "reason") == ()
