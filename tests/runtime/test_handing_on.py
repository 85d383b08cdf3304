"""Handing a ticket on, and asking who else follows its leads: only as far as the reporter and the desks allow."""

from typing import Any, Optional

import pytest

from bot.privacy import letters
from bot.privacy.desk_keys import DeskKeys
from bot.privacy.pins import PinError
from bot.privacy.seal import SealError, reseal, seal
from bot.reports import notes
from bot.reports.notes import Note
from bot.runtime import handing_on, key_folder, rotating
from bot.runtime.desk_session import DeskError
from bot.runtime.handing_on import elsewhere, hand_on
from bot.store import tables
from bot.store.desks import Desks
from bot.store.errors import StoreUnavailable
from bot.store.letters import message_of
from bot.store.records import MessageRecord
from bot.store.upkeep import Upkeep
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


def told(site: Site, ticket: str) -> list[tuple[str, Optional[str], str]]:
    """What the holder of the receipt reads, and whose it is."""
    receipt = site.reporting.follow_up.find(site.codes[ticket])
    assert receipt is not None
    return [(note.kind, note.desk, note.text) for _, note in receipt.notes]


def read(site: Site, ticket: str, desk: str) -> list[tuple[str, Optional[str], str, Optional[str]]]:
    """What a desk reads, whose it is, and which member's."""
    thread = site.at_work(desk).talk.thread(ticket)
    assert thread.closed == 0
    return [(note.kind, note.desk, note.text, note.member) for _, note in thread.said]


def asked_and_handed_on(site: Site, words: str = "Which town?") -> str:
    ticket = site.report(narrative="words")
    session = site.at_work()
    session.talk.ask(session.ticket(ticket)[0], words)
    hand_on(session, ticket, "hotline")
    return ticket


def test_what_the_former_desk_said_stays_its_own_for_the_new_desk_and_the_reporter(site: Site) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    session.talk.ask(session.ticket(ticket)[0], "Which town?")
    session.talk.decide(session.ticket(ticket)[0], "accepted")
    assert site.reporting.follow_up.answer("a" * 32, ticket, 1, "Rzeszów", site.question_recipient(ticket)) == "sent"
    hand_on(session, ticket, "hotline")
    before = [("question", "ngo", "Which town?"), ("decision", "ngo", ""), ("answer", None, "")]
    assert told(site, ticket) == before
    assert read(site, ticket, "hotline") == [
        ("question", "ngo", "Which town?", "olha"),
        ("decision", "ngo", "", "olha"),
        ("answer", None, "Rzeszów", None),
    ]
    there = site.at_work("hotline")
    assert there.talk.ask(there.ticket(ticket)[0], "Which street?") == 3
    assert told(site, ticket) == [*before, ("question", "hotline", "Which street?")]
    assert site.reporting.follow_up.answer("b" * 32, ticket, 3, "None", site.question_recipient(ticket)) == "sent"
    assert read(site, ticket, "hotline")[-1] == ("answer", None, "None", None)


def test_they_are_read_after_either_desk_changed_its_keys_and_after_going_on_to_a_third(site: Site) -> None:
    ticket = site.report(narrative="words", recipients=("ngo", "hotline", "police"))
    session = site.at_work()
    session.talk.ask(session.ticket(ticket)[0], "Which town?")
    hand_on(session, ticket, "hotline")
    asked = [("question", "ngo", "Which town?")]
    for desk in ("ngo", "hotline", "ngo"):
        rotating.rotate(site.at_work(desk))
        assert told(site, ticket) == asked
        assert read(site, ticket, "hotline") == [("question", "ngo", "Which town?", "olha")]
    there = site.at_work("hotline")
    there.talk.decide(there.ticket(ticket)[0], "accepted")
    hand_on(there, ticket, "police")
    for desk in ("hotline", "police"):
        rotating.rotate(site.at_work(desk))
        assert told(site, ticket) == [*asked, ("decision", "hotline", "")]
        assert [said[:2] for said in read(site, ticket, "police")] == [("question", "ngo"), ("decision", "hotline")]


