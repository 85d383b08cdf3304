"""Who belongs to a desk: invited by whoever may, admitted by who opens tickets, and nobody by way of the database."""

from datetime import datetime, timedelta, timezone

import pytest

from bot.privacy import roster
from bot.privacy.passphrases import WeakPassphrase
from bot.privacy.powers import Act, Role
from bot.privacy.roster import RosterError
from bot.privacy.seal import SealError
from bot.reports.gate import hour_of
from bot.runtime import desk_session, joining, key_folder, people, rotating
from bot.runtime.desk_session import DeskSession
from bot.runtime.member_names import NameRefused
from bot.runtime.seat import DeskError, NotYourPart, Seat
from bot.store import tables
from bot.store.desks import Desks
from bot.store.second_factors import SecondFactors
from bot.store.watch import Watches
from tests.desks import PASSPHRASE, Site

NEW = "nine paper boats going south"


def whole(site: Site, seat: Seat) -> list[str]:
    """Return what the log says was done since the desk was founded."""
    entries, wrong = seat.log.examine(seat.desk, key_folder.read(site.settings.key_folder).pins)
    assert wrong == ()
    return [entry.action for entry in entries][1:]


def test_an_administrator_invites_a_member_admits_and_the_newcomer_opens_the_desk(site: Site) -> None:
    ticket = site.report(narrative="words")
    site.joins("admin", role=Role.ADMIN)
    admin = site.sits("admin")
    code = people.invite(admin, Role.HOTLINE)
    asked = joining.ask(site.settings, code, "Оксана", NEW)
    assert (asked.desk, asked.name, asked.role) == ("ngo", "Оксана", Role.HOTLINE)
    session = site.at_work()
    [waiting] = people.waiting_at(session)
    assert (waiting.name, waiting.role, waiting.inviter) == ("Оксана", Role.HOTLINE, "admin")
    other = f"{(int(asked.number.replace(' ', '')) + 1) % 10**8:08}"
    for wrong in (other, "", asked.number[:4]):
        with pytest.raises(people.OtherNumber):
            people.admit_compared(session, people.asking_as(session, "Оксана"), wrong)
    people.admit_compared(session, people.asking_as(session, "Оксана"), asked.number)
    opened = site.at_work(name="Оксана", passphrase=NEW)
    assert opened.role is Role.HOTLINE and opened.ticket(ticket)[1].narrative == "words"
    assert people.waiting_at(session) == ()
    assert whole(site, session) == ["invite", "admit", "invite", "admit"]


def test_who_asked_opens_nothing_before_a_member_admits_them(site: Site) -> None:
    asked = joining.ask(site.settings, people.invite(site.at_work(), Role.INTAKE), "oksana", NEW)
    with pytest.raises(DeskError, match="no member oksana"):
        site.sits("oksana", passphrase=NEW)
    people.withdraw(site.at_work(), asked.invitation)
    with pytest.raises(DeskError, match="This invitation is gone"):
        people.admit(site.at_work(), asked.invitation)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_does_not_hold_the_secret_opens_no_ticket_and_keeps_no_desk_awake(site: Site, role: Role) -> None:
    site.report(narrative="words")
    site.joins("other", role=role)
    before = Watches(site.database).of("ngo")
    long_ago = hour_of(datetime.now(timezone.utc) - timedelta(days=9))
    with site.database.write() as connection:
        connection.execute(tables.watch.update().values(last_login=long_ago))
    seat = site.sits("other")
    assert type(seat) is Seat and seat.role is role
    assert Watches(site.database).of("ngo").last_login == long_ago != before.last_login
    with pytest.raises(NotYourPart, match="opens no tickets"):
        desk_session.log_in(site.settings, "ngo", "other", PASSPHRASE)
    row = seat.row()
    with pytest.raises(SealError):
        roster.log_in(seat.member.locked_identity, PASSPHRASE, "other", row.sealed_secret, seat.pin)
    for act in (Act.READ, Act.ADMIT, Act.EXPORT):
        with pytest.raises(NotYourPart, match=f"is {role.value} at desk ngo"):
            seat.need(act)


def test_an_auditor_invites_nobody_and_an_administrator_takes_nobody_out(site: Site) -> None:
    site.joins("auditor", role=Role.AUDITOR)
    site.joins("admin", role=Role.ADMIN)
    with pytest.raises(NotYourPart):
        people.invite(site.sits("auditor"), Role.INTAKE)
    with pytest.raises(NotYourPart):
        people.reset_factor(site.sits("auditor"), site.at_work().member.id)
    with pytest.raises(NotYourPart):
        site.sits("admin").need(Act.TAKE_OUT)


