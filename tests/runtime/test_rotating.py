"""A desk changes its keys: who left opens nothing, who stays opens everything, and reports keep coming in."""

from dataclasses import replace

import pytest

from bot.privacy.member_keys import WrongPassphrase
from bot.privacy.powers import Role
from bot.privacy.recovery import new_recovery
from bot.privacy.seal import Label, SealError, open_field
from bot.runtime import desk_session, joining, key_folder, people, rotating
from bot.runtime.desk_session import DeskError
from bot.runtime.key_folder import SiteKeys
from bot.runtime.upkeep import bring_up
from bot.store import tables
from bot.store.desks import Desks
from tests.desks import PASSPHRASE, TODAY, Site, phone

OTHER = "copper lantern under the bridge"


def contents(site: Site, **who: str) -> dict[str, "str | None"]:
    return {each.record.id: each.content and each.content.narrative for each in site.at_work(**who).tickets()}


def test_who_left_opens_nothing_any_more_and_who_stays_opens_everything(site: Site) -> None:
    site.joins("leaver")
    sent = {site.report(narrative=f"words {number}"): f"words {number}" for number in range(3)}
    answer = site.answers(next(iter(sent)), b"an answer")
    leaver = desk_session.log_in(site.settings, "ngo", "leaver", PASSPHRASE)
    before = {id: site.tickets.get(id) for id in sent}
    assert rotating.leave(site.at_work(), "leaver") == 3
    with pytest.raises(DeskError, match="no member leaver"):
        site.at_work(name="leaver")
    assert contents(site) == sent
    session, ticket = site.at_work(), next(iter(sent))
    [message] = site.tickets.messages(ticket)
    label = Label(ticket, "to_desk", 1)
    assert message.id == answer
    assert open_field(label, message.sealed_to_desk, session.opened.keys.identity) == b"an answer"
    for id, old in before.items():
        record = site.tickets.get(id)
        assert record and old and record == replace(old, generation=2, sealed_body=record.sealed_body, indexed="desk")
        with pytest.raises(SealError):
            open_field(Label(id, "body", 1), record.sealed_body or b"", leaver.opened.keys.identity)


def test_the_earlier_secret_is_forgotten_with_the_members_and_invitations_of_its_time(site: Site) -> None:
    site.joins("leaver")
    code = people.invite(site.at_work(), Role.INTAKE)
    rotating.leave(site.at_work(), "leaver")
    desks = Desks(site.database)
    row = desks.get("ngo", 2)
    assert desks.get("ngo", 1) is None and row is not None and row.sealed_earlier is None
    assert [member.name for member in desks.members("ngo")] == ["olha"]
    with pytest.raises(DeskError, match="was used or has expired"):
        joining.ask(site.settings, code, "late", PASSPHRASE)


def test_a_chat_that_started_before_seals_to_the_new_keys(site: Site) -> None:
    chat = site.reporting
    rotating.rotate(site.at_work())
    ticket = site.report(reporting=chat, narrative="later")
    record = site.tickets.get(ticket)
    assert record is not None and record.generation == 2 and contents(site) == {ticket: "later"}


def test_a_report_sealed_while_the_keys_changed_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    chat, before = site.reporting, key_folder.read(site.settings.key_folder).pins.current("ngo")
    rotating.rotate(site.at_work())
    monkeypatch.setattr(SiteKeys, "pin_now", lambda keys, desk: before)
    with pytest.raises(AssertionError):
        site.report(reporting=chat, narrative="slow")
    assert contents(site) == {}


def test_a_desk_can_change_its_keys_again_and_again(site: Site) -> None:
    ticket = site.report(narrative="words")
    for _ in range(3):
        rotating.rotate(site.at_work())
    assert contents(site) == {ticket: "words"}
    pin = key_folder.read(site.settings.key_folder).pins.current("ngo")
    assert pin.generation == 4


def test_other_desks_notice_nothing(site: Site) -> None:
    ticket = site.report("hotline", narrative="theirs")
    rotating.rotate(site.at_work())
    assert contents(site, desk="hotline") == {ticket: "theirs"}


def test_nobody_takes_themselves_out(site: Site) -> None:
    site.joins("second")
    with pytest.raises(DeskError, match="Someone who stays must do this"):
        rotating.leave(site.at_work(), "olha")
    with pytest.raises(DeskError, match="no member nobody"):
        rotating.leave(site.at_work(), "nobody")
    assert contents(site, name="second") == {}