def test_a_change_of_keys_that_was_broken_off_signs_what_other_desks_have_when_it_is_finished(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = asked_and_handed_on(site)
    with monkeypatch.context() as broken:
        broken.setattr(Upkeep, "sign_anew", lambda *_: (_ for _ in ()).throw(StoreUnavailable("gone")))
        with pytest.raises(StoreUnavailable):
            rotating.rotate(site.at_work())
    assert told(site, ticket) == []
    site.at_work()
    assert told(site, ticket) == [("question", "ngo", "Which town?")]


def rewrite(site: Site, message: MessageRecord, **values: Any) -> None:
    with site.database.write() as connection:
        changed = tables.message.update().where(tables.message.c.id == message.id)
        connection.execute(changed.values(**values))


def shows_nothing(site: Site, ticket: str, desk: str = "hotline") -> None:
    thread = site.at_work(desk).talk.thread(ticket)
    assert (told(site, ticket), thread.said, thread.closed) == ([], (), 1)


def test_nobody_makes_a_letter_of_one_desk_into_another_s(site: Site) -> None:
    ticket = asked_and_handed_on(site)
    [message] = site.tickets.messages(ticket)
    # Signed by the desk that has the ticket now, which has a key of its own, over the former desk's words.
    forger = site.at_work("hotline").opened.keys
    as_ours = letters.from_desk("hotline", forger, site.question_recipient(ticket), ticket, 1, b"x", b"x")
    over_theirs = forger.sign("letter", letters._signed(ticket, message.sealed_to_receipt))
    rewrite(site, message, signature=over_theirs)
    shows_nothing(site, ticket)
    # Its own letter, with the former desk's name inside.
    in_their_name = letters.from_desk("ngo", forger, site.question_recipient(ticket), ticket, 1, b"x", b"x")
    for forged, signature in ((in_their_name, in_their_name.signature), (as_ours, message.signature)):
        rewrite(
            site, message, sealed_to_desk=forged.for_desk, sealed_to_receipt=forged.for_reporter, signature=signature
        )
        shows_nothing(site, ticket)
    # The former desk's words for the reporter, and others for the desk.
    for_desk = in_their_name.for_desk
    rewrite(
        site, message, sealed_to_desk=for_desk, sealed_to_receipt=message.sealed_to_receipt, signature=message.signature
    )
    assert told(site, ticket) == [("question", "ngo", "Which town?")]
    assert site.at_work("hotline").talk.thread(ticket).said == ()


def test_a_letter_of_another_ticket_or_of_a_desk_that_only_the_database_knows_is_not_shown(site: Site) -> None:
    one, other = asked_and_handed_on(site, "one"), asked_and_handed_on(site, "other")
    [message], [moved] = site.tickets.messages(one), site.tickets.messages(other)
    values = {name: getattr(moved, name) for name in ("sealed_to_desk", "sealed_to_receipt", "signature")}
    rewrite(site, message, **values)
    shows_nothing(site, one)
    keys = DeskKeys.from_secret(bytes(32))
    forged = letters.from_desk("new", keys, site.question_recipient(one), one, 1, b"x", b"x")
    for_desk = seal(b"x", [site.at_work("hotline").opened.keys.recipient])
    rewrite(site, message, sealed_to_desk=for_desk, sealed_to_receipt=forged.for_reporter, signature=forged.signature)
    shows_nothing(site, one)


def test_whoever_has_a_desk_s_earlier_keys_writes_nothing_in_its_name(site: Site) -> None:
    ticket = asked_and_handed_on(site)
    leaver = site.at_work().opened.keys
    rotating.rotate(site.at_work())
    [message] = site.tickets.messages(ticket)
    forged = letters.from_desk("ngo", leaver, site.question_recipient(ticket), ticket, 1, b"x", b"x")
    rewrite(
        site,
        message,
        sealed_to_desk=reseal(forged.for_desk, leaver.identity, [site.at_work("hotline").opened.keys.recipient]),
        sealed_to_receipt=forged.for_reporter,
        signature=forged.signature,
    )
    shows_nothing(site, ticket)
    # Nor does the desk sign it for them, the next time that it changes its keys.
    rotating.rotate(site.at_work())
    shows_nothing(site, ticket)


def test_what_only_a_desk_can_say_is_not_read_from_an_unsigned_letter(site: Site) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    claims = notes.to_bytes(Note(kind="decision", at=notes.now(), state="rejected", member="olha", desk="ngo"))
    recipients = session.opened.keys.recipient, site.question_recipient(ticket)
    site.tickets.add_message(message_of("f" * 32, letters.from_reporter(*recipients, ticket, 1, claims, claims), TODAY))
    assert (session.talk.thread(ticket).said, session.talk.thread(ticket).closed) == ((), 1)
    assert told(site, ticket) == []


def test_a_letter_that_does_not_open_keeps_no_ticket_back(site: Site) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    session.talk.ask(session.ticket(ticket)[0], "Which town?")
    [message] = site.tickets.messages(ticket)
    rewrite(site, message, sealed_to_desk=seal(b"x", [site.recovery.recipient]))
    hand_on(session, ticket, "hotline")
    assert site.at_work("hotline").talk.thread(ticket).closed == 1
    assert told(site, ticket) == [("question", "ngo", "Which town?")]


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
        ("hotline", {"not_to_kinds": ("hotline",)}, "the reporter left it out"),
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


def test_the_reason_stands_sealed_behind_where_it_went(site: Site) -> None:
    ticket = site.report(narrative="words")
    session = site.at_work()
    hand_on(session, ticket, "hotline", "they speak Ukrainian")
    entries, _ = session.log.examine("ngo", key_folder.read(site.settings.key_folder).pins)
    assert session.log.reasons(session.opened, entries) == {entries[-1].number: "to hotline: they speak Ukrainian"}


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