def test_an_auditor_stays_one_over_new_keys_and_what_they_note_counts(site: Site) -> None:
    site.joins("auditor", role=Role.AUDITOR)
    early = site.sits("auditor")
    early.note("audit")
    rotating.rotate(site.at_work())
    with pytest.raises(DeskError, match="have changed meanwhile"):
        early.row()
    late = site.sits("auditor")
    late.note("audit")
    assert late.role is Role.AUDITOR and late.log_is_whole
    assert whole(site, late)[-2:] == ["sealed_anew", "audit"]


def test_an_auditor_who_left_is_out(site: Site) -> None:
    site.joins("auditor", role=Role.AUDITOR)
    rotating.leave(site.at_work(), "auditor")
    with pytest.raises(DeskError, match="no member auditor"):
        site.sits("auditor")


def test_whoever_writes_to_the_database_admits_nobody(site: Site) -> None:
    """They can put rows in and change them, but have no code, and no key that the desk certified."""
    session = site.at_work()
    asked = joining.ask(site.settings, people.invite(session, Role.AUDITOR), "oksana", NEW)
    thief = roster.new_member(NEW)
    own_key = {"recipient": thief.recipient, "verify_key": thief.verify_key, "locked_identity": thief.locked}
    for changed in ({"role": "intake"}, {"inviter": "f" * 32}, own_key, {"name": "thief"}):
        with site.database.write() as connection:
            before = dict(connection.execute(tables.invitation.select()).mappings().one())
            connection.execute(tables.invitation.update().values(**changed))
        with pytest.raises(RosterError):
            people.admit(session, asked.invitation)
        with site.database.write() as connection:
            connection.execute(tables.invitation.update().values(**before))
    member = Desks(site.database).member("ngo", "olha")
    assert member is not None
    with site.database.write() as connection:
        copied = {**member.__dict__, "id": "f" * 32, "name": "thief", **own_key}
        copied.pop("verify_key")
        connection.execute(tables.member.insert(), [copied])
    with pytest.raises(RosterError, match="no member thief"):
        site.sits("thief", passphrase=NEW)
    [stranger] = [each for each in people.members_of(session) if each.name == "thief"]
    assert stranger.role is None


def test_a_mistake_that_can_be_corrected_does_not_use_the_code_up(site: Site) -> None:
    code = people.invite(site.at_work(), Role.INTAKE)
    for name, passphrase, error in (
        ("oksana", "short", WeakPassphrase),
        ("<>", NEW, NameRefused),
        ("olha", NEW, DeskError),
    ):
        with pytest.raises(error):
            joining.ask(site.settings, code, name, passphrase)
    joining.ask(site.settings, code, "oksana", NEW)
    with pytest.raises(DeskError, match="was used or has expired"):
        joining.ask(site.settings, code, "again", NEW)
    with pytest.raises(DeskError, match="choose another name"):
        joining.ask(site.settings, people.invite(site.at_work(), Role.INTAKE), "oksana", NEW)


def test_another_member_takes_a_lost_second_factor_away(site: Site) -> None:
    second = site.joins("second")
    factors, session = SecondFactors(site.database), site.at_work()
    with pytest.raises(DeskError, match="has no one-time codes"):
        people.reset_factor(session, second.id)
    assert factors.add(second.id, b"age-encryption.org/v1\n sealed")
    assert [each.second_factor for each in people.members_of(session)] == [False, True]
    assert people.reset_factor(session, second.id) == "second" and factors.get(second.id) is None
    with pytest.raises(DeskError, match="Another member does this"):
        people.reset_factor(session, session.member.id)
    assert whole(site, session)[-1] == "reset_factor"


def test_members_are_listed_with_role_and_the_day_of_their_last_login(site: Site) -> None:
    site.joins("admin", role=Role.ADMIN)
    session = site.at_work()
    today = datetime.now(timezone.utc).date()
    assert [(each.name, each.role, each.last_login) for each in people.members_of(session)] == [
        ("admin", Role.ADMIN, None),
        ("olha", Role.INTAKE, today),
    ]
    police: DeskSession = site.at_work("police")
    assert police.role is Role.INVESTIGATOR