def test_a_session_with_the_keys_before_is_told_to_begin_again(site: Site) -> None:
    early = site.at_work()
    rotating.rotate(site.at_work())
    with pytest.raises(DeskError, match="have changed meanwhile"):
        bring_up(early)


def test_a_ticket_that_does_not_open_stops_no_change_of_keys(site: Site) -> None:
    foreign, own = site.report("hotline", narrative="theirs"), site.report(narrative="ours")
    with site.database.write() as connection:
        connection.execute(tables.ticket.update().where(tables.ticket.c.id == foreign).values(desk="ngo"))
    rotating.rotate(site.at_work())
    assert contents(site) == {own: "ours", foreign: None}


def test_tombstones_hold_no_key_back(site: Site) -> None:
    ticket = site.report(narrative="words", identifiers=(phone(),))
    site.at_work()
    site.tickets.withdraw(ticket, TODAY)
    rotating.rotate(site.at_work())
    record = site.tickets.get(ticket)
    assert record and record.generation == 2 and record.state == "revoked"
    with site.database.read() as connection:
        assert connection.execute(tables.index_entry.select()).all() == []


def test_a_forged_earlier_secret_is_found_before_a_ticket_is_touched(site: Site) -> None:
    """Whoever writes to the database knows D and can seal anything to it."""
    from bot.privacy.desk_keys import new_secret, wrap_secret
    from bot.privacy.roster import RosterError

    rotating.rotate(site.at_work())
    pin = key_folder.read(site.settings.key_folder).pins.current("ngo")
    forged = wrap_secret(new_secret(), "ngo", 1, [pin.recipient])
    with site.database.write() as connection:
        connection.execute(tables.desk_secret.update().values(sealed_earlier=forged))
    with pytest.raises(RosterError, match="not the pinned secret"):
        site.at_work()


def test_a_missing_earlier_secret_leaves_the_tickets_that_need_it_closed_and_hides_no_other(site: Site) -> None:
    ticket = site.report(narrative="words")
    sealed = site.tickets.get(ticket)
    first = Desks(site.database).get("ngo", 1)
    rotating.rotate(site.at_work())
    with site.database.write() as connection:
        row = {"desk": "ngo", "generation": 1, "sealed_secret": first.sealed_secret if first else b""}
        connection.execute(tables.desk_secret.insert(), [row])
        connection.execute(tables.ticket.update().values(generation=1))
    # Sealed to the present keys, whatever the database says of it.
    assert contents(site) == {ticket: "words"}
    assert sealed is not None and sealed.sealed_body is not None
    with site.database.write() as connection:
        connection.execute(tables.ticket.update().values(generation=1, sealed_body=sealed.sealed_body))
    other = site.report(narrative="other words")
    assert contents(site) == {ticket: None, other: "other words"}
    after = site.tickets.get(ticket)
    assert after is not None and after.sealed_body == sealed.sealed_body


def test_the_recovery_key_gives_a_lost_passphrase_back(site: Site) -> None:
    ticket = site.report(narrative="words")
    found = joining.recover(site.settings, "ngo", site.recovery.code, "olha", OTHER, TODAY)
    assert found.name == "olha" and site.sits("olha", passphrase=OTHER).role is Role.INTAKE
    assert len(Desks(site.database).members("ngo")) == 1
    with pytest.raises(WrongPassphrase):
        site.at_work()
    assert contents(site, passphrase=OTHER) == {ticket: "words"}


def test_the_recovery_key_lets_in_a_new_member_when_all_are_lost(site: Site) -> None:
    ticket = site.report(narrative="words")
    rotating.rotate(site.at_work())
    joining.recover(site.settings, "ngo", site.recovery.code.lower(), "new", OTHER, TODAY)
    session = site.at_work(name="new", passphrase=OTHER)
    assert rotating.leave(session, "olha") == 1
    assert contents(site, name="new", passphrase=OTHER) == {ticket: "words"}


def test_another_sites_paper_opens_nothing(site: Site) -> None:
    with pytest.raises(DeskError, match="another site's"):
        joining.recover(site.settings, "ngo", new_recovery().code, "thief", OTHER, TODAY)
    assert [member.name for member in Desks(site.database).members("ngo")] == ["olha"]
